"""What a file's name says: still on its way, ready, or claimed by a collector.

Three conventions, shared by every transport that moves files. A hidden name or one that ends in ``.part``, ``.tmp`` or
``.filepart`` is *in transit*: nobody collects it. A *claimed* name carries who took it and when, so that a claim outlives
the process that made it: ``po.edi~20260105T140000Z~main-5f0c9a1e.claimed``. Anything else is ready.
"""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from typing import NamedTuple

from edi_gateway.clock import Clock
from edi_gateway.errors import WrongInput

IN_TRANSIT_SUFFIXES = (".part", ".tmp", ".filepart")
LONGEST_NAME = 200  # bytes; leaves room for a claim within the 255 that file systems allow
_CLAIM = re.compile(r"(?P<name>.+)~(?P<at>\d{8}T\d{6}Z)~(?P<owner>\w{1,32})-[0-9a-f]{8}\.claimed", re.DOTALL)


class Claim(NamedTuple):
    """A claimed name taken apart: the file's own name, when it was claimed (UTC) and by whom."""

    name: str
    at: datetime
    owner: str


class Claims:
    """Names claims for one collector and judges the claims it meets.

    ``owner`` is who claims; a collector that keeps its owner over a restart gets its unfinished files back at once, others
    get them when the claim is older than ``lasts`` seconds.
    """

    def __init__(self, owner: str, lasts: float, clock: Clock) -> None:
        self.owner = owner or secrets.token_hex(6)
        if not re.fullmatch(r"\w{1,32}", self.owner):
            raise WrongInput(f"{owner!r} cannot own a claim", do="use 1 to 32 letters, digits or underscores")
        self._lasts = timedelta(seconds=lasts)
        self._clock = clock

    def new_name(self, name: str) -> str:
        """A name for ``name`` once claimed; no two claims share one."""
        return f"{name}~{self._clock.now():%Y%m%dT%H%M%SZ}~{self.owner}-{secrets.token_hex(4)}.claimed"

    def is_ours(self, claim: Claim) -> bool:
        """Whether this collector made the claim."""
        return claim.owner == self.owner

    def is_open(self, claim: Claim) -> bool:
        """Whether this collector may go on with the file: its own claim, or one whose owner has been silent too long."""
        return self.is_ours(claim) or abs(self._clock.now() - claim.at) >= self._lasts


def read_claim(file_name: str) -> Claim | None:
    """Takes a claimed name apart; None for a name that is no claim."""
    match = _CLAIM.fullmatch(file_name)
    if match is None:
        return None
    try:
        at = datetime.strptime(match["at"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
    return Claim(match["name"], at, match["owner"])


def in_transit(name: str) -> bool:
    """Whether the name says that the file is not complete yet."""
    return name.startswith(".") or name.lower().endswith(IN_TRANSIT_SUFFIXES)


def matches(name: str, pattern: str) -> bool:
    """Whether a name fits a shell-style pattern, whatever the case: ``*.edi`` also takes ``PO.EDI``."""
    return fnmatchcase(name.lower(), pattern.lower())


def oddity(name: str) -> str | None:
    """What makes a name unfit for a file anywhere (a separator, a control character, its length); None when it is fit."""
    if name in ("", ".", ".."):
        return "is not a file name"
    if any(mark in name for mark in "/\\\0"):
        return "holds a path separator or NUL"
    if not name.isprintable() or name != name.strip():
        return "holds unprintable characters or outer spaces"
    try:
        size = len(name.encode())
    except UnicodeEncodeError:
        return "is not valid Unicode"
    return f"is {size} bytes long, {LONGEST_NAME} are allowed" if size > LONGEST_NAME else None


def is_no_file_name(name: str) -> bool:
    """Whether no file of one folder can be called so, whatever a server says."""
    return name in ("", ".", "..") or "/" in name or "\0" in name


def fit(name: str) -> str:
    """The name a file is collected under: its own, or, where that is odd, one in which what is odd is spelled out.

    ``Bestell\\udcfcng.edi``, which is a name in latin-1, becomes ``Bestell%FCng.edi``; of one that is too long the end stays.
    """
    if oddity(name) is None:
        return name
    decent = (mark if mark.isprintable() and mark not in "/\\" else _spelled(mark) for mark in name)
    return "".join(decent).encode()[-LONGEST_NAME:].decode(errors="ignore").strip(" .") or "_"


def _spelled(mark: str) -> str:
    return "".join(f"%{byte:02X}" for byte in mark.encode(errors="surrogateescape"))


def check_name_to_send(name: str) -> None:
    """Raises WrongInput for a name that cannot or must not be sent under."""
    why = oddity(name) or ("would never be collected, it says that it is still on its way" if in_transit(name) else None)
    if why:
        raise WrongInput(f"the file name {name!r} {why}", do="choose another name for the payload")
