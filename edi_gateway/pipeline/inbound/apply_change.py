"""Apply, for a change of an order (860): whether it is its turn, what of it is taken, and what has to be asked first."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from edi_gateway.documents.order import Order
from edi_gateway.documents.order_change import OrderChange
from edi_gateway.errors import TryAgain
from edi_gateway.order_to_cash.advice import Advice
from edi_gateway.order_to_cash.changes import Revision, digest, revise, rule, turn
from edi_gateway.order_to_cash.changing import refuse_change
from edi_gateway.order_to_cash.rules import Ruling, not_rejected
from edi_gateway.order_to_cash.rules.too_large import too_large
from edi_gateway.order_to_cash.thread import ThreadChange
from edi_gateway.pipeline.inbound.credit import with_own_credit
from edi_gateway.pipeline.inbound.order_approval import ask, fingerprint, is_approved, is_let_go, said
from edi_gateway.pipeline.inbound.order_changed import OrderChanged, changes_known, order_changed
from edi_gateway.pipeline.inbound.waiting_changes import wait_for_order, waited, wake_changes
from edi_gateway.pipeline.moving import to_stage
from edi_gateway.pipeline.outbound.owing import waive
from edi_gateway.pipeline.outcome import Done, Hold, Outcome
from edi_gateway.pipeline.planned_change import Planned
from edi_gateway.pipeline.standing import put_changed
from edi_gateway.pipeline.tools import Record, Tools, order_queue
from edi_gateway.store.rows import DocumentRow, FlowRow
from edi_gateway.store.unit import Unit
from edi_gateway.trading.profile import TradingPartner


def apply_change(flow: FlowRow, row: DocumentRow, change: OrderChange, partner: TradingPartner, tools: Tools) -> Record:
    """Decides on a change in the transaction that records it, over the order as it stands then."""
    today = partner.today(tools.clock.now())

    def record(unit: Unit) -> Outcome:
        found = order_changed(unit, partner.name, change, usage=row.usage)
        if found is None:
            what = f"order {change.number} of {partner.name} has not come"
            return wait_for_order(unit, flow, partner, change.number, what)
        if told := _not_its_turn(unit, flow, partner, change, found):
            return told
        revision = revised(found, change, partner)
        doubts = "; ".join(revision.doubts)
        if doubts and not is_let_go(flow, doubts):
            return Hold(doubts)
        if found.thread is None:
            return _before_confirmation(unit, row, change, found, revision)
        unit.documents.change(row.id, thread_id=found.thread.id)
        before = _not_rejected(unit, found)
        advice = with_own_credit(unit, msgspec.json.decode(unit.documents.advice(row.id), type=Advice), partner)
        if nobody_means := too_large(revision.order, advice):
            return Hold(nobody_means)
        ruling = rule(before, revision, advice, partner.orders, today=today, now=tools.clock.now())
        of = fingerprint(found.order, ruling)
        if ruling.needs_approval and not is_approved(flow, of):
            ask(unit, flow, ruling.needs_approval, partner.orders, of)
            return Hold(said(ruling.needs_approval))
        if ruling.rejected:
            refused = {each.line_number: each.reason or "short stock" for each in ruling.rejected}
            revision = revised(found, change, partner, refused=refused)
        unit.documents.record_ruling(row.id, msgspec.json.encode(Planned(revision=revision, ruling=ruling)))
        if revision.is_refused:
            because = "; ".join(dict.fromkeys(each.refused for each in revision.refused))
            return refuse(unit, row, change, found, because, too_late=revision.is_too_late)
        return Done("deliver", follows=order_queue(partner.name, row.usage, change.number))

    return record


def revised(
    found: OrderChanged, change: OrderChange, partner: TradingPartner, refused: Mapping[str, str] | None = None
) -> Revision:
    """What a change makes of the order as it stands, as the partner means it; ``refused``: the lines our rules do not take."""
    thread = found.thread.thread if found.thread else None
    gone, gone_to = (thread.gone, thread.gone_to) if thread else ({}, {})
    return revise(
        found.order,
        change,
        gone,
        gone_to=gone_to,
        quantities=partner.changes.quantities,
        stores_differ=partner.orders.stores_differ,
        refused=refused,
    )


def refuse(
    unit: Unit, row: DocumentRow, change: OrderChange, found: OrderChanged, because: str, *, too_late: bool = False
) -> Outcome:
    """Nothing of a change is taken: the order stays as it stands, somebody is told, and the buyer is answered."""
    assert found.thread is not None  # noqa: S101  # before there is a thread, nothing is refused
    entry = ThreadChange(
        document_id=row.id,
        at=unit.clock.now(),
        taken="nothing",
        digest=digest(change),
        sequence=change.sequence,
        because=because,
    )
    unit.threads.save(found.thread.id, refuse_change(found.thread.thread, entry).thread)
    tell_refused(unit, row, change, because, too_late=too_late)
    wake_changes(unit, row.partner, change.number, usage=row.usage)
    return Done("draft")


def tell_refused(unit: Unit, row: DocumentRow, change: OrderChange, because: str, *, too_late: bool) -> None:
    """Somebody has to know that the buyer wants what we do not do; most of all where goods have left that it does not want."""
    kind = "order.change_too_late" if too_late else "order.change_refused"
    text = f"a change ({change.purpose}) of order {change.number} is refused: {because}"
    unit.events.tell(kind, f"document:{row.id}", text, partner=row.partner)


def _not_its_turn(unit: Unit, flow: FlowRow, partner: TradingPartner, change: OrderChange, found: OrderChanged) -> Outcome | None:
    number = change.sequence or "without a number"
    match turn(change, changes_known(unit, found)):
        case "repeated":
            text = f"the change {number} of order {change.number} came before, to the letter; nothing is done for it"
            unit.events.tell("order.change_repeated", flow.subject, text, partner=partner.name)
            waive(unit, flow.subject, "the change came before, to the letter")
            return Done()
        case "early":
            what = f"the change before change {number} of order {change.number} has not come"
            if not is_let_go(flow, waited(partner, what)):
                return wait_for_order(unit, flow, partner, change.number, what)
        case "late":
            late = (
                f"change {number} of order {change.number} comes after another one of that number or a higher one, and says "
                "something else — resume it to apply it all the same, or dismiss it"
            )
            return None if is_let_go(flow, late) else Hold(late)
    return None


def _before_confirmation(unit: Unit, row: DocumentRow, change: OrderChange, found: OrderChanged, revision: Revision) -> Outcome:
    """The order waits for a person: it is changed there, and looked at anew. What was to be approved is something else now.

    Where nothing of the change is taken, what waits stays as it is; an 865 says so once the order has its thread.
    """
    held = found.held
    assert held is not None  # noqa: S101  # an order without a thread is held, or not found
    if revision.is_refused:
        return refuse_before_confirmation(unit, row, change, found, revision)
    entry = taken_as(unit, row, change, revision)
    put_changed(unit, found.row, revision.order, entry, None)
    if entry.because:
        tell_refused(unit, row, change, entry.because, too_late=revision.is_too_late)
    if not to_stage(unit, held, Done("consult")):
        raise TryAgain(f"order {change.number} was moved by somebody else just now")
    for asked in unit.approvals.open(f"document:{found.row.id}"):
        unit.approvals.answer(asked.id, "stale", by="gateway")
    text = f"order {change.number} was changed ({change.purpose}) before it was confirmed; it is looked at anew"
    unit.events.tell("order.changed", f"document:{row.id}", text, partner=row.partner)
    wake_changes(unit, row.partner, change.number, usage=row.usage)
    return Done()


def refuse_before_confirmation(
    unit: Unit, row: DocumentRow, change: OrderChange, found: OrderChanged, revision: Revision
) -> Outcome:
    """Nothing is taken of a change whose order waits for a person: that waits on, and an 865 says so once it has its thread."""
    entry = taken_as(unit, row, change, revision)
    put_changed(unit, found.row, found.order, entry, None)
    tell_refused(unit, row, change, entry.because, too_late=revision.is_too_late)
    unit.documents.record_ruling(row.id, msgspec.json.encode(Planned(revision=revision, ruling=Ruling(lines=()))))
    wake_changes(unit, row.partner, change.number, usage=row.usage)
    return Done()


def taken_as(unit: Unit, row: DocumentRow, change: OrderChange, revision: Revision) -> ThreadChange:
    """A change as the thread keeps it."""
    refused = revision.refused
    because = "; ".join(f"line {line.number}: {line.refused}" for line in refused)
    return ThreadChange(
        document_id=row.id,
        at=unit.clock.now(),
        taken="nothing" if revision.is_refused else "part" if refused else "all",
        digest=digest(change),
        sequence=change.sequence,
        because=because,
    )


def _not_rejected(unit: Unit, found: OrderChanged) -> Order:
    """The order without what our rules rejected of it: if the buyer changes that, it is all new."""
    ruling = msgspec.json.decode(unit.documents.ruling(found.row.id), type=Ruling)
    return not_rejected(found.order, ruling) or msgspec.structs.replace(found.order, lines=())
