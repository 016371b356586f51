"""docs/state.md: the way and the states of what is on it, written from the tables that the engine obeys."""

from __future__ import annotations

from collections.abc import Iterator

from edi_gateway.pipeline.stages import WORLD_STAGES
from edi_gateway.pipeline.way import MOVES, STATES, WAY, LaneKind, Step

LANES: dict[LaneKind, str] = {
    LaneKind.INTAKE: "payloads of one connection, in the order they came",
    LaneKind.BUSINESS: "documents of one partner, in their order",
    LaneKind.ANSWER: "acknowledgments to and from one partner; none waits for another",
    LaneKind.ERP: "what one connector is asked and given for one partner; threads of their own",
    LaneKind.WIRE: "what goes over one connection, in the order of its control numbers; threads of their own",
}

_BEGINNING = """# States

Written by `tools/document_states` from `edi_gateway/pipeline/way.py` and `edi_gateway/store/flow_states.py`; a test holds it
current.

A *flow* is the way of one thing (a payload, a set, a document, an interchange) through our *stages*. It is a row: the stage it is
at, the state it is in, when it is due, and why it is there. The engine runs the stage of whatever is ready and due, and records
what the stage made and where the flow goes next in one transaction: both or neither. A step or a move that is not below is
refused as a defect. What was held and corrected, or is replayed, may go again from the stage where it is, or from one before it.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([_BEGINNING, *_states(), *_stages(), *_lanes()])


def _states() -> Iterator[str]:
    yield "## The states of a flow\n"
    yield "```mermaid\nstateDiagram-v2"
    yield from (f"    {before} --> {after}" for before, all_ in MOVES.items() for after in all_)
    yield "```\n"
    yield "| state | what it means | what can follow |"
    yield "|---|---|---|"
    yield from (f"| {state} | {means} | {', '.join(MOVES[state]) or 'nothing'} |" for state, means in STATES.items())
    yield "\nA flow begins ready; that of a set refused as it is read begins rejected, and of one that needs a person, held.\n"


def _stages() -> Iterator[str]:
    yield "## The stages\n"
    yield "```mermaid\nflowchart LR"
    yield from (f"    {stage} --> {following}" for stage, step in WAY.items() for following in step.next)
    yield "```\n"
    yield "| stage | lane | what it does | what follows |"
    yield "|---|---|---|---|"
    yield from (_row(stage, step) for stage, step in WAY.items())
    told = " and ".join(f"`{stage}`" for stage in WORLD_STAGES)
    yield f"\n{told} touch the world: they are `attempting` between the commit that says so and the commit of what came of it.\n"


def _row(stage: str, step: Step) -> str:
    return f"| {stage} | {step.lane} | {step.does} | {', '.join(step.next) or 'the way ends'} |"


def _lanes() -> Iterator[str]:
    yield "## The lanes\n"
    yield "| lane | whose order it keeps |"
    yield "|---|---|"
    yield from (f"| {kind} | {means} |" for kind, means in LANES.items())
    yield ""
