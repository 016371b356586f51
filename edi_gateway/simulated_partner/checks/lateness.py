"""Answers that are late: those that came after their deadline, and those that have not come though it has passed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from edi_gateway.simulated_partner.checks.about import About
from edi_gateway.simulated_partner.complaint import Complaint, Kind
from edi_gateway.simulated_partner.ledger import Ledger
from edi_gateway.trading.profile import TradingPartner


def late_confirmations(ledger: Ledger, partner: TradingPartner, now: datetime) -> Iterator[Complaint]:
    """Orders whose 855 took longer than agreed, by ``now`` where it has not come yet."""
    if not partner.answers.order_acknowledgment:
        return
    within = partner.answers.order_acknowledgment_within
    for number, account in ledger.orders.items():
        took = (account.confirmed_at or now) - account.sent_at
        if took > within:
            state = "came after" if account.confirmed_at else "has not come in"
            about = About(f"order acknowledgment {number}", number)
            yield about.complain(Kind.CONFIRMATION_LATE, f"it {state} {in_words(took)}, {in_words(within)} are agreed")


def in_words(span: timedelta) -> str:
    """A span of time as people say it."""
    minutes = round(span.total_seconds() / 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"
