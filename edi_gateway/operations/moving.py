"""Moving: where a flow goes when a person says so, or ends its stage in place of the engine."""

from __future__ import annotations

from typing import Any

from edi_gateway.errors import WrongInput
from edi_gateway.pipeline.moving import to_stage
from edi_gateway.pipeline.outcome import Done
from edi_gateway.store.rows import FlowRow
from edi_gateway.store.unit import Unit


def move(unit: Unit, flow: FlowRow, *, state: str, **changes: Any) -> None:
    """Moves a flow because a person says so. Raises WrongInput where somebody else moved it: nothing is recorded then."""
    _surely(flow, unit.flows.move(flow, state=state, **changes))


def go_on(unit: Unit, flow: FlowRow, done: Done, because: str = "", *, back: bool = False) -> None:
    """Moves a stopped flow as its stage would have, or ``back`` to go again; ``because`` is kept where its way ends.

    Raises WrongInput where somebody else moved it.
    """
    if done.next is None:
        _surely(flow, unit.flows.move(flow, state="done", because=because))
    else:
        _surely(flow, to_stage(unit, flow, done, back=back))


def _surely(flow: FlowRow, moved: bool) -> None:
    if not moved:
        raise WrongInput(f"flow {flow.id} was moved by somebody else just now", do="look again")
