"""Terms: how a partner wants a kind of group answered."""

from __future__ import annotations

from datetime import date

from edi_gateway.trading.profile import AcknowledgmentTerms, TradingPartner
from edi_gateway.x12 import standard


def terms_for(partner: TradingPartner, code: str, release: str, on: date) -> AcknowledgmentTerms:
    """The terms of the agreement for sets of this functional code and release on a day, or of the one that comes nearest.

    What is nowhere agreed gets an answer in the usual form.
    """
    received = [one for one in partner.agreements if one.direction == "in" and one.holds_on(on)]
    agreed = [one for one in received if standard.group_code(one.set) == code]
    exact = [one for one in agreed if one.release == release] or [one for one in agreed if one.release == release[:6]]
    chosen = next(iter(exact or agreed or received), None)
    return chosen.acknowledgment if chosen else AcknowledgmentTerms()
