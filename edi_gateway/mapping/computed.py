"""Named totals: what a map writes that is computed from a whole document, not taken from one field of it.

``TDS01: {as: invoice total}`` stands without ``from``; the total is written the way its element wants it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from edi_gateway.documents.base import Charge, Value
from edi_gateway.documents.invoice import Invoice
from edi_gateway.documents.order import Order
from edi_gateway.documents.price import line_amount


@dataclass(frozen=True)
class Computed:
    """A total over the documents of type ``of``; None where there is nothing to say."""

    name: str
    of: type[Value]
    total: Callable[[Any], Decimal | None]


def charged(charges: tuple[Charge, ...]) -> Decimal:
    """Charges less allowances."""
    return sum((charge.signed for charge in charges), Decimal(0))


def order_total(order: Order) -> Decimal | None:
    """Lines by their price and its basis, charges less allowances of lines and heading; None if a line has no price."""
    if any(line.unit_price is None for line in order.lines):
        return None
    lines = [line_amount(line.quantity, line.unit_price or Decimal(0), line.price_basis) for line in order.lines]
    return sum(lines, Decimal(0)) + charged(order.charges) + sum((charged(line.charges) for line in order.lines), Decimal(0))


def lines_total(invoice: Invoice) -> Decimal:
    """What the lines of an invoice come to, before charges, allowances and taxes."""
    return sum((line.amount for line in invoice.lines), Decimal(0))


def invoice_total(invoice: Invoice) -> Decimal:
    """Lines, charges less allowances, and taxes: TDS01 as the lines have it, to the cent."""
    taxes = [tax.amount or Decimal(0) for tax in (*invoice.taxes, *(tax for line in invoice.lines for tax in line.taxes))]
    charges = charged(invoice.charges) + sum((charged(line.charges) for line in invoice.lines), Decimal(0))
    return lines_total(invoice) + charges + sum(taxes, Decimal(0))


def units_total(document: Order | Invoice) -> Decimal:
    """The quantities of all lines added up."""
    return sum((line.quantity for line in document.lines), Decimal(0))


COMPUTED: dict[str, Computed] = {
    one.name: one
    for one in (
        Computed("order total", Order, order_total),
        Computed("invoice total", Invoice, invoice_total),
        Computed("lines total", Invoice, lines_total),
        Computed("units total", Invoice, units_total),
    )
}
