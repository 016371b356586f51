"""In vain: what came and was not processed in the end, because a person dismissed it or it was refused by its acknowledgment.

Such a one makes no duplicate: when the very same comes again, it is read as if it were the first, and judged as of that day. What
a person had dismissed waits for a person again: they may send it anew, or the same bytes may only have come twice.
"""

from __future__ import annotations

from edi_gateway.pipeline.inbound.examine import ACKNOWLEDGMENTS
from edi_gateway.pipeline.inbound.position import read_position
from edi_gateway.store.flows import NOT_OVER
from edi_gateway.store.rows import FlowRow, TransactionRow
from edi_gateway.store.unit import Unit


def came_in_vain(unit: Unit, interchange: int) -> bool:
    """Whether nothing of an interchange was processed, is being processed or may be yet: it carried sets, and each ended so."""
    sets = unit.transactions.ids_in_interchange(interchange)
    ended = bool(sets) and all(_set_in_vain(unit, unit.transactions.get(id)) for id in sets)
    return ended and not _is_read_on(unit, interchange)


def _is_read_on(unit: Unit, interchange: int) -> bool:
    """Whether a part of it, such as a group of nobody, waits to be read or is being read."""
    came_in = f"transmission:{unit.interchanges.get(interchange).transmission_id}"
    reading = (flow for flow in unit.flows.of(came_in) if flow.stage == "read" and flow.state in NOT_OVER)
    return any(read_position(flow).cursor.interchange == interchange for flow in reading)


def was_dismissed(unit: Unit, interchange: int) -> bool:
    """Of one that came in vain: whether a person dismissed any of its sets, and not its acknowledgment alone refused them."""
    sets = [unit.transactions.get(id) for id in unit.transactions.ids_in_interchange(interchange)]
    return any(_is_dismissed(unit, flow) for row in sets for flow in _flows_of(unit, row))


def _set_in_vain(unit: Unit, row: TransactionRow) -> bool:
    if row.code in ACKNOWLEDGMENTS or row.delivery != "received":
        return False
    if row.document_id is not None and (unit.threads.application_of(row.document_id) or _was_taken_before(unit, row.document_id)):
        return False  # a remittance is applied before the ERP has it
    flows = _flows_of(unit, row)
    return bool(flows) and all(_ended_in_vain(unit, flow) for flow in flows)  # what went on is carried by another document's flow


def _flows_of(unit: Unit, row: TransactionRow) -> list[FlowRow]:
    subjects = [f"transaction:{row.id}", *([f"document:{row.document_id}"] if row.document_id else [])]
    return [flow for subject in subjects for flow in unit.flows.of(subject)]


def _was_taken_before(unit: Unit, document: str) -> bool:
    """Whether it was posted again by a replay, and one that was made of the same set before has moved an order."""
    others = unit.descent.family(f"document:{document}") - {f"document:{document}"}
    found = (unit.documents.find(each.partition(":")[2]) for each in others if each.startswith("document:"))
    return any(one is not None and one.thread_id is not None for one in found)


def _ended_in_vain(unit: Unit, flow: FlowRow) -> bool:
    """Whether it was refused by its 997, or dismissed before anything may have come of it at the ERP."""
    if flow.state == "rejected":
        return True
    if flow.state != "done" or unit.attempts.in_doubt(flow):
        return False
    return flow.stage == "translate" or _is_dismissed(unit, flow)


def _is_dismissed(unit: Unit, flow: FlowRow) -> bool:
    return flow.state == "done" and any(event.kind == "flow.dismissed" for event in unit.events.about(flow.subject))
