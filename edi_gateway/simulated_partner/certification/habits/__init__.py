"""What partners do that no guide says, one scenario each; every one of them was met in real partners."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from edi_gateway.simulated_partner.certification.habits import acknowledgments, changes, deliveries, money, syntax
from edi_gateway.simulated_partner.certification.play import Play
from edi_gateway.simulated_partner.habits import ODD_DELIMITERS, Habits, ShortPayment

_OURS = frozenset(("855", "856", "810"))


class Habit(NamedTuple):
    """A habit: what the partner does, how the buyer is switched to do it, and the scenario that shows what comes of it."""

    title: str
    switched: Habits
    play: Callable[[Play], None]


HABITS: dict[str, Habit] = {
    "late-997": Habit(
        "acknowledges a day after the deadline", Habits(late_acknowledgment=timedelta(hours=48)), acknowledgments.late
    ),
    "no-997": Habit("never acknowledges our documents", Habits(no_acknowledgment=_OURS), acknowledgments.none),
    "rejecting-997": Habit("rejects our invoices", Habits(rejects=frozenset(("810",))), acknowledgments.rejecting),
    "duplicate-interchange": Habit(
        "sends an interchange twice", Habits(duplicate_interchange=True), deliveries.duplicate_interchange
    ),
    "duplicate-order": Habit(
        "sends a PO again under a new control number", Habits(duplicate_order_new_number=True), deliveries.duplicate_order
    ),
    "half-upload": Habit("uploads half a file, then all of it", Habits(half_upload=True), deliveries.half_upload),
    "wrong-counts": Habit("counts one segment too many in SE01", Habits(wrong_segment_count=True), syntax.wrong_counts),
    "odd-delimiters": Habit(
        "writes with separators nobody can see", Habits(odd_delimiters=ODD_DELIMITERS), syntax.odd_delimiters
    ),
    "change-after-confirm": Habit("changes an order it has our 855 for", Habits(), changes.after_confirmation),
    "late-cancel": Habit("cancels an order that has left", Habits(), changes.late_cancellation),
    "short-pay": Habit(
        "keeps 5.00 back of every invoice", Habits(short_pay=ShortPayment(amount=Decimal("5.00"))), money.short_pay
    ),
}
