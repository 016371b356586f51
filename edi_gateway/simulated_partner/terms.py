"""What was agreed, seen from the buyer's side: what the supplier receives is what the buyer sends."""

from __future__ import annotations

from edi_gateway.errors import WrongInput
from edi_gateway.trading.profile import Agreement, Direction, TradingPartner, Usage


def agreement_for(partner: TradingPartner, code: str, direction: Direction, usage: Usage) -> Agreement | None:
    """The agreement for a set; ``direction`` is the supplier's, as its files have it."""
    for agreement in partner.agreements:
        if (agreement.set, agreement.direction, agreement.usage) == (code, direction, usage):
            return agreement
    return None


def agreed(partner: TradingPartner, code: str, direction: Direction, usage: Usage) -> Agreement:
    """The same, where there must be one. Raises WrongInput where there is none."""
    found = agreement_for(partner, code, direction, usage)
    if found is None:
        way = "sends" if direction == "in" else "gets"
        what = f"nothing is agreed under which {partner.name} {way} a {code} in {usage}"
        raise WrongInput(what, do="add the agreement to the partner's file")
    return found
