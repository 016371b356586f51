"""Given up: a document of ours that will never leave is taken back, as if it had never been told.

Its order thread counts it no more, and its number and labels are free: to the partner it never was. What stands on it (an
invoice of what was shipped, a payment) keeps it where it is, and so does that it may have arrived.
"""

from __future__ import annotations

from edi_gateway.order_to_cash.taking_back import taken_back, uncovered
from edi_gateway.pipeline.outbound.judge import threads_of
from edi_gateway.pipeline.outbound.originals import KINDS, is_given_up
from edi_gateway.store.rows import DocumentRow, FlowRow
from edi_gateway.store.unit import Unit

_NUMBERED = "send"


def documents_of(unit: Unit, flow: FlowRow) -> list[str]:
    """The documents of ours that a flow carries on their way out, from where they are drafted until they leave."""
    match flow.subject.partition(":"):
        case ("document", _, id):
            return [id] if flow.stage in ("bill", "check", "compose") else []
        case ("transaction", _, id) if flow.stage == "envelope":
            sets = [unit.transactions.get(int(id))]
        case ("transmission", _, id) if flow.stage == _NUMBERED:
            sets = unit.transactions.in_transmission(int(id))
        case _:
            return []
    return [one.document_id for one in sets if one.document_id]


def take_back(unit: Unit, row: DocumentRow) -> str:
    """Takes a shipment or an invoice back whose way has ended before it left; what came of that, in words.

    Nothing where no thread has counted it under its number: it was held before that, or another one has the number.
    """
    has_it = unit.documents.claimed(row.partner, row.kind, row.number, usage=row.usage)
    if row.kind not in KINDS or has_it != row.id or not is_given_up(unit, row.id):
        return ""
    document, threads = unit.documents.read(row.id), threads_of(unit, row)
    changes = [taken_back(each.thread, document) for each in threads]
    wrong = [one for each in changes for one in (*each.disagreements, *uncovered(each.thread))]
    if wrong:
        said = "; ".join(f"{each.place}: {each.message}" for each in wrong)
        return f"the order counts it still, and its number stays taken: {said}"
    for stored, change in zip(threads, changes, strict=True):
        unit.threads.save(stored.id, change.thread)
    unit.documents.leave_threads(row.id)
    unit.documents.release(row.id)
    return "the order counts it no more, and its number is free"
