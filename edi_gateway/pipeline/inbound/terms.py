"""Terms: how a partner wants a kind of group answered."""

from __future__ import annotations

from datetime import date

from edi_gateway.trading.directory import USAGES
from edi_gateway.trading.profile import AcknowledgmentTerms, Agreement, TradingPartner
from edi_gateway.x12 import standard


def agreed_for(partner: TradingPartner, code: str, usage: str, on: date) -> list[Agreement]:
    """What is agreed on a day for sets of this functional code that come in under a usage (ISA15); where that is nothing, under
    another one."""
    return _of_usage([one for one in _received(partner, on) if standard.group_code(one.set) == code], usage)


def terms_for(partner: TradingPartner, code: str, release: str, usage: str, on: date) -> AcknowledgmentTerms:
    """The terms of the agreement for sets of this functional code, release and usage (ISA15) on a day, or of the one that comes
    nearest.

    What is nowhere agreed gets an answer in the usual form.
    """
    agreed = agreed_for(partner, code, usage, on)
    exact = [one for one in agreed if one.release == release] or [one for one in agreed if one.release == release[:6]]
    chosen = next(iter(exact or agreed or _of_usage(_received(partner, on), usage)), None)
    return chosen.acknowledgment if chosen else AcknowledgmentTerms()


def _received(partner: TradingPartner, on: date) -> list[Agreement]:
    return [one for one in partner.agreements if one.direction == "in" and one.holds_on(on)]


def _of_usage(agreed: list[Agreement], usage: str) -> list[Agreement]:
    return [one for one in agreed if one.usage == USAGES.get(usage)] or agreed
