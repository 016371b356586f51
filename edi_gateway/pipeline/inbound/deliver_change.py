"""Deliver, for a change of an order: the ERP is told what the order is to be, and only what it takes moves the order thread."""

from __future__ import annotations

import msgspec

from edi_gateway.documents.order import Order
from edi_gateway.documents.order_change import OrderChange
from edi_gateway.erp.base import ChangePosted
from edi_gateway.errors import Defect
from edi_gateway.order_to_cash.changes import Revision
from edi_gateway.order_to_cash.changing import take_change
from edi_gateway.order_to_cash.rules import Ruling, order_for_erp
from edi_gateway.pipeline.inbound.apply_change import refuse, taken_as, tell_refused
from edi_gateway.pipeline.inbound.order_changed import OrderChanged, order_changed
from edi_gateway.pipeline.inbound.waiting_changes import wake_changes
from edi_gateway.pipeline.our_codes import order_in_our_codes
from edi_gateway.pipeline.outcome import Done, Hold, Outcome
from edi_gateway.pipeline.planned_change import Planned, planned_of
from edi_gateway.pipeline.standing import put_changed
from edi_gateway.pipeline.tools import Record, Tools
from edi_gateway.store.rows import FlowRow
from edi_gateway.store.unit import Unit
from edi_gateway.trading.profile import TradingPartner


def deliver_change(flow: FlowRow, change: OrderChange, partner: TradingPartner, tools: Tools) -> Record:
    """Posts the order as it is to be under the id of the change; one of which our rules had rejected every line, as a new one.

    Raises NeedsPerson where the ERP has the order by other means: cut over, or typed in by hand.
    """
    with tools.store.read() as unit:
        found, planned = _found(unit, partner, flow.subject_id, change), planned_of(unit, flow.subject_id)
        ruling, was_refused = _left_rejected(unit, found, planned.revision), _was_refused(unit, found)
        order = order_in_our_codes(unit, found.row, planned.revision.order, partner)
    erp, customer = tools.erp_of(flow), partner.customer or partner.name
    if was_refused and erp.find(found.row.id) is None:
        answer = ChangePosted(reference="")
        if (new := order_for_erp(order, ruling)) is not None:
            answer = ChangePosted(erp.post_order(found.row.id, customer, new).reference)
    else:
        answer = erp.post_change(flow.subject_id, customer, found.row.id, _less_rejected(order, ruling))
    return changed(flow, change, partner, answer)


def changed(flow: FlowRow, change: OrderChange, partner: TradingPartner, answer: ChangePosted) -> Record:
    """What the ERP made of a change goes into the order thread."""

    def record(unit: Unit) -> Outcome:
        row = unit.documents.get(flow.subject_id)
        found, planned = _found(unit, partner, row.id, change), planned_of(unit, row.id)
        if (transaction := unit.transactions.of_document(row.id)) is not None:
            unit.transactions.change(transaction.id, delivery="delivered")
        if answer.refused:
            revision = _refused_by_erp(planned.revision, answer.refused)
            unit.documents.record_ruling(row.id, msgspec.json.encode(Planned(revision=revision, ruling=planned.ruling)))
            return refuse(unit, row, change, found, answer.refused, too_late=True)
        assert found.thread is not None  # noqa: S101  # _found asks for it
        entry = taken_as(unit, row, change, planned.revision)
        moved = take_change(found.thread.thread, planned.revision.order, entry)
        if not moved.agreed:
            return Hold("; ".join(f"{each.place}: {each.message}" for each in moved.disagreements))
        left = _left_rejected(unit, found, planned.revision)
        unit.documents.record_ruling(found.row.id, msgspec.json.encode(left))
        if answer.reference and (came := unit.transactions.of_document(found.row.id)) is not None:
            unit.transactions.change(came.id, delivery="delivered")
        put_changed(unit, found.row, planned.revision.order, entry, found.thread.id)
        unit.threads.save(found.thread.id, moved.thread)
        text = f"order {change.number} is changed ({change.purpose}), the ERP has it as {answer.reference or 'nothing to do'}"
        unit.events.tell("order.changed", f"document:{row.id}", text, partner=row.partner)
        if planned.revision.refused:
            tell_refused(unit, row, change, entry.because, too_late=planned.revision.is_too_late)
        wake_changes(unit, partner.name, change.number, usage=row.usage)
        return Done("draft" if partner.changes.answered_by == "865" or not answer.reference else None)

    return record


def is_overtaken(unit: Unit, flow: FlowRow) -> bool:
    """Whether a change stopped before the ERP, and more of its order has left meanwhile than it was to leave of it."""
    if flow.stage != "deliver" or unit.attempts.in_doubt(flow):
        return False
    row = unit.documents.get(flow.subject_id)
    if row.kind != "order change" or row.thread_id is None:
        return False
    planned, change = planned_of(unit, row.id), unit.documents.read(row.id)
    assert isinstance(change, OrderChange)  # noqa: S101  # its row says so
    thread = unit.threads.get(row.thread_id).thread
    return not take_change(thread, planned.revision.order, taken_as(unit, row, change, planned.revision)).agreed


def _found(unit: Unit, partner: TradingPartner, document: str, change: OrderChange) -> OrderChanged:
    found = order_changed(unit, partner.name, change, usage=unit.documents.get(document).usage)
    if found is None or found.thread is None:
        raise Defect(f"a change of order {change.number} is delivered, and the order has no thread")
    return found


def _was_refused(unit: Unit, found: OrderChanged) -> bool:
    """Whether nothing was left of the order to post, so that it never went to the ERP, by us or by hand."""
    came = unit.transactions.of_document(found.row.id)
    if came is not None and came.delivery == "delivered":
        return False
    ruling = msgspec.json.decode(unit.documents.ruling(found.row.id), type=Ruling)
    return order_for_erp(found.order, ruling) is None


def _left_rejected(unit: Unit, found: OrderChanged, revision: Revision) -> Ruling:
    """What our rules rejected before, less what the buyer has changed; and the prices they set, as long as it asks the same."""
    ruling = msgspec.json.decode(unit.documents.ruling(found.row.id), type=Ruling)
    taken = {line.number for line in revision.lines if not line.refused}
    return msgspec.structs.replace(
        ruling, lines=tuple(one for one in ruling.lines if one.line_number not in taken or one.unit_price)
    )


def _less_rejected(order: Order, ruling: Ruling) -> Order:
    """Every line with what the ERP is to have of it; 0 of what was deleted or rejected."""
    posted = order_for_erp(order, ruling)
    wanted = {line.number: line for line in posted.lines} if posted else {}
    lines = (wanted.get(line.number) or msgspec.structs.replace(line, quantity=line.quantity * 0) for line in order.lines)
    return msgspec.structs.replace(order, lines=tuple(lines))


def _refused_by_erp(revision: Revision, because: str) -> Revision:
    lines = tuple(
        line if line.refused else msgspec.structs.replace(line, refused=because, too_late=True, quantity=line.was)
        for line in revision.lines
    )
    return msgspec.structs.replace(revision, lines=lines)
