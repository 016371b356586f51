"""Hold: a person holds what its partner's server, or the ERP, alone refuses again and again; what stands behind it goes on.

A flow that waits for its next try keeps its lane's order, so everything behind it waits too: over a wire also acknowledgments.
That is right where the connection fails, and wrong where it fails for this one alone; a person can tell.
"""

from __future__ import annotations

import msgspec

from edi_gateway.errors import WrongInput
from edi_gateway.operations.moving import move
from edi_gateway.operations.request import reasoned
from edi_gateway.pipeline.way import is_retried, kind_of
from edi_gateway.store.database import Database
from edi_gateway.store.lanes import circuit_of
from edi_gateway.store.rows import FlowRow
from edi_gateway.store.unit import Unit
from edi_gateway.wording import count


def hold(store: Database, flow_id: int, *, because: str, by: str) -> None:
    """Holds a flow that waits for its next try; ``resume``, ``dismiss`` and ``deliver_out_of_band`` end that like any hold.

    The one behind it is tried at once, also where the lane's circuit is open: whether that works decides whether it closes.
    Raises WrongInput without a reason, for what is at a try just now, and for what does not wait for one.
    """
    reason = reasoned(because)
    with store.write() as unit:
        flow = _retried(unit, flow_id)
        said = f"held by {by}: {reason}; after {count(flow.tries, 'try', 'tries')}: {flow.because}"
        move(unit, flow, state="held", because=said)
        _let_by(unit, flow.lane)
        unit.events.tell("flow.held", flow.subject, said, partner=flow.partner, actor=by)


def _retried(unit: Unit, flow_id: int) -> FlowRow:
    """The flow of this number, which waits for its next try. Raises WrongInput for any other."""
    flow = unit.flows.get(flow_id)
    if flow is None:
        raise WrongInput(f"there is no flow {flow_id}", do="see 'edi-gateway hold list --retried'")
    if flow.state == "attempting":
        raise WrongInput(
            f"flow {flow_id} is at a try just now, or what came of it is being asked", do="wait until that is known, look again"
        )
    if is_retried(flow):
        return flow
    if flow.state != "ready" or not kind_of(flow.lane).touches_the_world:
        raise WrongInput(f"flow {flow_id} is {flow.state}; only what waits for its next try on the wire or at the ERP is held")
    front = unit.flows.ready(flow.lane, 1)
    whom = f"; flow {front[0].id} is in front of it" if front and front[0].id != flow_id else ""
    raise WrongInput(f"flow {flow_id} was not tried yet{whom}", do="see 'edi-gateway hold list --retried'")


def _let_by(unit: Unit, lane: str) -> None:
    """The lane's next flow is due now: it is the probe where the circuit is open."""
    out_of_order = unit.breakers.of(circuit_of(lane))
    if out_of_order is not None:
        unit.breakers.put(msgspec.structs.replace(out_of_order, open_until=None, failed_at=None))
    unit.lanes.wake(lane)
