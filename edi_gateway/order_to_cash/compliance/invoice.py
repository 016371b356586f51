"""What is checked of an 810."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from edi_gateway.documents.invoice import Invoice
from edi_gateway.documents.order import Order
from edi_gateway.order_to_cash.compliance.breach import NOTHING, Around, Breach, Breaches
from edi_gateway.order_to_cash.compliance.echo import line_of, r18_item_ids, r24_echo, r24_ship_to
from edi_gateway.order_to_cash.credit import is_credit
from edi_gateway.order_to_cash.money import USUAL as TO_THE_CENT
from edi_gateway.order_to_cash.money import Rounding, basis_is_known, exact_amount, price_of_one, rounded, total
from edi_gateway.order_to_cash.thread import OrderThread
from edi_gateway.order_to_cash.turnaround.consolidated import shipments_of
from edi_gateway.order_to_cash.turnaround.terms import as_ordered
from edi_gateway.trading.compliance.pack import Does, Rules

_NO_PRICES: Mapping[str, Decimal] = {}
USUAL = Rules()


def check_invoice(
    order: Order,
    thread: OrderThread,
    invoice: Invoice,
    *,
    rules: Rules = USUAL,
    around: Around = NOTHING,
    agreed_prices: Mapping[str, Decimal] = _NO_PRICES,
    after_ship_notice: bool = True,
    charges_allowed: bool = True,
    rounding: Rounding = TO_THE_CENT,
) -> tuple[Breach, ...]:
    """The breaches of an 810 against the order and its thread as it stood before this invoice.

    ``rules`` are the parameters of the partner's pack. ``agreed_prices`` by line number go before the order's own price, on the
    basis of the line; they are needed where the order names none. A credit note bills nothing: it is held against its number,
    its sums and what it echoes.
    """
    if is_credit(invoice):
        return (
            *r21_new_number(invoice, around.number_used),
            *r23_lines(invoice, rounding),
            *r23_total(invoice),
            *r24_header(order, invoice),
        )
    return (
        *(each for one in _by_shipment(invoice) for each in r20_after_shipment(thread, one, after_ship_notice)),
        *r21_new_number(invoice, around.number_used),
        *r22_quantities(thread, invoice),
        *r22_prices(order, invoice, agreed_prices),
        *r22_terms(order, invoice),
        *r23_lines(invoice, rounding),
        *r23_total(invoice),
        *r23_charges_allowed(invoice, charges_allowed),
        *_r18(order, invoice, rules.R18.gtin),
        *r24_header(order, invoice),
    )


def _by_shipment(invoice: Invoice) -> list[Invoice]:
    """The invoice as that of each of its shipments."""
    return [msgspec.structs.replace(invoice, shipment=each) for each in shipments_of(invoice)] or [invoice]


def r20_after_shipment(thread: OrderThread, invoice: Invoice, after_ship_notice: bool) -> Breaches:
    """The goods have left and, where the partner wants that, the 856 has said so."""
    told = {shipment.number: shipment for shipment in thread.shipments}
    if invoice.shipment in told:
        if invoice.invoiced_on < told[invoice.shipment].shipped_on:
            message = f"invoiced on {invoice.invoiced_on}, shipped on {told[invoice.shipment].shipped_on}"
            yield Breach(rule="R20", message=message, place="invoice date")
    elif after_ship_notice:
        yield Breach(rule="R20", message=f"shipment {invoice.shipment or '(none named)'} was not told of yet", place="shipment")


def r21_new_number(invoice: Invoice, used_before: bool) -> Breaches:
    """The invoice number was never used before."""
    if used_before:
        yield Breach(rule="R21", message=f"invoice number {invoice.number} was used before", place="invoice number")


def r22_quantities(thread: OrderThread, invoice: Invoice) -> Breaches:
    """Every line is on the order, in its unit, and not more is billed than has shipped."""
    billed: dict[str, Decimal] = {}
    for item in invoice.lines:
        billed[item.number] = billed.get(item.number, Decimal(0)) + item.quantity
        line = thread.line(item.number)
        place = f"line {item.number}"
        if line is None:
            yield Breach(rule="R22", message="the order has no such line", place=place)
        elif item.unit != line.unit:
            yield Breach(rule="R22", message=f"billed in {item.unit}, ordered in {line.unit}", place=place)
    for number, quantity in billed.items():
        line = thread.line(number)
        if line and quantity > line.to_bill:
            stands = line.billed - line.credited + quantity
            message = f"{stands} {line.unit} billed of {line.shipped - line.returned} shipped"
            yield Breach(rule="R22", message=message, place=f"line {number}")


def r22_prices(order: Order, invoice: Invoice, agreed: Mapping[str, Decimal]) -> Breaches:
    """The price is the one agreed, compared for one unit and unrounded."""
    for item in invoice.lines:
        line = line_of(order, item.number)
        if line is None:
            continue
        price = agreed.get(item.number, line.unit_price)
        place = f"line {item.number}"
        if price is None:
            yield Breach(rule="R22", message=f"billed at {item.unit_price}, and no price was agreed", place=place)
        elif price_of_one(item.unit_price, item.price_basis) != price_of_one(price, line.price_basis):
            message = f"billed at {item.unit_price} {item.price_basis}, agreed were {price} {line.price_basis}"
            yield Breach(rule="R22", message=message.rstrip(), place=place)
        if not basis_is_known(item.price_basis):
            message = f"basis {item.price_basis} does not say how many units the price covers"
            yield Breach(rule="R22", message=message, place=place)


def r22_terms(order: Order, invoice: Invoice) -> Breaches:
    """The terms of sale (ITD) are the order's, apart from days and amounts that were worked out of them."""
    if order.terms is not None and as_ordered(invoice.terms, order.terms) != order.terms:
        yield Breach(rule="R22", message="the terms of sale are not those of the order", place="terms")


