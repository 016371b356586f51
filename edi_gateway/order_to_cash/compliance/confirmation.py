"""R07: how much of what is ordered of an item we confirm."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from edi_gateway.documents.order import Order, OrderLine
from edi_gateway.order_to_cash.thread import OrderThread


class ConfirmationRate(NamedTuple):
    """Of so much ordered and decided on, so much was confirmed; in the unit of the orders."""

    item: str
    ordered: Decimal
    confirmed: Decimal

    def is_below(self, least_percent: Decimal) -> bool:
        """Whether it is less than they take; exactly that much is enough."""
        return self.confirmed * 100 < self.ordered * least_percent


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


def _item(line: OrderLine) -> str:
    name = f"{line.item_ids[0].qualifier} {line.item_ids[0].id}" if line.item_ids else line.description or "(no id)"
    return f"{name} in {line.unit}" if line.unit else name
