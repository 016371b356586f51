"""The states of a flow, and the moves between them: ``Flows.move`` refuses any other."""

from __future__ import annotations

from edi_gateway.errors import Defect

STATES: dict[str, str] = {
    "ready": "its stage can run as soon as it is due, its lane reaches it and nothing of its order is before it",
    "attempting": "it has said that it is about to touch the world, and not yet what came of it",
    "waiting": "it waits until it is due: for an answer, or for the window in which it leaves",
    "held": "it waits for a person, and says why",
    "rejected": "it was refused, and its sender is told so by an acknowledgment; the way ends here",
    "dead": "it failed too often, or its worker died in it; a person can set it going again",
    "done": "the way ends here",
}

MOVES: dict[str, tuple[str, ...]] = {
    "ready": ("ready", "attempting", "waiting", "held", "rejected", "dead", "done"),
    "attempting": ("ready", "waiting", "held", "rejected", "dead", "done"),
    "waiting": ("ready",),
    "held": ("ready", "done"),
    "dead": ("ready", "done"),
    "rejected": (),
    "done": (),
}


def check_move(before: str, after: str) -> None:
    """Raises Defect where a flow in one state cannot go to the other."""
    if after not in MOVES[before]:
        raise Defect(f"a flow that is {before} cannot become {after}")
