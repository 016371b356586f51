"""The money of invoices by order line: each line's share of what was remitted, paid, deducted and is open, to the cent."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import accumulate, pairwise

import msgspec

from edi_gateway.documents.base import Value
from edi_gateway.documents.invoice import Invoice
from edi_gateway.order_to_cash.money import shares
from edi_gateway.order_to_cash.receivable import Receivable


class LineMoney(Value, frozen=True, kw_only=True):
    """Charges and allowances of an invoice are shared out with its lines: the lines of an order add up to its receivables.

    And each by itself: ``billed`` = open + paid + discount + deducted + credited; ``claimed`` is a part of what is open.
    """

    billed: Decimal = Decimal("0.00")
    remitted: Decimal = Decimal("0.00")
    paid: Decimal = Decimal("0.00")
    discount: Decimal = Decimal("0.00")
    deducted: Decimal = Decimal("0.00")
    claimed: Decimal = Decimal("0.00")
    credited: Decimal = Decimal("0.00")
    open: Decimal = Decimal("0.00")


def line_money(invoices: Iterable[Invoice], receivables: Iterable[Receivable]) -> dict[str, LineMoney]:
    """By line number. A remittance names invoices, not lines: within an invoice, money goes by the share of the line's amount."""
    known = {receivable.invoice: receivable for receivable in receivables}
    money: dict[str, LineMoney] = {}
    for invoice in invoices:
        if (receivable := known.get(invoice.number)) is not None:
            for number, share in _shares(invoice, receivable).items():
                money[number] = _added(money.get(number, LineMoney()), share)
    return money


def store_money(receivables: Iterable[Receivable]) -> dict[tuple[str, str], LineMoney]:
    """The same by line and store, for an order of many stores (SDQ); what is for no one store stands under ""."""
    money: dict[tuple[str, str], LineMoney] = {}
    for receivable in receivables:
        for one, share in zip(receivable.shares, _by(receivable, [each.amount for each in receivable.shares]), strict=True):
            money[one.line, one.store] = _added(money.get((one.line, one.store), LineMoney()), share)
    return money


def _shares(invoice: Invoice, receivable: Receivable) -> dict[str, LineMoney]:
    found: dict[str, LineMoney] = {}
    for line, share in zip(invoice.lines, _by(receivable, [line.amount for line in invoice.lines]), strict=True):
        found[line.number] = _added(found.get(line.number, LineMoney()), share)
    return found


def _by(receivable: Receivable, amounts: list[Decimal]) -> list[LineMoney]:
    """The money of a receivable, shared out by the size of amounts: part after part, each as what it adds to those before.

    So the parts of a line come to what is billed of it, and what is nothing of the whole is nothing of a line.
    """
    coming = receivable.remitted - receivable.paid
    parts = [getattr(receivable, name) for name in ("credited", "discount", "deducted", "claimed", "unremitted")]
    sums = [shares(sum_, amounts) for sum_ in accumulate([*parts, coming, receivable.paid])]
    return [_money(*(after - before for before, after in pairwise((Decimal(0), *steps)))) for steps in zip(*sums, strict=True)]


def _money(
    credited: Decimal, discount: Decimal, deducted: Decimal, claimed: Decimal, unremitted: Decimal, coming: Decimal, paid: Decimal
) -> LineMoney:
    open_ = claimed + unremitted + coming
    return LineMoney(
        billed=open_ + paid + discount + deducted + credited,
        remitted=coming + paid,
        paid=paid,
        discount=discount,
        deducted=deducted,
        claimed=claimed,
        credited=credited,
        open=open_,
    )


def _added(one: LineMoney, other: LineMoney) -> LineMoney:
    return LineMoney(**{name: value + getattr(other, name) for name, value in msgspec.structs.asdict(one).items()})
