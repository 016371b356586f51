"""The 810 drafted from the 850, the 856 and what was billed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec

from edi_gateway.documents.base import Charge
from edi_gateway.documents.invoice import Invoice, InvoiceLine
from edi_gateway.documents.order import Order
from edi_gateway.documents.party import Party
from edi_gateway.documents.ship_notice import ShipNotice
from edi_gateway.order_to_cash.facts import Billed, BilledLine
from edi_gateway.order_to_cash.money import line_amount, to_cent, total
from edi_gateway.order_to_cash.turnaround.lines import line_of


def draft_invoice(
    order: Order,
    billed: Billed,
    notice: ShipNotice | None,
    *,
    today: date,
    currency: str = "",
    charges: Literal["none", "in proportion"] = "none",
    billed_before: Decimal = Decimal(0),
    remit_to: Party | None = None,
) -> Invoice:
    """The invoice for one shipment: quantities billed × price, each line to the cent, terms as the order stated them.

    ``charges="in proportion"`` takes over the order's allowances and charges (SAC), each by the share of the order billed here;
    ``billed_before`` is the sum of lines on its earlier invoices, so that the shares of all invoices add up exactly.
    ``currency`` stands in where the order names none. Raises NeedsPerson when a billed line is not on the order.
    """
    lines = tuple(_line(order, line) for line in billed.lines)
    net = total([line.amount for line in lines])
    shares = _shares(order, billed_before, billed_before + net) if charges == "in proportion" else ()
    return Invoice(
        number=billed.invoice,
        invoiced_on=today,
        order_number=order.number,
        ordered_on=order.ordered_on,
        release_number=order.release_number,
        currency=order.currency or currency,
        department=order.department,
        vendor_number=order.vendor_number,
        shipment=billed.shipment,
        bill_of_lading=notice.bill_of_lading if notice else "",
        shipped_on=notice.shipped_on if notice else None,
        carrier=notice.carrier if notice else None,
        ship_to=order.ship_to,
        bill_to=order.bill_to,
        remit_to=remit_to,
        references=order.references,
        terms=order.terms,
        freight=order.freight,
        charges=shares,
        lines=lines,
        total=invoice_total(lines, shares),
    )


def invoice_total(lines: tuple[InvoiceLine, ...], charges: tuple[Charge, ...]) -> Decimal:
    """What is to be paid (TDS01): lines + charges − allowances."""
    signed = [-charge.amount if charge.kind == "allowance" else charge.amount for charge in charges]
    return total([line.amount for line in lines]) + total(signed)


def _line(order: Order, billed: BilledLine) -> InvoiceLine:
    line = line_of(order, billed.line_number)
    return InvoiceLine(
        number=line.number,
        quantity=billed.quantity,
        unit=line.unit,
        unit_price=billed.unit_price,
        price_basis=line.price_basis,
        amount=line_amount(billed.quantity, billed.unit_price, line.price_basis),
        item_ids=line.item_ids,
        description=line.description,
    )


def _shares(order: Order, before: Decimal, after: Decimal) -> tuple[Charge, ...]:
    """Each charge's share between two running sums; rounding the running share, not each one, loses no cent."""
    ordered = total([line_amount(line.quantity, line.unit_price or Decimal(0), line.price_basis) for line in order.lines])
    if not ordered:
        return ()
    every = (*order.charges, *(charge for line in order.lines for charge in line.charges))
    shares = ((charge, to_cent(charge.amount * after / ordered) - to_cent(charge.amount * before / ordered)) for charge in every)
    return tuple(msgspec.structs.replace(charge, amount=share) for charge, share in shares if share)
