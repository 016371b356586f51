"""Owing: the answers that a partner's pack or profile says we owe, by when, from when the reason is on record until they left.

An 855 is owed for each order, and an 865 or 855 for each change of one, from when its bytes came; an 856 and an 810 for each
shipment from when the ERP says that the goods left (R04, R09, R20), which is on record before anything waits for its turn.
Acknowledgments (997, TA1) are owed by their groups and interchanges themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

from edi_gateway.documents.base import Value
from edi_gateway.documents.catalog import SET_OF
from edi_gateway.documents.invoice import Invoice
from edi_gateway.erp.base import OrderBilled, OrderEvent, OrderShipped, event_from_json
from edi_gateway.order_to_cash.credit import is_credit
from edi_gateway.order_to_cash.facts import Shipped
from edi_gateway.order_to_cash.turnaround import shipments_of
from edi_gateway.pipeline.outbound.change_answered import change_answered
from edi_gateway.pipeline.outbound.originals import is_given_up
from edi_gateway.pipeline.tools import order_queue
from edi_gateway.pipeline.way import lane_of
from edi_gateway.store.flows import NOT_OVER
from edi_gateway.store.rows import DocumentRow, TransactionRow
from edi_gateway.store.unit import Unit
from edi_gateway.trading.compliance.clock import due
from edi_gateway.trading.compliance.pack import CompliancePack
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.profile import TradingPartner

OF_ORDERS = ("855", "865")  # what answers what they sent, and not a shipment of ours
OF_SHIPMENTS = ("856", "810")
MOST_OF_A_NUMBER = 80  # characters of a shipment's id


class Debt(NamedTuple):
    """What is owed: a set, and what it answers."""

    code: str
    about: str


def owe_acknowledgment(
    unit: Unit, partner: TradingPartner, pack: CompliancePack, row: int, number: str, since: datetime, *, usage: str
) -> None:
    """An order came, in the set of this row: its 855 is owed where the partner wants one."""
    until = due(partner, pack, "855", since)
    if partner.answers.order_acknowledgment and until is not None:
        about = f"transaction:{row}"
        unit.owed.open(partner.name, "855", about, answers="order", usage=usage, number=number, since=since, due_at=until)


def owe_change_answer(unit: Unit, partner: TradingPartner, row: int, number: str, since: datetime, *, usage: str) -> None:
    """A change of an order came: what answers it is owed where the partner wants one, and by a deadline."""
    terms = partner.changes
    if terms.answered_by != "none" and terms.answered_within is not None:
        until = partner.deadline(since, terms.answered_within, terms.answered_counted_in)
        to, about = terms.answered_by, f"transaction:{row}"
        unit.owed.open(partner.name, to, about, answers="change", usage=usage, number=number, since=since, due_at=until)


def owe_for_event(unit: Unit, directory: Directory, event: OrderEvent) -> None:
    """Somebody tells of an order on record, the ERP, a file or a person. Of goods that left the partner is told by a deadline,
    also where a person ended the way of an 856 that said so before.

    Nothing is owed for what nobody can mean (a moment beyond all calendars, an id too long for one) or to a partner out of force:
    its draft says what to do.
    """
    if not isinstance(event, OrderShipped) or len(event.shipment) > MOST_OF_A_NUMBER or not event.shipment.isprintable():
        return
    order = unit.documents.get(event.order)
    partner = next((each for each in directory.partners if each.name == order.partner), None)
    if partner is not None:
        unit.owed.owe_again("856", _about(order.id, event.shipment))
        with suppress(OverflowError):
            owe_for_shipment(unit, partner, directory.pack(partner.name), order, event)


def owe_for_shipment(unit: Unit, partner: TradingPartner, pack: CompliancePack, order: DocumentRow, shipped: Shipped) -> None:
    """Goods left: their 856 and 810 are owed where the partner wants them by a deadline. ``order`` is its document."""
    about, number = _about(order.id, shipped.shipment), shipped.shipment
    for code, is_wanted in (("856", partner.answers.ship_notice), ("810", partner.answers.invoice)):
        until = due(partner, pack, code, shipped.at)
        if is_wanted and until is not None:
            what = (partner.name, code, about)
            unit.owed.open(*what, answers="shipment", usage=order.usage, number=number, since=shipped.at, due_at=until)


def owe_apart(unit: Unit, order: DocumentRow, shipment: str) -> None:
    """A shipment is told of store by store: what is owed is owed for each store, and not for the whole."""
    _forget(unit, order, shipment)


def due_at(unit: Unit, row: DocumentRow, document: Value, drafted_at: datetime) -> datetime | None:
    """By when a document of ours has to leave: the first of the deadlines of what it answers; None where there is none.

    What was given before it was ``drafted_at`` another document has answered.
    """
    debts = [*_debts(unit, row, document)] if row.thread_id is not None else []
    return min((found for debt in debts if (found := unit.owed.due_at(*debt, not_given_before=drafted_at))), default=None)


def give(unit: Unit, row: TransactionRow) -> None:
    """A set of ours has left: what it answers is owed no longer."""
    if row.document_id is not None:
        for debt in _debts(unit, unit.documents.get(row.document_id)):
            unit.owed.give(*debt)


def waive(unit: Unit, subject: str, because: str) -> None:
    """A person ended the way of an order, of a change, of an answer to one, or of what the ERP told: nothing more will be sent
    for it. What somebody told once more of the same shipment is owed still."""
    kind, _, id = subject.partition(":")
    if _is_of_erp(subject):
        _waive_event(unit, subject, because)
        return
    row = unit.transactions.get(int(id)) if kind == "transaction" else None
    document = id if kind == "document" else row.document_id if row else None
    if row is not None and row.direction == "in":
        waive_answers(unit, subject, because)
    elif document is not None:
        for debt in _debts(unit, unit.documents.get(document)):
            if not _is_told(unit, debt):
                unit.owed.waive(*debt, because)


def waive_answers(unit: Unit, subject: str, because: str) -> None:
    """Nothing will answer the order, or the change of one, in a set of theirs."""
    for code in OF_ORDERS:
        unit.owed.waive(code, subject, because)


def _debts(unit: Unit, document: DocumentRow, value: Value | None = None) -> Iterator[Debt]:
    """What a document gives, or for an order or a change, what is owed for it; nothing for what nobody waits for."""
    if document.kind in ("order", "order change"):
        yield from _of_set(unit, document.id)
    elif document.kind == "order change acknowledgment":
        yield from _of_set(unit, change_answered(unit, document))
    elif document.kind == "order acknowledgment" and document.thread_id is not None:
        thread = unit.threads.look(document.thread_id).thread
        yield from _of_set(unit, thread.document_id)
        for change in thread.changes:
            yield from _of_set(unit, change.document_id)
    elif document.kind in SET_OF and document.thread_id is not None:
        order = unit.threads.look(document.thread_id).thread.document_id
        for shipment in _shipments(unit, document, value):
            yield Debt(SET_OF[document.kind], _about(order, shipment))


def _about(order: str, shipment: str) -> str:
    """How what is owed for a shipment of an order's document says so."""
    return f"document:{order}|{shipment}"


