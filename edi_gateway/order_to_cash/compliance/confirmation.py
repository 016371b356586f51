"""R07: how much of what is ordered of an item we confirm, as it stands and as the next 855 would make it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from edi_gateway.documents.order import Order, OrderLine
from edi_gateway.documents.order_acknowledgment import OrderAcknowledgment
from edi_gateway.order_to_cash.progress import confirm
from edi_gateway.order_to_cash.thread import OrderThread


class ConfirmationRate(NamedTuple):
    """Of so much ordered and decided on, so much was confirmed; in the unit of the orders."""

    item: str
    ordered: Decimal
    confirmed: Decimal

    def is_below(self, least_percent: Decimal) -> bool:
        """Whether it is less than they take; exactly that much is enough."""
        return self.confirmed * 100 < self.ordered * least_percent

    def is_halfway(self, least_percent: Decimal) -> bool:
        """Whether more than half of what they bear is used up: below 90%, where 80% is the least they take."""
        return self.is_below((100 + least_percent) / 2)


def confirmation_rates(orders: Iterable[tuple[Order, OrderThread]]) -> list[ConfirmationRate]:
    """One for each item and unit, by the first id the buyer names it by; lines nobody has decided on are not counted."""
    sums: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for order, thread in orders:
        for line in order.lines:
            balance = thread.line(line.number)
            if balance is not None and balance.ordered and not balance.undecided:
                sums[_item(line)][0] += balance.ordered
                sums[_item(line)][1] += balance.confirmed
    return [ConfirmationRate(item, *sums[item]) for item in sorted(sums)]


def not_in_full(order: Order, thread: OrderThread, answer: OrderAcknowledgment) -> set[str]:
    """The items of which an 855 leaves something unconfirmed: nothing else can make a rate worse."""
    after = confirm(thread, answer).thread
    lines = ((line, after.line(line.number)) for line in order.lines)
    return {_item(line) for line, balance in lines if balance is not None and balance.confirmed < balance.ordered}


def projected_rates(
    others: Iterable[tuple[Order, OrderThread]], order: Order, thread: OrderThread, answer: OrderAcknowledgment
) -> tuple[ConfirmationRate, ...]:
    """The rates as they would be with this 855, of the items it does not confirm in full; ``others`` are the other orders."""
    short = not_in_full(order, thread, answer)
    rates = confirmation_rates([*others, (order, confirm(thread, answer).thread)])
    return tuple(rate for rate in rates if rate.item in short)


def _item(line: OrderLine) -> str:
    name = f"{line.item_ids[0].qualifier} {line.item_ids[0].id}" if line.item_ids else line.description or "(no id)"
    return f"{name} in {line.unit}" if line.unit else name
