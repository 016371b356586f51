"""Key in: a person tells of an order what its ERP does not know: how it was decided, what left in which cartons, what was billed.

It goes on record as an event like the ERP's own, and on from there: drafted, held against the partner's rules, sent.
"""

from __future__ import annotations

from uuid import uuid4

from edi_gateway.documents.order import Order
from edi_gateway.erp.base import OrderEvent, OrderShipped, event_to_json
from edi_gateway.erp.told import as_told
from edi_gateway.errors import WrongInput
from edi_gateway.pipeline.outbound.owing import owe_for_event
from edi_gateway.pipeline.standing import standing_order
from edi_gateway.pipeline.tools import order_queue, start
from edi_gateway.store.database import Database
from edi_gateway.store.unit import Unit
from edi_gateway.trading.directory import Directory

PEOPLE = "people"
"""What stands in the place of the ERP connector's name."""

_SAID = {"OrderDecided": "decided on", "OrderShipped": "shipped", "OrderBilled": "billed", "OrderCredited": "credited"}


def new_event() -> str:
    """An id for what a person tells."""
    return f"keyed-{uuid4().hex[:16]}"


def order_of(store: Database, thread: int) -> tuple[str, Order]:
    """The document id of a thread's order, and the order as it stands, with its changes. Raises WrongInput without one."""
    with store.read() as unit:
        id = unit.threads.look(thread).thread.document_id
        return id, _standing(unit, id)


def key_in(store: Database, event: OrderEvent, *, by: str, directory: Directory | None = None) -> None:
    """Puts what a person tells on its way to a draft. Raises WrongInput for a line the order has not, and for nothing at all.

    What it makes us owe is owed at once where the ``directory`` says to whom, else with the draft.
    """
    with store.write() as unit:
        put_in(unit, event, by)
        if directory is not None:
            owe_for_event(unit, directory, event)


def put_in(unit: Unit, event: OrderEvent, by: str) -> None:
    """The same, in the transaction that has looked at what it is told of. Raises WrongInput as ``key_in`` does."""
    _check(_standing(unit, event.order), event)
    _begin(unit, event, by)


def _standing(unit: Unit, document: str) -> Order:
    row = unit.documents.find(document)
    if row is None or row.kind != "order":
        raise WrongInput(f"document {document} is no order", do="see 'edi-gateway order list'")
    return standing_order(unit, document)


def _begin(unit: Unit, event: OrderEvent, by: str) -> None:
    first = unit.documents.get(event.order)
    row = unit.documents.record_event(PEOPLE, event.id, event_to_json(event))
    if row is None:
        return  # the same form came twice
    follows = order_queue(first.partner, first.usage, first.number)
    start(unit, "draft", f"erp_event:{row}", partner=first.partner, connector=PEOPLE, follows=follows)
    text = f"order {first.number} was {_SAID[type(event).__name__]}, as {by} keyed in"
    unit.events.tell("order.keyed", f"document:{event.order}", text, partner=first.partner, actor=by)


def _check(order: Order, event: OrderEvent) -> None:
    contents = (
        [content for carton in event.cartons for content in carton.contents] if isinstance(event, OrderShipped) else event.lines
    )
    known = {line.number for line in order.lines}
    strange = sorted({each.line_number for each in contents} - known)
    if not contents:
        raise WrongInput("nothing was keyed in", do="give at least one line with a quantity")
    if strange:
        raise WrongInput(f"order {order.number} has no line {', '.join(strange)}", do=f"its lines are {', '.join(sorted(known))}")
    if any(each.quantity.is_finite() and each.quantity <= 0 for each in contents):
        raise WrongInput("a quantity is more than nothing", do="leave the field empty for a line that is not meant")
    as_told(event)
