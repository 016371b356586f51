"""Check: a drafted document moves its order thread, and is held against the partner's compliance rules before it can leave."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from edi_gateway.documents.base import Value
from edi_gateway.documents.invoice import Invoice
from edi_gateway.documents.order_acknowledgment import OrderAcknowledgment
from edi_gateway.documents.order_change_acknowledgment import OrderChangeAcknowledgment
from edi_gateway.documents.ship_notice import ShipNotice
from edi_gateway.errors import Defect
from edi_gateway.order_to_cash import progress
from edi_gateway.order_to_cash.changing import answer_change
from edi_gateway.order_to_cash.compliance import Verdict, examine
from edi_gateway.order_to_cash.money import USUAL
from edi_gateway.order_to_cash.thread import Change, OrderThread
from edi_gateway.order_to_cash.turnaround.saying import as_written
from edi_gateway.pipeline.inbound.standing import standing_order
from edi_gateway.pipeline.outbound.around import around, is_used, labels_of
from edi_gateway.pipeline.outbound.billing import billing_terms, rounding_of
from edi_gateway.pipeline.outbound.change_answered import change_answered
from edi_gateway.pipeline.outcome import Done, Hold, Outcome
from edi_gateway.pipeline.tools import APPROVED, Record, Tools
from edi_gateway.store.rows import DocumentRow, FlowRow
from edi_gateway.store.unit import Unit
from edi_gateway.trading.compliance.pack import CompliancePack
from edi_gateway.trading.profile import TradingPartner
from edi_gateway.trading.versions import to_json, version_of

__all__ = ["check", "is_used"]


class Moved(NamedTuple):
    """What a document does to its thread, and whether the partner wants to have it."""

    change: Change
    is_wanted: bool


def check(flow: FlowRow, tools: Tools) -> Record:
    """Holds what the partner would fine us for; what only should not be is told and goes.

    Each rule's verdict is kept with the document, under the version of the partner's pack it was given by.
    """

    def record(unit: Unit) -> Outcome:
        row = unit.documents.get(flow.subject_id)
        partner, pack = tools.directory.partner(row.partner), tools.directory.pack(row.partner)
        threads = [unit.threads.get(id) for id in (row.thread_id or 0, *unit.documents.other_threads(row.id))]
        document = unit.documents.read(row.id)
        verdicts = _together([_examined(unit, tools, row, document, each.thread) for each in threads])
        _keep(unit, row, pack, verdicts)
        moves = [_moved(each.thread, document, partner, change_answered(unit, row)) for each in threads]
        if disagreed := [each for moved in moves for each in moved.change.disagreements]:
            return Hold("; ".join(f"{each.place}: {each.message}" for each in disagreed))
        stops = [verdict for verdict in verdicts if verdict.result == "stopped"]
        if stops and not flow.position.startswith(APPROVED):
            return Hold("; ".join(str(verdict) for verdict in stops))
        for verdict in verdicts:
            if verdict.result in ("stopped", "warned"):
                unit.events.tell("compliance.breach", flow.subject, str(verdict), partner=row.partner)
        for stored, moved in zip(threads, moves, strict=True):
            unit.threads.save(stored.id, moved.change.thread)
        unit.documents.claim(row.partner, row.kind, row.number, row.id)
        if isinstance(document, ShipNotice):
            unit.label_uses.use(labels_of(document), row.id)
        return _as_wanted(unit, row, document, partner) if moves[0].is_wanted else Done()

    return record


def _examined(unit: Unit, tools: Tools, row: DocumentRow, document: Value, thread: OrderThread) -> tuple[Verdict, ...]:
    """The verdicts on a document as the answer to one of the orders it is about."""
    partner, pack = tools.directory.partner(row.partner), tools.directory.pack(row.partner)
    order = standing_order(unit, thread.document_id)
    rounding = rounding_of(billing_terms(unit, tools, row)) if isinstance(document, Invoice) else USUAL
    return examine(order, thread, document, partner, pack, around(unit, tools, row, document, thread), rounding=rounding)


def _together(examined: list[tuple[Verdict, ...]]) -> tuple[Verdict, ...]:
    """The verdicts of all orders a document is about, each once; a rule is kept where it is for all of them."""
    every = list(dict.fromkeys(verdict for verdicts in examined for verdict in verdicts))
    broken = {verdict.rule for verdict in every if verdict.result != "kept"}
    return tuple(verdict for verdict in every if verdict.result != "kept" or verdict.rule not in broken)


def _keep(unit: Unit, row: DocumentRow, pack: CompliancePack, verdicts: tuple[Verdict, ...]) -> None:
    if verdicts:
        unit.compliance_checks.record(row.id, pack.pack, version_of(to_json(pack)), verdicts)


def _waits_for_855(thread: OrderThread, partner: TradingPartner) -> bool:
    """Whether the order was changed, and an 855 has to answer that."""
    return bool(thread.unanswered) and partner.changes.answered_by == "855"


def _moved(thread: OrderThread, document: Value, partner: TradingPartner, about: str) -> Moved:
    answers = partner.answers
    match document:
        case OrderAcknowledgment():
            change = progress.confirm(thread, document)
            says_new = document.purpose == "original" or change.thread.lines != thread.lines or _waits_for_855(thread, partner)
            return Moved(change, answers.order_acknowledgment and says_new)
        case OrderChangeAcknowledgment():
            return Moved(answer_change(thread, document, about), partner.changes.answered_by == "865")
        case ShipNotice():
            over = partner.orders.over_shipment_percent
            return Moved(progress.ship(thread, document, over_shipment_percent=over), answers.ship_notice)
        case Invoice():
            return Moved(progress.bill(thread, document), answers.invoice)
    raise Defect(f"{type(document).__name__} is no answer to an order")


def _as_wanted(unit: Unit, row: DocumentRow, document: Value, partner: TradingPartner) -> Outcome:
    """An order acknowledgment with the codes the partner takes, and without its lines where it wants none."""
    if isinstance(document, OrderAcknowledgment):
        written = as_written(document, partner.answers)
        if written != document:
            unit.documents.change(row.id, body=msgspec.json.encode(written).decode())
    return Done("compose")
