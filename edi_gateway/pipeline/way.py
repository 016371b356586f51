"""The way: which stage follows which, and in which kind of lane each keeps its order.

This table is the truth: the engine refuses a step that is not in it, as the store refuses a move between states that is not in
``store.flow_states``; ``docs/state.md`` is generated from both.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from edi_gateway.errors import Defect
from edi_gateway.store.flow_states import MOVES, STATES
from edi_gateway.store.flows import USUAL
from edi_gateway.store.lanes import WITHIN
from edi_gateway.store.rows import FlowRow

__all__ = ["MOVES", "STATES", "WAY", "LaneKind", "Step", "check_step", "is_retried", "kind_of", "lane_of", "priority_at"]


class LaneKind(StrEnum):
    """What a lane keeps the order of. Erp and wire lanes touch the world and have threads of their own."""

    INTAKE = "intake"  # a connection that payloads come from
    BUSINESS = "business"  # a partner's documents
    ANSWER = "answer"  # a partner's acknowledgments: they wait for nothing else
    ERP = "erp"  # what a connector is asked and given for a partner
    WIRE = "wire"  # a connection that interchanges go to

    @property
    def touches_the_world(self) -> bool:
        return self in (LaneKind.ERP, LaneKind.WIRE)

    @property
    def in_order(self) -> bool:
        """Whether a flow that waits for its retry holds the ones behind it."""
        return self is not LaneKind.ANSWER


class Step(NamedTuple):
    """One stage: its lane, what may follow, and what it does in a sentence."""

    lane: LaneKind
    next: tuple[str, ...]
    does: str
    attempts: bool = False  # records that it is about to touch the world before it does


WAY: dict[str, Step] = {
    # inbound
    "read": Step(LaneKind.INTAKE, ("read",), "reads the payload: interchanges, groups, sets and findings; one flow for each set"),
    "acknowledge": Step(LaneKind.ANSWER, ("envelope",), "writes the 997 or TA1 that a group or interchange is owed"),
    "repeat": Step(LaneKind.ANSWER, (), "sends the old answer to an old interchange again"),
    "confirm": Step(LaneKind.ANSWER, (), "matches a 997 they sent to what it answers"),
    "translate": Step(LaneKind.BUSINESS, ("consult", "apply"), "turns a set into a document by its map"),
    "consult": Step(
        LaneKind.ERP,
        ("apply", "consult", "draft"),
        "asks the ERP about credit, price and stock; a change waits here for its order; a person may refuse the order",
    ),
    "apply": Step(
        LaneKind.BUSINESS,
        ("deliver", "draft", "consult"),
        "applies the rules: opens the order thread, or changes it; applies cash",
    ),
    "deliver": Step(LaneKind.ERP, ("draft",), "posts the document to the ERP", attempts=True),
    # outbound
    "draft": Step(LaneKind.BUSINESS, ("bill", "check"), "drafts the answer to an order from what the ERP tells"),
    "bill": Step(
        LaneKind.BUSINESS,
        ("bill", "check"),
        "keeps an invoice as a draft until its window closes, its 856 has gone or a person releases it; makes one of several",
    ),
    "check": Step(
        LaneKind.BUSINESS, ("compose",), "moves the order thread, and holds the document against the partner's compliance rules"
    ),
    "compose": Step(LaneKind.BUSINESS, ("envelope",), "turns a document into a set by its map, and validates it"),
    "envelope": Step(LaneKind.ANSWER, ("send",), "gives control numbers and writes the interchange of all that leave together"),
    "send": Step(
        LaneKind.WIRE, ("await", "send"), "sends the interchange over its connection; waits for a receipt to come", attempts=True
    ),
    "await": Step(LaneKind.ANSWER, ("await",), "waits for the partner's acknowledgment, and says when it is overdue"),
}


@lru_cache(maxsize=1024)
def lane_of(stage: str, *, partner: str | None, connection: str | None, connector: str | None) -> str:
    """The lane a flow keeps its order in while at ``stage``."""
    kind = WAY[stage].lane
    whose = {
        LaneKind.INTAKE: (connection,),
        LaneKind.WIRE: (connection,),
        LaneKind.ERP: (connector, partner),
        LaneKind.BUSINESS: (partner,),
        LaneKind.ANSWER: (partner,),
    }[kind]
    if not all(whose):
        raise Defect(f"a flow at '{stage}' does not say whose {kind} lane it is in")
    return f"{kind}:{WITHIN.join(map(str, whose))}"


@lru_cache(maxsize=1024)
def kind_of(lane: str) -> LaneKind:
    """The kind of a lane, from its id."""
    return LaneKind(lane.partition(":")[0])


def is_retried(flow: FlowRow) -> bool:
    """Whether a flow was tried in vain on the wire or at the ERP and is tried again: what is behind it in its lane waits too."""
    return flow.state in ("ready", "attempting") and flow.tries > 0 and kind_of(flow.lane).touches_the_world


def priority_at(stage: str, subject: str, given: int = USUAL) -> int:
    """What a flow of ``given`` urgency goes by in its lane at ``stage``: the smaller goes first.

    Acknowledgments go first until they are numbered. Over a wire interchanges go in the order of their numbers, so there a flow
    goes by its transmission: a counter is locked from where a number is drawn until what carries it is on record, and so the ids
    of transmissions grow as the numbers of each counter do.
    """
    if WAY[stage].lane is LaneKind.WIRE:
        return int(subject.partition(":")[2])
    return USUAL if stage == "await" else given


def check_step(stage: str, next_stage: str | None, *, back: bool = False) -> None:
    """Raises Defect where the way has no such step. ``back``: ``stage`` itself, and what leads to it, will do too."""
    if next_stage is None or next_stage in WAY[stage].next or (back and _leads(next_stage, stage)):
        return
    raise Defect(f"'{next_stage}' does not follow '{stage}'")


def _leads(stage: str, there: str) -> bool:
    """Whether the way leads from a stage to another one, or is there."""
    seen, ahead = {stage}, [stage]
    while ahead:
        new = [each for each in WAY[ahead.pop()].next if each not in seen]
        seen.update(new)
        ahead += new
    return there in seen
