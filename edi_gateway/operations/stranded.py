"""Stranded: what waits at a connection, at an ERP connector or on its way to one could go nowhere once that is out of force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from edi_gateway.errors import WrongInput
from edi_gateway.pipeline.way import LaneKind
from edi_gateway.store.flows import NOT_OVER
from edi_gateway.store.lanes import circuit_of
from edi_gateway.store.rows import FlowRow
from edi_gateway.store.unit import Unit

_LANES = {"connection": (LaneKind.INTAKE, LaneKind.WIRE), "connector": (LaneKind.ERP,)}
_BEFORE_DELIVER = ("consult", "apply")  # stages from which a flow goes to its ERP
_NAMED = 5  # flows named in the refusal


def refuse_to_strand(unit: Unit, removed: Iterable[tuple[str, str]]) -> None:
    """Raises WrongInput where anything waits at one of these (kind, name), or goes there, that are to be out of force."""
    gone = set(removed)
    if not any(kind in _LANES for kind, _ in gone):
        return
    lanes = {f"{lane}:{name}": f" of {kind} {name}" for kind, name in gone for lane in _LANES.get(kind, ())}
    bound = {name: f", on its way to connector {name}" for kind, name in gone if kind == "connector"}
    there = ((flow, _where(flow, lanes, bound)) for state in NOT_OVER for flow in unit.flows.in_state(state))
    stranded = [f"flow {flow.id} at '{flow.stage}'{where}" for flow, where in there if where]
    if not stranded:
        return
    told = "; ".join(stranded[:_NAMED])
    more = f" and {len(stranded) - _NAMED} more" if len(stranded) > _NAMED else ""
    raise WrongInput(
        f"what waits there could go nowhere any more: {told}{more}",
        do="keep it until they have gone, or end them first: see 'edi-gateway hold list'",
    )


def _where(flow: FlowRow, lanes: Mapping[str, str], bound: Mapping[str, str]) -> str:
    """Where a flow waits or goes to of what is to be gone; or nothing."""
    if (leads_to := circuit_of(flow.lane)) in lanes:
        return lanes[leads_to]
    return bound.get(flow.connector or "", "") if flow.stage in _BEFORE_DELIVER else ""