def r23_lines(invoice: Invoice, rounding: Rounding = TO_THE_CENT) -> Breaches:
    """Each line's amount is its quantity × price on its basis, to the cent as the partner rounds."""
    exact = (exact_amount(item.quantity, item.unit_price, item.price_basis) for item in invoice.lines)
    for item, right in zip(invoice.lines, rounded(exact, rounding), strict=True):
        if item.amount != right:
            message = f"{item.quantity} at {item.unit_price} {item.price_basis} is {right}, not {item.amount}"
            yield Breach(rule="R23", message=message, place=f"line {item.number}")


def r23_total(invoice: Invoice) -> Breaches:
    """Lines + charges − allowances + taxes come to the total (TDS01), to the cent; and a debit asks for money."""
    charges = (*invoice.charges, *(charge for line in invoice.lines for charge in line.charges))
    taxes = (*invoice.taxes, *(tax for line in invoice.lines for tax in line.taxes))
    right = total(
        [line.amount for line in invoice.lines]
        + [charge.signed for charge in charges]
        + [tax.amount or Decimal(0) for tax in taxes]
    )
    if invoice.total != right:
        yield Breach(rule="R23", message=f"its parts come to {right}, its total says {invoice.total}", place="total")
    elif invoice.type == "debit" and invoice.total < 0:
        yield Breach(rule="R23", message=f"its allowances are more than it bills: it comes to {invoice.total}", place="total")


def r23_charges_allowed(invoice: Invoice, allowed: bool) -> Breaches:
    """Allowances and charges (SAC) stand only where the partner takes them."""
    if not allowed and (invoice.charges or any(line.charges for line in invoice.lines)):
        yield Breach(rule="R23", message="the partner takes no allowances or charges on invoices", place="charges")


def _r18(order: Order, invoice: Invoice, gtin: Does) -> Breaches:
    for item in invoice.lines:
        if line := line_of(order, item.number):
            yield from r18_item_ids(line, item.item_ids, gtin)


def r24_header(order: Order, invoice: Invoice) -> Breaches:
    """Order number, release, department, vendor number and ship-to are echoed exactly."""
    yield from r24_echo("order number", order.number, invoice.order_number)
    yield from r24_echo("release number", order.release_number, invoice.release_number)
    yield from r24_echo("department", order.department, invoice.department)
    yield from r24_echo("vendor number", order.vendor_number, invoice.vendor_number)
    yield from r24_ship_to(order.ship_to, invoice.ship_to)
