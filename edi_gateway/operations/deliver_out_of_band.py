"""Delivered out of band: a person brought it there by other means (e-mail, a portal, typed in); nothing is sent or posted."""

from __future__ import annotations

from datetime import datetime

from edi_gateway.erp.base import Posted
from edi_gateway.errors import WrongInput
from edi_gateway.operations.moving import go_on
from edi_gateway.operations.request import reasoned
from edi_gateway.operations.resume import is_rejected, stopped
from edi_gateway.pipeline.inbound.deliver import happened
from edi_gateway.pipeline.outbound.mend import what_helps
from edi_gateway.pipeline.outbound.overtaken import tell_overtaken
from edi_gateway.pipeline.outbound.send import arrived
from edi_gateway.pipeline.outcome import Done
from edi_gateway.pipeline.tools import Tools
from edi_gateway.store.quiet import OUT_OF_BAND
from edi_gateway.store.rows import FlowRow
from edi_gateway.store.unit import Unit
from edi_gateway.transports.base import Receipt


def deliver_out_of_band(tools: Tools, flow_id: int, *, because: str, by: str, seen: datetime | None = None) -> str:
    """Marks what is held or dead at ``send`` or ``deliver`` as delivered; an interchange then waits for its acknowledgment.

    Returns what came of it, as a sentence. Raises WrongInput without a reason, for a flow that is elsewhere or changed since
    it was ``seen``.
    """
    how = f"{OUT_OF_BAND}, by {by}: {reasoned(because)}"
    with tools.store.write() as unit:
        flow = stopped(unit, flow_id, seen)
        if flow.stage == "send":
            text = _sent(unit, tools, flow, how)
        elif flow.stage == "deliver":
            text = _posted(unit, tools, flow, f"what {by} brought there: {reasoned(because)}")
        else:
            said = f"flow {flow_id} is at '{flow.stage}'; only what is to be sent or posted is brought by hand"
            raise WrongInput(said, do=_do_instead(unit, flow))
        unit.events.tell("flow.delivered_out_of_band", flow.subject, f"{text} {how}", partner=flow.partner, actor=by)
    return text


def _do_instead(unit: Unit, flow: FlowRow) -> str:
    dismissed = f"'edi-gateway hold dismiss {flow.id}' ends it"
    if is_rejected(flow):
        return f"{what_helps(unit, unit.transactions.get(int(flow.subject_id)))}; {dismissed} where it is dealt with"
    return f"'edi-gateway hold resume {flow.id}' lets it go on once its cause is mended, {dismissed}"


def _sent(unit: Unit, tools: Tools, flow: FlowRow, how: str) -> str:
    transmission = unit.transmissions.get(int(flow.subject_id))
    tell_overtaken(unit, transmission, tools.directory)
    outcome = arrived(flow, Receipt(transmission.name, how), tools.directory)(unit)
    if not isinstance(outcome, Done):
        raise WrongInput(f"{transmission.name} cannot be marked as delivered: {outcome.because}")
    go_on(unit, flow, outcome, how)
    return f"{transmission.name} is with {flow.partner}"


def _posted(unit: Unit, tools: Tools, flow: FlowRow, how: str) -> str:
    outcome = happened(flow, Posted(how), tools.directory)(unit)
    if not isinstance(outcome, Done):
        raise WrongInput(f"{flow.subject} cannot be marked as delivered: {outcome.because}")
    go_on(unit, flow, outcome, how)
    return f"{flow.subject} is with {flow.connector}"
