"""Draft, for what was billed: the 810 of a shipment, or one for each store; and the credit note that takes part of one back."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from edi_gateway.documents.base import Reference
from edi_gateway.documents.invoice import Invoice
from edi_gateway.documents.ship_notice import ShipNotice
from edi_gateway.erp.base import OrderBilled, OrderCredited
from edi_gateway.errors import NeedsPerson
from edi_gateway.order_to_cash.credit import credited_invoice, is_credit, why_credited
from edi_gateway.order_to_cash.facts import Billed, BilledLine, Credited
from edi_gateway.order_to_cash.stores import store_of
from edi_gateway.order_to_cash.turnaround import draft_credit, draft_invoice
from edi_gateway.order_to_cash.turnaround.invoice import SHIPMENT
from edi_gateway.order_to_cash.turnaround.parts import invoices_apart, ordered_by_store, shipped_by_store, store_party
from edi_gateway.pipeline.outbound.billing import billing_terms, invoice_policy_of, rounding_of
from edi_gateway.pipeline.outbound.drafting import Drafted, Drafting, drafting_of, party
from edi_gateway.pipeline.outbound.originals import rejected_first
from edi_gateway.pipeline.outbound.their_stores import lines_in_their_stores
from edi_gateway.pipeline.tools import Tools
from edi_gateway.store.rows import DocumentRow
from edi_gateway.store.unit import Unit


def draft_invoices(at: Drafting, event: OrderBilled) -> list[Drafted]:
    """What was billed, as one invoice or as one for each store."""
    billing = billing_terms(at.unit, at.tools, at.row)
    before = [one for one in _invoices(at) if not _is_told_again(at, one, event.invoice)]
    parts: tuple[tuple[str, Billed], ...] = (("", event),)
    if billing.stores == "apart" and any(line.stores for line in at.order.lines):
        told = msgspec.structs.replace(event, lines=lines_in_their_stores(at, event.lines))
        parts = invoices_apart(at.order, told, _rooms(at, event.shipment, before))
    made = []
    for store, part in parts:
        notices = _told_as(at, event.shipment, store)
        invoice = draft_invoice(
            at.order,
            part,
            notices[0] if notices else None,
            today=at.today,
            currency=at.partner.currency,
            policy=invoice_policy_of(billing, at.partner),
            before=before,
            remit_to=party("RE", at.ours.remit_to),
            store=store_party(at.order, store),
        )
        before.append(invoice)
        made.append(Drafted(_naming(invoice, notices), invoice.number))
    return made


def draft_credit_note(at: Drafting, event: OrderCredited) -> list[Drafted]:
    """The credit note of an invoice of this order, or of the one it went into. Raises NeedsPerson where the order has neither."""
    note = _draft_credit(at, event, billed_as(at.unit, at.row, event.invoice))
    return [Drafted(note, note.number)]


def credit_anew(unit: Unit, tools: Tools, row: DocumentRow, note: Invoice, number: str) -> Invoice:
    """A credit note drafted anew, of the invoice that what it was of became. Raises NeedsPerson as drafting it does."""
    at = drafting_of(unit, tools, unit.threads.look(row.thread_id or 0).thread.document_id)
    taken = (BilledLine(line_number=each.number, quantity=each.quantity, unit_price=each.unit_price) for each in note.lines)
    fact = Credited(at=at.now, credit=note.number, invoice=number, why=why_credited(note), lines=tuple(taken))
    return _draft_credit(at, fact, number)


def billed_as(unit: Unit, of: DocumentRow, number: str) -> str:
    """The number an invoice went out under: its own, or that of the one it was billed together with.

    ``of`` is any document of its order: whose it is, and whether it is a test.
    """
    has_it = unit.documents.claimed(of.partner, "invoice", number, usage=of.usage)
    row = unit.documents.find(has_it) if has_it else None
    return row.number if row else number


def _draft_credit(at: Drafting, fact: Credited, number: str) -> Invoice:
    invoices = _invoices(at)
    of = next((one for one in reversed(invoices) if one.number == number and not is_credit(one)), None)
    if of is None:
        raise NeedsPerson(f"order {at.order.number} has no invoice {number} to credit", do="see edi-gateway invoice list")
    notes = (one for one in invoices if is_credit(one) and credited_invoice(one) == of.number and one.number != fact.credit)
    rounding = rounding_of(billing_terms(at.unit, at.tools, at.row))
    return draft_credit(of, fact, today=at.today, before=tuple(notes), rounding=rounding)


def _invoices(at: Drafting) -> list[Invoice]:
    found = [at.unit.documents.read(row.id) for row in at.unit.documents.in_thread(at.stored.id, "invoice")]
    return [invoice for invoice in found if isinstance(invoice, Invoice)]


def _is_told_again(at: Drafting, one: Invoice, number: str) -> bool:
    """Whether it is an invoice they rejected, of which the ERP now tells anew (or a store's part of one)."""
    is_same = one.number == number or one.number.startswith(f"{number}-")
    return is_same and rejected_first(at.unit, at.row.partner, "invoice", one.number, usage=at.row.usage) is not None


def _told_as(at: Drafting, shipment: str, store: str) -> list[ShipNotice]:
    """The notices of a shipment: its own, or where it was told of store by store, those of the stores the invoice is for."""
    own = [notice for notice in at.notices() if notice.shipment == shipment]
    wanted = f"{shipment}-{store}"
    return own or [one for one in at.notices() if one.shipment == wanted or (not store and one.shipment.startswith(wanted))]


def _naming(invoice: Invoice, notices: list[ShipNotice]) -> Invoice:
    """The invoice with the shipments it is for as they were told of; one told of in parts has further REF*SI."""
    if not notices or notices[0].shipment == invoice.shipment:
        return invoice
    more = tuple(Reference(qualifier=SHIPMENT, value=one.shipment) for one in notices[1:])
    return msgspec.structs.replace(invoice, shipment=notices[0].shipment, references=(*invoice.references, *more))


def _rooms(at: Drafting, shipment: str, before: list[Invoice]) -> dict[tuple[str, str], Decimal]:
    """What of each line can be billed to each store: what the shipment's cartons were marked for; else what is not billed yet."""
    marked: dict[tuple[str, str], Decimal] = {}
    for notice in _told_as(at, shipment, ""):
        marked |= shipped_by_store(notice, at.order.number)
    if marked:
        return marked
    rooms = ordered_by_store(at.order)
    for one in before:
        for line in one.lines if not is_credit(one) else ():
            key = line.number, store_of(one)
            rooms[key] = rooms.get(key, Decimal(0)) - line.quantity
    return rooms
