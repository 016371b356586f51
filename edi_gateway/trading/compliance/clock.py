"""By when an answer of ours is due, and when it is too early: as the partner's pack says, else as its profile does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from edi_gateway.trading.compliance.pack import AnswerClock, CompliancePack, Invoicing, ShipNoticeClock
from edi_gateway.trading.profile import TradingPartner
from edi_gateway.trading.terms import CountedIn

RULE_OF = {"855": "R04", "856": "R09", "810": "R20"}
"""Which rule is broken when an answer is late."""


class _Term(NamedTuple):
    within: timedelta | None
    counted_in: CountedIn


def due(partner: TradingPartner, pack: CompliancePack, code: str, since: datetime) -> datetime | None:
    """When an 855, 856 or 810 has to have left that is owed ``since`` then; None where no deadline is known."""
    own = _own(partner, pack, code, since)
    if own:
        return min(own)
    within, counted_in = _usual(partner, code)
    return None if within is None else partner.deadline(since, within, counted_in)


def earliest(pack: CompliancePack, leaves_at: datetime) -> datetime | None:
    """Before when an 856 is too early (R09) of goods that leave then; None where they take it any time before."""
    terms = pack.rules.R09
    return None if terms.not_earlier_than is None else leaves_at - terms.not_earlier_than


def half_time(partner: TradingPartner, pack: CompliancePack, code: str, since: datetime) -> datetime | None:
    """When half the time for it is over, counted as the deadline is."""
    if own := _own(partner, pack, code, since):
        return since + (min(own) - since) / 2
    within, counted_in = _usual(partner, code)
    return None if within is None else partner.deadline(since, within / 2, counted_in)


def _own(partner: TradingPartner, pack: CompliancePack, code: str, since: datetime) -> list[datetime]:
    """The deadlines the pack names."""
    terms = pack.terms(RULE_OF[code])
    if terms.does == "off" or not isinstance(terms, AnswerClock | ShipNoticeClock | Invoicing):
        return []
    found = [since.astimezone(UTC) + terms.within] if terms.within is not None else []
    if isinstance(terms, ShipNoticeClock) and terms.next_day_by is not None:
        zone = ZoneInfo(partner.time_zone)
        next_day = since.astimezone(zone).date() + timedelta(days=1)
        found.append(datetime.combine(next_day, terms.next_day_by, zone).astimezone(UTC))
    return found


def _usual(partner: TradingPartner, code: str) -> _Term:
    answers = partner.answers
    return {
        "855": _Term(answers.order_acknowledgment_within, answers.order_acknowledgment_counted_in),
        "856": _Term(answers.ship_notice_within, answers.ship_notice_counted_in),
        "810": _Term(answers.invoice_within, answers.invoice_counted_in),
    }[code]
