"""Collect: what the ERP tells goes on record before it is confirmed to the ERP."""

from __future__ import annotations

from collections.abc import Iterator

from edi_gateway.erp.base import Erp, ErpEvent, OrderEvent, OrderShipped, Unreadable, event_to_json
from edi_gateway.erp.told import as_told, with_zones
from edi_gateway.errors import WrongInput
from edi_gateway.pipeline.outbound.owing import owe_for_event
from edi_gateway.pipeline.tools import order_queue, start
from edi_gateway.store.database import Database
from edi_gateway.store.rows import DocumentRow
from edi_gateway.store.unit import Unit
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.usage import PRODUCTION, USAGES


def collect_events(store: Database, directory: Directory, connector: str, erp: Erp) -> int:
    """Records the ERP's pending events, each on its way to a draft, then confirms them; returns how many were new.

    One about an order that is not ours (entered by hand, or of another data folder), and one that cannot be understood, are
    told and hold up nothing. What a test ERP tells of a production order (it was copied from production and knows its orders),
    or the other way round, waits for a person, and holds up nothing either.
    """
    pending = erp.pending()
    if not pending:
        return 0
    with store.write() as unit:
        new = sum(_record(unit, directory, connector, _understood(event)) for event in pending)
    erp.confirm([event.id for event in pending])
    return new


def _understood(event: ErpEvent) -> ErpEvent:
    """The event with its times in a zone; or, with a number nobody can mean, that it cannot be understood."""
    try:
        return as_told(event)
    except WrongInput as error:
        at = with_zones(event).at
        return Unreadable(
            id=event.id, at=at, what=f"{type(event).__name__} {event.id}: {error}; {event_to_json(event).decode()[:2000]}"
        )


def _record(unit: Unit, directory: Directory, connector: str, event: ErpEvent) -> bool:
    row = unit.documents.record_event(connector, event.id, event_to_json(event))
    if row is None:
        return False
    if isinstance(event, Unreadable):
        unit.events.tell("erp.unreadable", f"erp_event:{row}", f"{connector}: {event.what}")
        return True
    order = unit.documents.find(event.order)
    if order is None:
        text = f"{connector} told of an order that did not come through here, document {event.order} ({type(event).__name__})"
        unit.events.tell("erp.unknown_order", f"erp_event:{row}", text)
        return True
    because = next(_strangers(unit, directory, connector, event), "")
    if because:
        text = f"{connector} told of an order that is not its own ({type(event).__name__}): {because}"
        unit.events.tell("erp.unknown_order", f"erp_event:{row}", text, partner=order.partner)
    else:
        owe_for_event(unit, directory, event)
    start(
        unit,
        "draft",
        f"erp_event:{row}",
        partner=order.partner,
        connector=connector,
        follows="" if because else order_queue(order.partner, order.usage, order.number),  # what is held lets the order go on
        state="held" if because else "ready",
        because=because and f"{because}; resume it if it is true, or dismiss it",
    )
    return True


def _strangers(unit: Unit, directory: Directory, connector: str, event: OrderEvent) -> Iterator[str]:
    """The orders of an event that are of the other usage than the ERP that tells of them, in words."""
    beside = [carton.order for carton in event.cartons if carton.order] if isinstance(event, OrderShipped) else []
    for id in dict.fromkeys((event.order, *beside)):
        order = unit.documents.find(id)
        if order and connector in _of_other_usage(directory, order.usage) and connector not in _owners(unit, directory, order):
            other = "test" if order.usage == PRODUCTION else "production"
            yield f"{connector} is an ERP of {other}, and {order.number} of {order.partner} a {USAGES[order.usage]} order ({id})"


def _of_other_usage(directory: Directory, usage: str) -> set[str]:
    """The ERPs that any partner's documents of the other usage go to. Another system, such as a warehouse's, is of neither."""
    return {name for each in directory.partners if (name := each.test_erp if usage == PRODUCTION else each.erp)}


def _owners(unit: Unit, directory: Directory, order: DocumentRow) -> set[str]:
    """The ERP that an order went to, and the one that its partner's orders of its usage go to now."""
    went = {flow.connector for flow in unit.flows.of(f"document:{order.id}")}
    partner = next((one for one in directory.partners if one.name == order.partner), None)
    agreed = (partner.erp if order.usage == PRODUCTION else partner.test_erp) if partner else ""
    return {each for each in (*went, agreed) if each}
