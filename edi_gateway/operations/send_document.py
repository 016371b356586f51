"""Send a document: what a program writes in our own words goes to a partner, as what the ERP tells does.

An answer to an order (855, 856, 810) names its order, moves the order's thread and is held against the partner's rules; a number
that was used already is refused.
"""

from __future__ import annotations

from edi_gateway.documents import catalog
from edi_gateway.documents.base import Value
from edi_gateway.documents.given import read_given
from edi_gateway.documents.invoice import Invoice
from edi_gateway.documents.order_acknowledgment import OrderAcknowledgment
from edi_gateway.documents.ship_notice import ShipNotice
from edi_gateway.errors import WrongInput
from edi_gateway.pipeline.inbound.find_order import taken_orders
from edi_gateway.pipeline.outbound.check import is_used
from edi_gateway.pipeline.tools import Tools, order_queue, start
from edi_gateway.store.threads import StoredThread
from edi_gateway.store.unit import Unit


def send_document(tools: Tools, partner: str, kind: str, body: bytes, *, order: str = "", by: str) -> str:
    """Records the document and puts it on its way; returns its id, 32 hex digits.

    ``order`` is the number of the order it answers; default: the one it names itself. Raises WrongInput for what is no such
    document, for an order that is not on record, and for a number the partner has had.
    """
    if kind not in catalog.ORDER_ANSWERS:
        raise WrongInput(f"a document of kind '{kind}' is not sent by itself", do="one of: " + ", ".join(catalog.ORDER_ANSWERS))
    document = read_given(kind, body)
    number = catalog.number_of(document)
    if not number:
        raise WrongInput(f"the {kind} has no number", do="give it one: partners know it by that")
    tools.directory.partner(partner)
    with tools.store.write() as unit:
        stored = _thread(unit, partner, order or _order_of(document), _release_of(document))
        first = unit.documents.get(stored.thread.document_id)
        id = unit.documents.add(document, number=number, partner=partner, direction="out", thread_id=stored.id, usage=first.usage)
        if kind != "order acknowledgment" and is_used(unit, unit.documents.get(id)):
            raise WrongInput(
                f"{kind} {number} was sent to {partner} before", do="give it a number of its own, or correct the first"
            )
        start(unit, "check", f"document:{id}", partner=partner, follows=order_queue(partner, first.usage, first.number))
        text = f"{kind} {number} about order {first.number} was given in"
        unit.events.tell("document.given", f"document:{id}", text, partner=partner, actor=by)
    return id


def _order_of(document: Value) -> str:
    match document:
        case OrderAcknowledgment():
            return document.number
        case ShipNotice():
            return document.orders[0].order_number if document.orders else ""
        case Invoice():
            return document.order_number
    return ""


def _release_of(document: Value) -> str | None:
    """The release of a blanket order it names; an 856 and an 810 without one may be of any."""
    match document:
        case ShipNotice():
            return (document.orders[0].release_number or None) if document.orders else None
        case OrderAcknowledgment() | Invoice():
            return document.release_number or None
    return None


def _thread(unit: Unit, partner: str, order: str, release: str | None) -> StoredThread:
    found = taken_orders(unit, partner, order, release=release) if order else []
    if len(found) != 1:
        said = f"{len(found)} orders of {partner} have the number '{order}'" if found else f"{partner} sent no order '{order}'"
        raise WrongInput(said, do="name the order it answers, as it stands in the 850")
    return found[0]