def _waive_event(unit: Unit, subject: str, because: str) -> None:
    """Nothing is drafted from what the ERP told. A shipment that no 856 is made of was never told: it may be told anew.

    Nothing was ever owed for what an ERP of the other usage told, which follows no order.
    """
    event = event_from_json(unit.documents.event(int(subject.partition(":")[2])))
    if not isinstance(event, OrderBilled | OrderShipped) or not any(flow.follows for flow in unit.flows.of(subject)):
        return
    order, debt = unit.documents.get(event.order), _debt(event)
    if _is_told(unit, debt) or _is_made(unit, order, event.shipment, debt):
        return
    if isinstance(event, OrderBilled):
        unit.owed.waive(*debt, because)
    else:
        _forget(unit, order, event.shipment)


def _debt(event: OrderBilled | OrderShipped) -> Debt:
    """What is owed for what an event tells."""
    return Debt("810" if isinstance(event, OrderBilled) else "856", _about(event.order, event.shipment))


def _is_told(unit: Unit, debt: Debt) -> bool:
    """Whether what a debt is about is on record once more, as somebody told it, and waits to be drafted."""
    if debt.code not in OF_SHIPMENTS:
        return False
    order = unit.documents.get(debt.about.partition(":")[2].partition("|")[0])
    lane = lane_of("draft", partner=order.partner, connection=None, connector=None)
    queue = order_queue(order.partner, order.usage, order.number)
    waits = unit.flows.at_stage(lane, "draft", states=NOT_OVER, follows=queue)
    told = (
        event_from_json(unit.documents.event(int(each.subject_id))) for each in waits if each.subject.startswith("erp_event:")
    )
    return any(isinstance(event, OrderBilled | OrderShipped) and _debt(event) == debt for event in told)


def _is_of_erp(subject: str) -> bool:
    return subject.startswith("erp_event:")


def _is_made(unit: Unit, order: DocumentRow, shipment: str, debt: Debt) -> bool:
    """Whether an 856 or 810 of the shipment has left or is on its way."""
    if debt.code == "856":
        made = unit.documents.of_number(order.partner, "ship notice", shipment, usage=order.usage)
    else:
        invoices = unit.documents.in_thread(order.thread_id or 0, "invoice")
        kept = unit.documents.kept(each.id for each in invoices)
        made = [each for each in invoices if each.id in kept and shipment in _shipments(unit, each, kept[each.id])]
    return any(not is_given_up(unit, each.id) for each in made)


def _forget(unit: Unit, order: DocumentRow, shipment: str) -> None:
    for code in OF_SHIPMENTS:
        unit.owed.forget(code, _about(order.id, shipment))


def _shipments(unit: Unit, document: DocumentRow, value: Value | None) -> tuple[str, ...]:
    """The shipments a notice or an invoice is about; a credit note is owed for none."""
    value = value or unit.documents.read(document.id)
    if isinstance(value, Invoice):
        return () if is_credit(value) else shipments_of(value)
    return (document.number,)


def _of_set(unit: Unit, document: str) -> Iterator[Debt]:
    """What may be owed for the set that an order, or a change of one, came in."""
    if document and (came := unit.transactions.of_document(document)):
        yield from (Debt(code, f"transaction:{came.id}") for code in OF_ORDERS)
