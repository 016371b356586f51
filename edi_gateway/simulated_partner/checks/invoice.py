"""An 810 against the order and its ship notices: what was shipped, at the price agreed, added up to the cent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from edi_gateway.documents.invoice import Invoice, InvoiceLine
from edi_gateway.documents.order import Order
from edi_gateway.documents.price import line_amount
from edi_gateway.simulated_partner.checks.about import About
from edi_gateway.simulated_partner.checks.confirmation import agreed_price
from edi_gateway.simulated_partner.checks.echo import account_of, check_header, check_line, unknown_line
from edi_gateway.simulated_partner.complaint import Complaint, Kind
from edi_gateway.simulated_partner.ledger import Ledger, OrderAccount, items_of
from edi_gateway.trading.profile import TradingPartner


def check_invoice(ledger: Ledger, partner: TradingPartner, invoice: Invoice) -> Iterator[Complaint]:
    """Everything wrong with an invoice. Call it before the ledger knows of it."""
    about = About(f"invoice {invoice.number}", invoice.order_number)
    if invoice.number in ledger.invoices:
        yield about.complain(Kind.INVOICE_REPEATED, "there is an invoice of this number already")
        return
    account = account_of(ledger, about)
    if isinstance(account, Complaint):
        yield account
        return
    yield from check_header(account, about, invoice, invoice.ship_to)
    yield from _check_quantities(ledger, partner, account, about, invoice)
    for line in invoice.lines:
        yield from _check_line(account, about, line)
    yield from _check_total(about, invoice)
    yield from _check_conditions(account.order, partner, about, invoice)


def amount_due(invoice: Invoice) -> Decimal:
    """What the invoice comes to by its own lines: each to the cent, charges and taxes added, allowances taken off."""
    lines = sum((_amount(line) for line in invoice.lines), Decimal(0))
    charges = (*invoice.charges, *(charge for line in invoice.lines for charge in line.charges))
    signed = sum((charge.signed for charge in charges), Decimal(0))
    taxes = (*invoice.taxes, *(tax for line in invoice.lines for tax in line.taxes))
    return lines + signed + sum((tax.amount or Decimal(0) for tax in taxes), Decimal(0))


def _amount(line: InvoiceLine) -> Decimal:
    return line_amount(line.quantity, line.unit_price, line.price_basis)


def _check_total(about: About, invoice: Invoice) -> Iterator[Complaint]:
    due = amount_due(invoice)
    if invoice.total != due:
        yield about.complain(Kind.INVOICE_TOTAL, f"it asks for {invoice.total}, and its lines come to {due}")


def _check_line(account: OrderAccount, about: About, line: InvoiceLine) -> Iterator[Complaint]:
    ordered = account.line(line.number)
    if ordered is None:
        yield unknown_line(about, account, line.number)
        return
    yield from check_line(about, ordered, line.item_ids, line.unit)
    price = agreed_price(account, ordered)
    if price is not None and line.unit_price != price:
        yield about.complain(Kind.INVOICE_PRICE, f"line {line.number} costs {line.unit_price}, {price} is agreed")


def _check_quantities(
    ledger: Ledger, partner: TradingPartner, account: OrderAccount, about: About, invoice: Invoice
) -> Iterator[Complaint]:
    """Billed is what was shipped: just that of the shipment it names, never more than all shipments of the order."""
    if partner.answers.ship_notice and not account.notices:
        if partner.answers.invoice_after_ship_notice:
            yield about.complain(Kind.INVOICE_BEFORE_SHIPMENT, "it came before any ship notice of the order")
        return
    notice = ledger.shipments.get(invoice.shipment) if invoice.shipment else None
    in_shipment: defaultdict[str, Decimal] = defaultdict(Decimal)
    for item in items_of(notice, invoice.order_number) if notice else ():
        in_shipment[item.line_number] += item.quantity
    for number, quantity in _quantities(invoice).items():
        billed, shipped = account.billed(number) + quantity, account.shipped(number)
        if partner.answers.ship_notice and billed > shipped:
            yield about.complain(Kind.INVOICE_QUANTITY, f"line {number}: {billed} billed in all, {shipped} shipped")
        elif notice and quantity != in_shipment[number]:
            yield about.complain(
                Kind.INVOICE_QUANTITY,
                f"line {number}: {quantity} billed for shipment {invoice.shipment}, which held {in_shipment[number]}",
            )


def _quantities(invoice: Invoice) -> dict[str, Decimal]:
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for line in invoice.lines:
        sums[line.number] += line.quantity
    return dict(sums)


def _check_conditions(order: Order, partner: TradingPartner, about: About, invoice: Invoice) -> Iterator[Complaint]:
    """Currency, terms and charges are those of the order."""
    currency = order.currency or partner.currency
    if invoice.currency and invoice.currency != currency:
        yield about.complain(Kind.INVOICE_CURRENCY, f"it is in {invoice.currency}, the order in {currency}")
    agreed = {(charge.kind, charge.code) for charge in (*order.charges, *(c for line in order.lines for c in line.charges))}
    for charge in (*invoice.charges, *(c for line in invoice.lines for c in line.charges)):
        if charge.kind == "charge" and (charge.kind, charge.code) not in agreed:
            yield about.complain(Kind.INVOICE_CHARGE, f"{charge.code or 'a charge'} of {charge.amount} is not on the order")
    ours, theirs = order.terms, invoice.terms
    if ours and theirs:
        fields = ("discount_percent", "discount_days", "net_days")
        if [getattr(ours, name) for name in fields] != [getattr(theirs, name) for name in fields]:
            yield about.complain(Kind.INVOICE_TERMS, "its terms of payment are not those of the order")
