"""Refuse a change: a person takes nothing of an 860, whatever it asks for; the order stays, and the buyer is answered."""

from __future__ import annotations

import msgspec

from edi_gateway.documents.order_change import OrderChange
from edi_gateway.errors import WrongInput
from edi_gateway.order_to_cash.changes import LineChange, Revision
from edi_gateway.order_to_cash.rules import Ruling
from edi_gateway.pipeline.inbound.apply_change import refuse, refuse_before_confirmation, revised
from edi_gateway.pipeline.inbound.order_changed import OrderChanged, order_changed
from edi_gateway.pipeline.outcome import Outcome
from edi_gateway.pipeline.planned_change import Planned
from edi_gateway.store.rows import DocumentRow, FlowRow
from edi_gateway.store.unit import Unit
from edi_gateway.trading.profile import TradingPartner

_SAID = {
    "865": "an 865 says so",
    "855": "an 855 says the order as it stands",
    "none": "nothing is agreed that says so: tell the partner",
}


def refuse_change(
    unit: Unit, flow: FlowRow, row: DocumentRow, change: OrderChange, partner: TradingPartner, because: str
) -> tuple[Outcome, str]:
    """What becomes of the flow of a change that is refused, and how its sender is told.

    Raises WrongInput where its order has not come, could be several, and where the ERP may have taken the change already.
    """
    if unit.attempts.in_doubt(flow):
        raise WrongInput("the ERP may have it", do="look there: 'hold resume' asks again, 'hold delivered' says that it has it")
    found = order_changed(unit, partner.name, change, usage=row.usage)
    if found is None:
        said = f"order {change.number} of {partner.name} has not come: there is no order of which an answer could speak"
        raise WrongInput(said, do="tell the partner, then dismiss it")
    revision = nothing_taken(found, revised(found, change, partner), change, because)
    if found.thread is None:
        outcome = refuse_before_confirmation(unit, row, change, found, revision)
        return outcome, f"the change of order {change.number} is refused; the order waits on"
    unit.documents.change(row.id, thread_id=found.thread.id)
    unit.documents.record_ruling(row.id, msgspec.json.encode(Planned(revision=revision, ruling=Ruling(lines=()))))
    outcome = refuse(unit, row, change, found, because, too_late=revision.is_too_late)
    return outcome, f"the change of order {change.number} is refused; {_SAID[partner.changes.answered_by]}"


def nothing_taken(found: OrderChanged, revision: Revision, change: OrderChange, because: str) -> Revision:
    """The same with every line refused, and the order as it stands. What names no line is refused as a whole."""
    whole = LineChange(number="", change=change.purpose, refused=because)
    lines = tuple(
        line if line.refused else msgspec.structs.replace(line, refused=because, quantity=line.was) for line in revision.lines
    )
    return Revision(order=found.order, lines=lines or (whole,))
