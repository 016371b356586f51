"""Check: a drafted document moves its order thread, and is held against the partner's compliance rules before it can leave."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from edi_gateway.documents.base import Value
from edi_gateway.documents.invoice import Invoice
from edi_gateway.documents.order import Order
from edi_gateway.documents.order_acknowledgment import OrderAcknowledgment
from edi_gateway.documents.order_change_acknowledgment import OrderChangeAcknowledgment
from edi_gateway.documents.ship_notice import ShipNotice
from edi_gateway.errors import Defect
from edi_gateway.order_to_cash import progress
from edi_gateway.order_to_cash.changing import answer_change
from edi_gateway.order_to_cash.compliance import Breach, check_acknowledgment, check_invoice, check_ship_notice
from edi_gateway.order_to_cash.thread import Change, OrderThread
from edi_gateway.pipeline.inbound.standing import standing_order
from edi_gateway.pipeline.outbound.answer_change import change_answered
from edi_gateway.pipeline.outcome import Done, Hold, Outcome
from edi_gateway.pipeline.tools import APPROVED, Record, Tools
from edi_gateway.store.documents import Documents
from edi_gateway.store.rows import DocumentRow, FlowRow
from edi_gateway.store.unit import Unit
from edi_gateway.trading.profile import TradingPartner


class Checked(NamedTuple):
    """What a document does to its thread, what it breaks, and whether the partner wants to have it."""

    change: Change
    breaches: tuple[Breach, ...]
    is_wanted: bool


def check(flow: FlowRow, tools: Tools) -> Record:
    """Holds what the partner would fine us for; what only should not be is told and goes."""

    def record(unit: Unit) -> Outcome:
        row = unit.documents.get(flow.subject_id)
        partner = tools.directory.partner(row.partner)
        stored = unit.threads.get(row.thread_id or 0)
        order = standing_order(unit, stored.thread.document_id)
        document = unit.documents.read(row.id)
        checked = _check(order, stored.thread, document, partner, is_used(unit.documents, row), change_answered(unit, row))
        if checked.change.disagreements:
            return Hold("; ".join(f"{each.place}: {each.message}" for each in checked.change.disagreements))
        stops = [breach for breach in checked.breaches if breach.severity == "stop"]
        if stops and not flow.position.startswith(APPROVED):
            return Hold("; ".join(f"{breach.rule} {breach.place}: {breach.message}" for breach in stops))
        for breach in checked.breaches:
            text = f"{breach.rule} {breach.place}: {breach.message}"
            unit.events.tell("compliance.breach", flow.subject, text, partner=row.partner)
        unit.threads.save(stored.id, checked.change.thread)
        unit.documents.claim(row.partner, row.kind, row.number, row.id)
        return _as_wanted(unit, row, document, partner) if checked.is_wanted else Done()

    return record


def _waits_for_855(thread: OrderThread, partner: TradingPartner) -> bool:
    """Whether the order was changed, and an 855 has to answer that."""
    return bool(thread.unanswered) and partner.changes.answered_by == "855"


def is_used(documents: Documents, row: DocumentRow) -> bool:
    """Whether the partner has had another document of this kind and number: a second original is fined."""
    first = documents.claimed(row.partner, row.kind, row.number)
    return first is not None and first != row.id


def _check(order: Order, thread: OrderThread, document: Value, partner: TradingPartner, used: bool, about: str) -> Checked:
    answers = partner.answers
    match document:
        case OrderAcknowledgment():
            change = progress.confirm(thread, document)
            says_new = document.purpose == "original" or change.thread.lines != thread.lines or _waits_for_855(thread, partner)
            return Checked(change, check_acknowledgment(order, document), answers.order_acknowledgment and says_new)
        case OrderChangeAcknowledgment():
            return Checked(answer_change(thread, document, about), (), partner.changes.answered_by == "865")
        case ShipNotice():
            over = partner.orders.over_shipment_percent
            breaches = check_ship_notice(order, thread, document, over_shipment_percent=over)
            return Checked(progress.ship(thread, document, over_shipment_percent=over), breaches, answers.ship_notice)
        case Invoice():
            breaches = check_invoice(
                order,
                thread,
                document,
                number_used_before=used,
                after_ship_notice=answers.invoice_after_ship_notice,
                charges_allowed=answers.invoice_charges != "none",
            )
            return Checked(progress.bill(thread, document), breaches, answers.invoice)
    raise Defect(f"{type(document).__name__} is no answer to an order")


def _as_wanted(unit: Unit, row: DocumentRow, document: Value, partner: TradingPartner) -> Outcome:
    """An order acknowledgment without its lines, for a partner that wants them only when something differs."""
    if isinstance(document, OrderAcknowledgment) and partner.answers.lines == "changes" and document.decision == "accepted":
        short = msgspec.structs.replace(document, lines=())
        unit.documents.change(row.id, body=msgspec.json.encode(short).decode())
    return Done("compose")
