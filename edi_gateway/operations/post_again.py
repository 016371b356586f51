"""Post again: what came is posted to the ERP once more, as a document of its own, with answers of its own.

A replay made the document. Where a second person has to agree to what the ERP answers an order with, that is asked here: what
follows leaves as any answer of ours does, and nobody is asked then.
"""

from __future__ import annotations

from edi_gateway.errors import WrongInput
from edi_gateway.operations.request import Answer, Request, name_of
from edi_gateway.pipeline.inbound.translate import stage_after
from edi_gateway.pipeline.tools import Tools, order_queue, start
from edi_gateway.store.rows import TransactionRow
from edi_gateway.store.unit import Unit

_ANSWERED_BY_SETS = ("850", "860")  # an 855 or 865 follows, then the 856 and 810 of what they order


def asks_second_after(tools: Tools, row: TransactionRow) -> bool:
    """Whether sets would follow of which some go again only when a second person agrees, as the partner's profile says."""
    return row.code in _ANSWERED_BY_SETS and bool(tools.directory.partner(row.partner or "").second_person)


def check_post_again(unit: Unit, _tools: Tools, request: Request) -> None:
    """Raises WrongInput for what did not come from a partner."""
    row = unit.transactions.get(request.transaction)
    if row.direction != "in":
        raise WrongInput(f"{name_of(row)} is ours; only what came is posted again", do="retransmit or re-envelope it")


def post_again(unit: Unit, tools: Tools, request: Request) -> Answer:
    """Puts the document that ``arguments`` names on its way to the connector there. Raises WrongInput as ``check_post_again``."""
    check_post_again(unit, tools, request)
    row, document = unit.transactions.get(request.transaction), request.arguments["document"]
    made = unit.documents.get(document)
    unit.transactions.change(row.id, document_id=document)
    follows = order_queue(row.partner or "", row.usage, made.number) if row.code in _ANSWERED_BY_SETS else ""
    child, stage = f"document:{document}", stage_after(unit.documents.read(document))
    start(unit, stage, child, partner=row.partner, connector=request.arguments["connector"], follows=follows)
    text = f"{name_of(row)} is posted again"
    unit.events.tell("set.replayed", request.subject, f"{text}: {request.because}", partner=row.partner, actor=request.by)
    return Answer(text, child)
