"""Reject: a person refuses what is held, and its sender is told: by an 855 or 865, or by the 997 that is still owed."""

from __future__ import annotations

from datetime import datetime

from edi_gateway.documents.order import Order
from edi_gateway.documents.order_change import OrderChange
from edi_gateway.errors import WrongInput
from edi_gateway.operations.moving import go_on
from edi_gateway.operations.refuse_change import refuse_change
from edi_gateway.operations.request import name_of, reasoned
from edi_gateway.operations.resume import stopped
from edi_gateway.pipeline.inbound.apply import refuse
from edi_gateway.pipeline.inbound.order_approval import any_one_of
from edi_gateway.pipeline.outcome import Done, Outcome
from edi_gateway.pipeline.tools import Tools
from edi_gateway.store.rows import DocumentRow, FlowRow, GroupRow, TransactionRow, findings_from_text, findings_to_text
from edi_gateway.store.unit import Unit
from edi_gateway.x12.finding import Finding, Level, Scope

REFUSED_AT = ("consult", "apply", "deliver")
"""Where an order or a change of one is still ours to refuse; at ``deliver`` only a change."""
NOT_SUPPORTED = "1"  # AK502 (718): transaction set not supported


def reject_hold(tools: Tools, flow_id: int, *, because: str, by: str, seen: datetime | None = None) -> str:
    """Refuses a held flow; returns how its sender is told. Raises WrongInput where no answer of ours can say it any more,
    for a person who may not approve what waits for an approval, and for what changed since it was ``seen``.
    """
    reason = reasoned(because)
    with tools.store.write() as unit:
        flow = stopped(unit, flow_id, seen)
        waits = unit.approvals.open(flow.subject)
        if asked := any_one_of(waits):
            asked.check_may_answer(by)
        if flow.subject.startswith("document:") and flow.stage in REFUSED_AT:
            text = _by_an_answer(unit, flow, tools, reason)
        elif flow.stage == "translate":
            text = _by_acknowledgment(unit, flow, reason)
        else:
            raise WrongInput(f"flow {flow_id} is at '{flow.stage}': there is nobody to refuse it to", do="dismiss it")
        told = f"{text}, by {by}: {reason}; it was held because: {flow.because}"
        for each in waits:
            unit.approvals.answer(each.id, "refused", by=by)
        unit.events.tell("flow.refused", flow.subject, told, partner=flow.partner, actor=by)
    return text


def _by_an_answer(unit: Unit, flow: FlowRow, tools: Tools, reason: str) -> str:
    row = unit.documents.get(flow.subject_id)
    match unit.documents.read(row.id):
        case OrderChange() as change:
            outcome, text = refuse_change(unit, flow, row, change, tools.directory.partner(row.partner), reason)
        case Order() as order if flow.stage != "deliver":
            outcome, text = _refuse_order(unit, flow, row, order, reason), f"order {order.number} is refused; an 855 says so"
        case _:
            said = f"flow {flow.id}, {row.kind} {row.number} at '{flow.stage}': no answer of ours refuses it there"
            raise WrongInput(said, do="tell the partner, then dismiss it")
    assert isinstance(outcome, Done)  # noqa: S101  # to refuse drafts an answer, or ends it
    go_on(unit, flow, outcome)
    return text


def _refuse_order(unit: Unit, flow: FlowRow, row: DocumentRow, order: Order, reason: str) -> Outcome:
    if flow.stage == "consult":
        unit.documents.record_advice(row.id, b"{}")  # the ERP was not asked
    return refuse(unit, row, order, reason)


def _by_acknowledgment(unit: Unit, flow: FlowRow, reason: str) -> str:
    row = unit.transactions.get(int(flow.subject_id))
    group = unit.interchanges.group(row.group_id) if row.group_id else None
    if group is None or group.acknowledgment != "owed" or group.answered_by is not None:
        raise WrongInput(f"{name_of(row)} was answered already ({row.acknowledgment})", do="tell the partner, then dismiss this")
    refused = Finding(kind="set.unsupported", scope=Scope.SET, level=Level.ENVELOPE, code=NOT_SUPPORTED, message=reason)
    findings = findings_to_text((refused, *findings_from_text(row.findings)))
    unit.transactions.change(row.id, findings=findings, validation="invalid")
    go_on(unit, flow, Done(), f"refused: {reason}")
    _answer_now(unit, row, group)
    return f"{name_of(row)} is refused; the acknowledgment of group {group.control_number} says so"


def _answer_now(unit: Unit, row: TransactionRow, group: GroupRow) -> None:
    """An answer that waited for a person waits no longer, where no other set of the group waits for one."""
    others = [one for one in unit.transactions.in_group(group.id) if one.id != row.id]
    if any(flow.state == "held" for one in others for flow in unit.flows.of(f"transaction:{one.id}")):
        return
    for flow in unit.flows.of(f"group:{group.id}"):
        if flow.stage == "acknowledge" and flow.state == "ready":
            unit.flows.move(flow, state="ready", due_at=unit.clock.now())
