"""What a replay of a set does beside computing: goes on with what waited, posts or sends again where told to, or nothing."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from edi_gateway.errors import WrongInput
from edi_gateway.operations.moving import go_on
from edi_gateway.operations.recompute import Recomputed
from edi_gateway.operations.request import Request, name_of
from edi_gateway.operations.second_pair import ask_within
from edi_gateway.operations.send_anew import refuse_second
from edi_gateway.pipeline.inbound.order_approval import BY_RULES
from edi_gateway.pipeline.inbound.translate import Made, put_made, stage_after
from edi_gateway.pipeline.outbound.originals import WITH_THEM
from edi_gateway.pipeline.outcome import Done
from edi_gateway.pipeline.tools import Tools
from edi_gateway.store.replays import Terms
from edi_gateway.store.rows import FlowRow, TransactionRow
from edi_gateway.store.unit import Unit

STOPPED, MOVING = ("held", "dead"), ("ready", "attempting", "waiting")
BEFORE_THE_WORLD = ("translate", "consult", "apply", "bill", "check", "compose")  # nothing was posted or sent from here yet


class Kind(StrEnum):
    """What happens with a set, in a word."""

    ON_ITS_WAY = "on its way"
    GOES_ON = "goes on"
    RECOMPUTED = "recomputed"
    POSTED_AGAIN = "posted again"
    SENT_AGAIN = "sent again"
    ASKED = "asked"  # a second person has to agree first


class Effect(NamedTuple):
    """What happens with a set, in a word and a sentence; ``child`` is what was made from it."""

    kind: Kind
    text: str
    child: str = ""
    flow: FlowRow | None = None


class Again(NamedTuple):
    """A set, what it came to, and on whose word it is done again."""

    row: TransactionRow
    result: Recomputed
    terms: Terms
    because: str
    by: str


def classify(unit: Unit, row: TransactionRow, terms: Terms) -> Effect:
    """What replaying a set comes to, beside computing it."""
    flows = _flows(unit, row)
    moving = next((flow for flow in flows if flow.state in MOVING and flow.stage != "await"), None)
    if moving is not None:
        return Effect(Kind.ON_ITS_WAY, f"it is at '{moving.stage}' already; nothing is done to it")
    stopped = next((flow for flow in flows if flow.state in STOPPED), None)
    if stopped is not None and stopped.stage in BEFORE_THE_WORLD:
        return Effect(Kind.GOES_ON, f"it was {stopped.state} at '{stopped.stage}' and goes on from the beginning", flow=stopped)
    if row.direction == "in":
        return _incoming(row, stopped, terms)
    return _outgoing(unit, row, terms)


def _incoming(row: TransactionRow, stopped: FlowRow | None, terms: Terms) -> Effect:
    if stopped is not None:
        return Effect(Kind.RECOMPUTED, f"it is {stopped.state} at '{stopped.stage}': resume or dismiss that; nothing is posted")
    if row.delivery != "delivered" and not terms.sends:
        return Effect(Kind.RECOMPUTED, "its way had ended; nothing is posted")
    if not terms.sends:
        return Effect(Kind.RECOMPUTED, "the ERP has it already; nothing is posted again")
    return Effect(Kind.POSTED_AGAIN, "it is posted to the ERP again, as a document of its own")


def _outgoing(unit: Unit, row: TransactionRow, terms: Terms) -> Effect:
    if row.delivery not in WITH_THEM:
        return Effect(Kind.RECOMPUTED, f"it has not left ({row.delivery}); nothing is sent")
    if not terms.sends:
        return Effect(Kind.RECOMPUTED, f"{row.partner} has it already; nothing is sent again")
    if terms.numbers == "kept":
        return Effect(Kind.SENT_AGAIN, f"it goes to {row.partner} again, in the same interchange")
    try:
        refuse_second(unit, row)
    except WrongInput as second:
        return Effect(Kind.RECOMPUTED, f"nothing is sent: {second}")
    return Effect(Kind.SENT_AGAIN, f"it goes to {row.partner} again, under new control numbers")


def take_effect(unit: Unit, tools: Tools, effect: Effect, again: Again) -> Effect:
    """Does it, in the transaction given. Raises WrongInput where it cannot be done."""
    match effect.kind:
        case Kind.GOES_ON:
            return _go_on(unit, effect, again)
        case Kind.POSTED_AGAIN:
            return _post_again(unit, tools, effect, again)
        case Kind.SENT_AGAIN:
            return _send_again(unit, tools, effect, again)
        case Kind.RECOMPUTED if again.result.made is not None and again.result.differences:
            return effect._replace(child=_child(unit, again, again.result.made))
    return effect


def _go_on(unit: Unit, effect: Effect, again: Again) -> Effect:
    flow = effect.flow
    assert flow is not None  # noqa: S101  # classify found it
    made, row = again.result.made, again.row
    if made is None:
        stage = flow.stage if flow.stage in ("bill", "check") else "compose"
        go_on(unit, flow, Done(stage, subject=f"document:{row.document_id}"), back=True)
        _tell(unit, again, f"{name_of(row)} goes on, replayed")
        return effect
    child = _child(unit, again, made)
    id = child.partition(":")[2]
    unit.transactions.change(row.id, document_id=id, business_number=made.number(row))
    for asked in unit.approvals.open(flow.subject):  # of what it was
        unit.approvals.answer(asked.id, "stale", by=BY_RULES)
    go_on(unit, flow, Done(stage_after(made.document), subject=child, connector=made.connector), back=True)
    _tell(unit, again, f"{name_of(row)} goes on, replayed")
    return effect._replace(child=child)


def _post_again(unit: Unit, tools: Tools, effect: Effect, again: Again) -> Effect:
    made = again.result.made
    assert made is not None  # noqa: S101  # what came always makes a document
    child = _child(unit, again, made)
    arguments = {"document": child.partition(":")[2], "connector": made.connector}
    answer = ask_within(unit, tools, _request("post again", again, arguments))
    if answer.approval:
        return Effect(Kind.ASKED, answer.text, child)
    return effect._replace(child=child)


def _send_again(unit: Unit, tools: Tools, effect: Effect, again: Again) -> Effect:
    if again.terms.numbers == "kept" and again.result.differences:
        raise WrongInput("a control number stands for the bytes it went with, and they would be others", do="use new numbers")
    operation = "retransmit" if again.terms.numbers == "kept" else "send anew"
    answer = ask_within(unit, tools, _request(operation, again, {}))
    return Effect(Kind.ASKED if answer.approval else Kind.SENT_AGAIN, answer.text, answer.child)


def _request(operation: str, again: Again, arguments: dict[str, str]) -> Request:
    return Request(operation=operation, transaction=again.row.id, because=again.because, by=again.by, arguments=arguments)


def _child(unit: Unit, again: Again, made: Made) -> str:
    """Records the document that came out, beside the one it is made again from."""
    child = f"document:{put_made(unit, again.row, made)}"
    parent = f"document:{again.row.document_id}" if again.row.document_id else f"transaction:{again.row.id}"
    unit.descent.add(child, parent, "replay", because=again.because, by=again.by)
    return child


def _tell(unit: Unit, again: Again, text: str) -> None:
    told = f"{text}: {again.because}"
    unit.events.tell("set.replayed", f"transaction:{again.row.id}", told, partner=again.row.partner, actor=again.by)


def _flows(unit: Unit, row: TransactionRow) -> list[FlowRow]:
    """The flows that carry a set, its document or its interchange."""
    subjects = [f"transaction:{row.id}"]
    subjects += [f"document:{row.document_id}"] if row.document_id else []
    if row.direction == "out" and row.interchange_id:
        moved = unit.interchanges.get(row.interchange_id).transmission_id
        subjects += [f"transmission:{moved}"] if moved else []
    return [flow for subject in subjects for flow in unit.flows.of(subject)]
