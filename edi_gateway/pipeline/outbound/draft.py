"""Draft: what the ERP tells of an order becomes the answer to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from edi_gateway.documents.base import Value
from edi_gateway.documents.invoice import Invoice
from edi_gateway.documents.party import Party
from edi_gateway.documents.ship_notice import ShipNotice
from edi_gateway.erp.base import OrderBilled, OrderDecided, OrderEvent, OrderShipped, Unreadable, event_from_json
from edi_gateway.errors import Defect
from edi_gateway.order_to_cash.rules import Outcome as Ruling
from edi_gateway.order_to_cash.sscc import sscc
from edi_gateway.order_to_cash.turnaround import ShipTerms, draft_acknowledgment, draft_invoice, draft_ship_notice
from edi_gateway.order_to_cash.turnaround.ship_notice import labels_to_give
from edi_gateway.pipeline.inbound.our_codes import order_in_our_codes
from edi_gateway.pipeline.inbound.standing import standing_order
from edi_gateway.pipeline.outbound.answer_change import answer_change, is_answered, superseded
from edi_gateway.pipeline.outbound.owing import owe_for_shipment
from edi_gateway.pipeline.outcome import Done, Outcome
from edi_gateway.pipeline.tools import Record, Tools
from edi_gateway.store.rows import DocumentRow, FlowRow
from edi_gateway.store.threads import StoredThread
from edi_gateway.store.unit import Unit
from edi_gateway.trading.profile import Address, OurIdentity, TradingPartner


class Drafted(NamedTuple):
    """A document and its business number."""

    document: Value
    number: str


def draft(flow: FlowRow, tools: Tools) -> Record:
    """Drafts in the transaction that records it, because serial numbers of cartons are given there."""

    def record(unit: Unit) -> Outcome:
        if flow.subject.startswith("document:") and unit.documents.get(flow.subject_id).kind == "order change":
            return answer_change(unit, flow, tools)
        event = _event(unit, flow)
        row = unit.documents.get(event.order)
        stored = unit.threads.of_document(event.order)
        if stored is None:
            raise Defect(f"order document {event.order} has no order thread")
        if isinstance(event, OrderDecided) and (why := superseded(unit, event, stored)):
            unit.events.tell("order.decision_superseded", flow.subject, why, partner=row.partner)
            return Done()
        if isinstance(event, OrderShipped):
            owe_for_shipment(unit, tools.directory.partner(row.partner), tools.directory.pack(row.partner), row.id, event)
        drafted = _Draft(unit, tools, row, stored).of(event)
        document = unit.documents.add(
            drafted.document,
            number=drafted.number,
            partner=row.partner,
            direction="out",
            thread_id=stored.id,
            usage=row.usage,
        )
        return Done("check", subject=f"document:{document}")

    return record


def _event(unit: Unit, flow: FlowRow) -> OrderEvent:
    """What the ERP told; or, for an order our own rules refused whole, that there is nothing for the ERP to decide."""
    if flow.subject.startswith("document:"):
        return OrderDecided(id="", order=flow.subject_id, at=unit.clock.now(), lines=())
    event = event_from_json(unit.documents.event(int(flow.subject_id)))
    if isinstance(event, Unreadable):
        raise Defect(f"ERP event {flow.subject_id} could not be read: there is nothing to draft")
    return event


class _Draft:
    """Drafting one answer to one order."""

    def __init__(self, unit: Unit, tools: Tools, row: DocumentRow, stored: StoredThread) -> None:
        self._unit, self._row, self._stored = unit, row, stored
        self._order = standing_order(unit, row.id)
        self._partner: TradingPartner = tools.directory.partner(row.partner)
        self._ours: OurIdentity = tools.directory.identity(self._partner.ours)

    def of(self, event: OrderEvent) -> Drafted:
        """The answer an event asks for."""
        drafters: dict[type, Callable[..., Drafted]] = {
            OrderDecided: self._acknowledgment,
            OrderShipped: self._ship_notice,
            OrderBilled: self._invoice,
        }
        return drafters[type(event)](event)

    @property
    def _zone(self) -> ZoneInfo:
        """Days and times in what we send are those of the partner's place."""
        return ZoneInfo(self._partner.time_zone)

    @property
    def _now(self) -> datetime:
        return self._unit.clock.now().astimezone(self._zone)

    @property
    def _today(self) -> date:
        return self._now.date()

    def _acknowledgment(self, event: OrderDecided) -> Drafted:
        refused = msgspec.json.decode(self._unit.documents.ruling(self._row.id), type=Ruling).rejected
        answer = draft_acknowledgment(
            self._order,
            event,
            today=self._today,
            rejected=refused,
            deleted=self._stored.thread.deleted,
            anew=is_answered(self._unit, self._stored),
        )
        return Drafted(answer, self._order.number)

    def _ship_notice(self, event: OrderShipped) -> Drafted:
        structure = self._partner.answers.ship_notice_structure
        terms = ShipTerms(ship_from=_party("SF", self._ours.ship_from), structure=structure)
        numbers = [self._next_sscc() for _ in range(labels_to_give(event, terms))]
        shipped = self._in_their_stores(event)
        notice = draft_ship_notice(self._order, shipped, terms, now=self._now, sscc=numbers, zone=self._zone)
        return Drafted(notice, notice.shipment)

    def _in_their_stores(self, event: OrderShipped) -> OrderShipped:
        """The stores of cartons as the buyer names them, where the ERP was told of them in our codes."""
        if self._partner.cross_references.locations == "none" or not any(carton.store for carton in event.cartons):
            return event
        told = order_in_our_codes(self._unit, self._row, self._order, self._partner)
        theirs = {
            ours.store: sent.store
            for line, told_line in zip(self._order.lines, told.lines, strict=True)
            for sent, ours in zip(line.stores, told_line.stores, strict=True)
        }
        cartons = tuple(msgspec.structs.replace(carton, store=theirs.get(carton.store, carton.store)) for carton in event.cartons)
        return msgspec.structs.replace(event, cartons=cartons)

    def _next_sscc(self) -> str:
        prefix = self._ours.company_prefix
        most = 10 ** (16 - len(prefix)) - 1
        return sscc(prefix, self._unit.control_numbers.next(f"sscc|{prefix}", most=most))

    def _invoice(self, event: OrderBilled) -> Drafted:
        invoice = draft_invoice(
            self._order,
            event,
            self._notice_of(event.shipment),
            today=self._today,
            currency=self._partner.currency,
            charges=self._partner.answers.invoice_charges,
            billed_before=self._billed_before(),
            remit_to=_party("RE", self._ours.remit_to),
        )
        return Drafted(invoice, invoice.number)

    def _notice_of(self, shipment: str) -> ShipNotice | None:
        for row in self._unit.documents.in_thread(self._stored.id, "ship notice"):
            if row.number == shipment:
                notice = self._unit.documents.read(row.id)
                assert isinstance(notice, ShipNotice)  # noqa: S101  # by its kind
                return notice
        return None

    def _billed_before(self) -> Decimal:
        invoices = [self._unit.documents.read(row.id) for row in self._unit.documents.in_thread(self._stored.id, "invoice")]
        return sum((line.amount for one in invoices if isinstance(one, Invoice) for line in one.lines), Decimal(0))


def _party(role: str, address: Address | None) -> Party | None:
    return Party(role=role, **address.model_dump()) if address else None
