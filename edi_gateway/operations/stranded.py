"""Stranded: what waits at a connection or an ERP connector could go nowhere once that is out of force."""

from __future__ import annotations

from collections.abc import Iterable

from edi_gateway.errors import WrongInput
from edi_gateway.pipeline.way import LaneKind
from edi_gateway.store.unit import Unit

_LANES = {"connection": (LaneKind.INTAKE, LaneKind.WIRE), "connector": (LaneKind.ERP,)}
_OPEN = ("ready", "attempting", "waiting", "held", "dead")
_NAMED = 5  # flows named in the refusal


def refuse_to_strand(unit: Unit, removed: Iterable[tuple[str, str]]) -> None:
    """Raises WrongInput where anything waits at one of these (kind, name), which are about to be taken out of force."""
    lanes = {f"{lane}:{name}": f"{kind} {name}" for kind, name in removed for lane in _LANES.get(kind, ())}
    if not lanes:
        return
    stranded = [flow for state in _OPEN for flow in unit.flows.in_state(state) if flow.lane in lanes]
    if not stranded:
        return
    told = "; ".join(f"flow {flow.id} at '{flow.stage}' of {lanes[flow.lane]}" for flow in stranded[:_NAMED])
    more = f" and {len(stranded) - _NAMED} more" if len(stranded) > _NAMED else ""
    raise WrongInput(
        f"what waits there could go nowhere any more: {told}{more}",
        do="keep it until they have gone, or end them first: see 'edi-gateway hold list'",
    )
