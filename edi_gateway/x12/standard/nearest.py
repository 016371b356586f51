"""Which definition to hold a set against when its release is written in a partner's own way, or is one we do not have."""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec

from edi_gateway.x12.standard.load import load, releases, sets
from edi_gateway.x12.standard.model import TransactionSetDefinition

_RELEASE = re.compile(r"00?(\d)(\d\d)(\d?)")


class Nearest(msgspec.Struct, frozen=True):
    """A definition to use, whether it is that of the release as written, and why it was taken."""

    definition: TransactionSetDefinition
    exact: bool
    why: str


@lru_cache(maxsize=512)
def nearest(set_code: str, release_as_written: str) -> Nearest | None:
    """The definition for a set and a GS08 as it stood; None for a set that is in no release.

    An industry suffix says nothing of the release (``004010VICS`` is 004010). Up to 004xxx the nearest is 004010, from 005000 on
    it is 005010; findings against another release than the document's own mean less, so ``exact`` is False then.
    """
    having = [release for release in releases() if set_code in sets(release)]
    if not having:
        return None
    written = release_as_written.strip()
    base = written[:6]
    if base in having:
        suffix = written[6:]
        return Nearest(load(set_code, base), True, f"{base}, suffix {suffix} aside" if suffix else base)
    taken = _closest(written, having)
    said = f"release {written!r}" if written else "a set without release"
    return Nearest(load(set_code, taken), False, f"{said} is held against {taken}")


def agreed(set_code: str, release_as_written: str, release: str) -> Nearest | None:
    """The definition of the release that is agreed on for sets of a release we have none of; None for a set not in it."""
    if set_code not in sets(release):
        return None
    why = f"release {release_as_written.strip()!r} is held against {release}, as agreed"
    return Nearest(load(set_code, release), False, why)


def _closest(written: str, having: list[str]) -> str:
    known = _RELEASE.match(written)
    wanted = "004010" if known is None or int(known[1]) < 5 else "005010"
    return wanted if wanted in having else having[-1]
