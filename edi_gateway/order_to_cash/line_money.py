"""The money of invoices by order line: each line's share of what was remitted, paid, deducted and is open, to the cent."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import msgspec

from edi_gateway.documents.base import Value
from edi_gateway.documents.invoice import Invoice
from edi_gateway.order_to_cash.money import to_cent, total
from edi_gateway.order_to_cash.receivable import Receivable


class LineMoney(Value, frozen=True, kw_only=True):
    """Charges and allowances of an invoice are shared out with its lines: the lines of an order add up to its receivables."""

    billed: Decimal = Decimal("0.00")
    remitted: Decimal = Decimal("0.00")
    paid: Decimal = Decimal("0.00")
    discount: Decimal = Decimal("0.00")
    deducted: Decimal = Decimal("0.00")
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


def _shares(invoice: Invoice, receivable: Receivable) -> dict[str, LineMoney]:
    amounts = {
        "billed": receivable.amount,
        **{name: getattr(receivable, name) for name in ("remitted", "paid", "discount", "deducted", "open")},
    }
    lines = total([line.amount for line in invoice.lines])
    found: dict[str, LineMoney] = {}
    before = Decimal(0)
    for line in invoice.lines:
        after = before + line.amount
        shares = {name: _share(amount, after, lines) - _share(amount, before, lines) for name, amount in amounts.items()}
        found[line.number] = _added(found.get(line.number, LineMoney()), LineMoney(**shares))
        before = after
    return found


def _share(amount: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    """Of a running sum, so that no cent is lost between the lines."""
    return to_cent(amount * part / whole) if whole else Decimal(0)


def _added(one: LineMoney, other: LineMoney) -> LineMoney:
    return LineMoney(**{name: value + getattr(other, name) for name, value in msgspec.structs.asdict(one).items()})
