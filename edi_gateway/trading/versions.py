"""What a profile comes to, in one canonical form, and the version that names it.

Two files that say the same in other words (a default written out, ``24h`` for ``1d``, another order of keys, comments) have the
same version; any difference in meaning makes another one.
"""

from __future__ import annotations

import json
from hashlib import sha256
from weakref import ref

from pydantic import ValidationError

from edi_gateway.errors import WrongInput
from edi_gateway.trading.base import Terms
from edi_gateway.trading.profile import TradingPartner

_KEPT: dict[int, tuple[ref[TradingPartner], str]] = {}


def to_json(profile: Terms) -> str:
    """The effective profile (or connection, or identity), defaults included, as JSON with sorted keys and no blanks."""
    return json.dumps(profile.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def from_json(text: str) -> TradingPartner:
    """The profile that ``to_json`` wrote. Raises WrongInput if the text is none."""
    try:
        return TradingPartner.model_validate_json(text)
    except ValidationError as error:
        raise WrongInput(f"is no partner profile: {error.errors()[0]['msg']}") from None


def profile_version(partner: TradingPartner) -> str:
    """SHA-256 of the canonical profile, 64 hex digits; documents remember the version they were handled under.

    Kept for as long as the profile is: every set and document asks, and writing the profile out was a tenth of a small order.
    """
    kept, version = _KEPT.get(id(partner), (None, ""))
    if kept is None or kept() is not partner:  # an id may be another object's by now
        version = version_of(to_json(partner))
        _KEPT[id(partner)] = (ref(partner), version)
    return version


def version_of(canonical: str) -> str:
    """The version that names a canonical text."""
    return sha256(canonical.encode()).hexdigest()
