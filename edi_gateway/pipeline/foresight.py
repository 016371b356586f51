"""What a batch of flows will ask of our store at a stage, asked for all of them in a statement each.

A stage asks for itself and knows nothing of this: in a look that several share it is told what was asked before. What is
missing here costs a statement a flow and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from edi_gateway.pipeline.inbound.waiting_changes import WAITS
from edi_gateway.store.rows import FlowRow
from edi_gateway.store.unit import Unit


def foresee(unit: Unit, flows: Sequence[FlowRow]) -> None:
    """Asks ahead what flows at one stage will ask."""
    if ahead := _AHEAD.get(flows[0].stage):
        ahead(unit, flows)


def _sets(unit: Unit, flows: Sequence[FlowRow]) -> None:
    unit.transactions.ahead([int(flow.subject_id) for flow in flows if flow.subject_id.isdigit()])


def _documents(unit: Unit, flows: Sequence[FlowRow]) -> None:
    unit.documents.ahead([flow.subject_id for flow in flows])
    unit.descent.ahead([flow.subject for flow in flows])


def _consulted(unit: Unit, flows: Sequence[FlowRow]) -> None:
    _documents(unit, flows)
    unit.documents.consulted_ahead([flow.subject_id for flow in flows])


def _posted(unit: Unit, flows: Sequence[FlowRow]) -> None:
    _consulted(unit, flows)
    unit.attempts.ahead([flow.id for flow in flows])


def foresee_recording(unit: Unit, flows: Sequence[FlowRow]) -> None:
    """Asks ahead, in the transaction that records them, what is asked there as flows of one stage are recorded."""
    if flows[0].stage == "apply":
        unit.descent.ahead([flow.subject for flow in flows])
        unit.flows.parked_ahead("consult", [WAITS + flow.follows for flow in flows if flow.follows])


_AHEAD: Mapping[str, Callable[[Unit, Sequence[FlowRow]], None]] = {
    "translate": _sets,
    "consult": _documents,
    "apply": _consulted,
    "deliver": _posted,
}
