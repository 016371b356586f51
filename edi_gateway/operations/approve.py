"""Approve: a person agrees to an order, or a change of one, that our rules held. Whoever agrees, when and why goes on record."""

from __future__ import annotations

import msgspec

from edi_gateway.errors import WrongInput
from edi_gateway.operations.moving import go_on
from edi_gateway.operations.reject_hold import reject_hold
from edi_gateway.operations.request import Answer, reasoned
from edi_gateway.operations.resume import stopped
from edi_gateway.pipeline.inbound.order_approval import OPERATION, Asked, position_with
from edi_gateway.pipeline.outcome import Done
from edi_gateway.pipeline.tools import Tools
from edi_gateway.store.approvals import ApprovalRow
from edi_gateway.store.database import Database
from edi_gateway.store.unit import Unit


def is_of_order(store: Database, approval: int) -> bool:
    """Whether an approval is of an order; others are a second person's, of something to be sent again."""
    with store.read() as unit:
        found = unit.approvals.find(approval)
    return found is not None and found.operation == OPERATION


def approve_order(store: Database, approval: int, *, because: str, by: str) -> Answer:
    """Lets the order go on, if it is still the one that was to be approved.

    Where one of each rule's people has to agree, the last of them lets it go on. The ERP is asked once more first: where the
    rules then say something else, the order is held again and another approval is asked for. Raises WrongInput where the order
    changed or went on since, and for a person who may not approve this.
    """
    reason = reasoned(because)
    with store.write() as unit:
        row = _open(unit, approval)
        asked = msgspec.json.decode(row.arguments, type=Asked)
        asked.check_may_answer(by)
        waits = unit.approvals.open(row.subject)  # who approves another of them at this moment waits for us, or we did for them
        if not unit.approvals.answer(row.id, "given", by=by):
            raise WrongInput(f"approval {row.id} was answered just now", do="see 'edi-gateway approval list'")
        flow = stopped(unit, asked.flow)
        text = f"approval {row.id} is given: {reason}; it was held because: {row.because}"
        unit.events.tell("approval.given", row.subject, text, partner=row.partner, actor=by)
        if others := [each for each in waits if each.operation == OPERATION and each.id != row.id]:
            return Answer(f"approval {approval} is given; the order waits for {_whom(others)} too")
        go_on(unit, flow, Done("consult", position=position_with(flow, by, row.fingerprint)))
    return Answer(f"approval {approval} is given; the order goes on if the ERP still says the same")


def refuse_order(tools: Tools, approval: int, *, because: str, by: str) -> str:
    """Refuses what our rules held: an order by an 855, a change by an 865.

    Raises WrongInput as ``approve_order``, and for what no answer refuses.
    """
    with tools.store.read() as unit:
        row = _open(unit, approval)
        asked = msgspec.json.decode(row.arguments, type=Asked)
    asked.check_may_answer(by)
    return reject_hold(tools, asked.flow, because=because, by=by)


def _open(unit: Unit, id: int) -> ApprovalRow:
    row = unit.approvals.find(id)
    if row is None or row.operation != OPERATION:
        raise WrongInput(f"there is no approval {id} of an order", do="see 'edi-gateway approval list'")
    if row.state == "stale":
        raise WrongInput(
            f"the order changed since approval {id} was asked for; it holds no longer", do="see 'approval list' again"
        )
    if row.state != "asked":
        raise WrongInput(f"approval {id} is {row.state} already, by {row.answered_by}")
    return row


def _whom(others: list[ApprovalRow]) -> str:
    """Whose word is still missing, and under which number."""
    asked = [(each.id, msgspec.json.decode(each.arguments, type=Asked).approvers) for each in others]
    return " and ".join(f"approval {id}, of {' or '.join(approvers)}" for id, approvers in asked)
