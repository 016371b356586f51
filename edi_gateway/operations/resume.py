"""Resume: a person lets a held or dead flow go on, after mending what held it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from edi_gateway.errors import WrongInput
from edi_gateway.operations.moving import go_on, move
from edi_gateway.operations.request import name_of
from edi_gateway.operations.seen import check_seen
from edi_gateway.pipeline.inbound.deliver_change import is_overtaken
from edi_gateway.pipeline.inbound.order_approval import OPERATION, asked_of, in_place_of, position_with, words_of
from edi_gateway.pipeline.inbound.position import Position
from edi_gateway.pipeline.outbound.bill import IN_WINDOW, asks_release
from edi_gateway.pipeline.outbound.mend import what_helps
from edi_gateway.pipeline.outcome import Done
from edi_gateway.pipeline.tools import APPROVED
from edi_gateway.pipeline.way import is_retried
from edi_gateway.store.database import Database
from edi_gateway.store.rows import FlowRow
from edi_gateway.store.unit import Unit
from edi_gateway.trading.profile import OrderTerms
from edi_gateway.trading.versions import from_json

_END_IT = "'edi-gateway hold dismiss' ends it and asks for the reason"


def resume(
    store: Database, flow_id: int, *, by: str, admin: bool = False, attach_to: str = "", seen: datetime | None = None
) -> None:
    """Sets a held or dead flow going again, at the stage where it stopped; a change of an order of which too much has left
    meanwhile is decided on anew.

    ``attach_to`` names the partner an unknown sender's interchange belongs to. What waits for people whom the profile in
    force names no more is asked anew, of whom it names now; what waits for people named an ``admin`` resumes in their place.
    ``seen`` is the flow's ``changed_at`` as they read it. Raises WrongInput when there is nothing to resume, for what the partner
    rejected, which does not go on by itself, for who may not, for what changed since it was read, and for a partner there is not.
    """
    with store.write() as unit:
        flow = stopped(unit, flow_id, seen)
        if is_read(flow):
            raise WrongInput(f"flow {flow_id} read all that can be read; nothing of it is left to go on with", do=_END_IT)
        if is_rejected(flow):
            row = unit.transactions.get(int(flow.subject_id))
            said = f"{row.partner} answered {name_of(row)}: {row.acknowledgment}; to let flow {flow_id} go on would send nothing"
            dealt = f"'edi-gateway hold dismiss {flow_id}' says, with the reason, that it is dealt with"
            raise WrongInput(said, do=f"{what_helps(unit, row)}; {dealt}")
        unit.versions.check_partner(attach_to)
        if is_overtaken(unit, flow):
            go_on(unit, flow, Done("apply"), back=True)
            how = ", to be decided anew at 'apply': goods of its order have left"
        else:
            position, how = _attached(flow, attach_to) if attach_to else _answered(unit, flow, by, admin=admin)
            move(unit, flow, state="ready", due_at=unit.clock.now(), tries=0, deaths=0, because="", position=position)
        said = f"resumed at '{flow.stage}'{how}; it was held because: {flow.because}"
        unit.events.tell("flow.resumed", flow.subject, said, partner=flow.partner, actor=by)


def resume_each(store: Database, flows: Iterable[int], *, by: str) -> list[int]:
    """Sets these going, each by itself, so that one that cannot stops no other; those that did.

    One that ``resume`` refuses stays as it is, whatever the reason, and the reason is not told: it moved meanwhile, nothing of it
    is left to go on with, or it waits for people of whom this is none. Who resumes it alone is told.
    """
    return [flow for flow in flows if _goes_on(store, flow, by)]


def _goes_on(store: Database, flow: int, by: str) -> bool:
    try:
        resume(store, flow, by=by)
    except WrongInput:
        return False
    return True


def _answered(unit: Unit, flow: FlowRow, by: str, *, admin: bool) -> tuple[str, str]:
    """The position it goes on with, and what is told of that. To resume what waits for approvals is to give them.

    Raises WrongInput for who may not.
    """
    waits = [each for each in unit.approvals.open(flow.subject) if each.operation == OPERATION]
    if not waits:
        return _approved(unit, flow, by), ""
    asked = asked_of(waits)
    terms = _terms(unit, flow.partner or "")
    anew = terms is not None and any(each.is_of_others(by, terms) for each in asked)
    if not anew and not admin:
        for each in asked:
            each.check_may_answer(by)
    for row in waits:
        unit.approvals.answer(row.id, "stale" if anew else "given", by=by)
    if anew:
        return flow.position, ", and asked anew of whom the profile names now"
    return position_with(flow, by, waits[0].fingerprint), in_place_of(asked, by)


def _terms(unit: Unit, partner: str) -> OrderTerms | None:
    """Today's terms of a partner's orders; None where no profile is in force."""
    version = unit.versions.current().get(("partner", partner))
    return from_json(unit.versions.body("partner", partner, version)).orders if version else None


def stopped(unit: Unit, flow_id: int, seen: datetime | None = None) -> FlowRow:
    """The held or dead flow of this number. Raises WrongInput where it is neither, or changed since it was ``seen``."""
    flow = unit.flows.get(flow_id)
    if flow is None:
        raise WrongInput(f"there is no flow {flow_id}", do="see 'edi-gateway hold list'")
    if flow.state not in ("held", "dead"):
        first = f"'edi-gateway hold place {flow_id}' holds it" if is_retried(flow) else None
        raise WrongInput(f"flow {flow_id} is {flow.state}; only held and dead ones wait for a person", do=first)
    check_seen(flow, seen)
    return flow


def is_read(flow: FlowRow) -> bool:
    """Whether a flow stopped because of what could not be read, behind which nothing more comes."""
    return flow.stage == "read" and bool(flow.position) and msgspec.json.decode(flow.position, type=Position).over


def is_rejected(flow: FlowRow) -> bool:
    """Whether a flow waits because its partner rejected what we sent: a person sends it again, or says that it is dealt with."""
    return flow.stage == "await" and flow.state == "held"


def asks_approval(flow: FlowRow) -> bool:
    """Whether to resume a flow is to approve what our rules held."""
    if flow.stage == "bill":
        return flow.state == "held" and asks_release(flow.because)
    return flow.stage in ("apply", "check", "compose") and flow.state == "held"


def _approved(unit: Unit, flow: FlowRow, by: str) -> str:
    """Resuming what our rules held is the approval they asked for.

    Of what comes in it answers what it was held for, and nothing else our rules may say of it then.
    """
    if flow.stage == "apply" and flow.state == "held":
        return position_with(flow, by, words_of(flow.because))
    return APPROVED + by if asks_approval(flow) else position_of_draft(unit, flow)


def position_of_draft(unit: Unit, flow: FlowRow) -> str:
    """The position a stopped flow goes on with: a draft stopped in its window waits for that again, if it is open still."""
    in_window = flow.stage == "bill" and flow.position == IN_WINDOW and flow.due_at > unit.clock.now()
    return "" if in_window else flow.position


def _attached(flow: FlowRow, partner: str) -> tuple[str, str]:
    """The position it goes on with, and what is told of that."""
    if flow.stage != "read" or not flow.position:
        raise WrongInput(f"flow {flow.id} is no interchange of an unknown sender; there is nothing to attach")
    position = msgspec.json.decode(flow.position, type=Position)
    cursor = msgspec.structs.replace(position.cursor, forced_partner=partner)
    return msgspec.json.encode(msgspec.structs.replace(position, cursor=cursor)).decode(), f", attached to {partner}"
