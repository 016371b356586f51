"""Collect: what the ERP tells goes on record before it is confirmed to the ERP."""

from __future__ import annotations

from edi_gateway.erp.base import Erp, ErpEvent, Unreadable, event_to_json
from edi_gateway.erp.told import as_told, with_zones
from edi_gateway.errors import WrongInput
from edi_gateway.pipeline.tools import order_queue, start
from edi_gateway.store.database import Database
from edi_gateway.store.unit import Unit


def collect_events(store: Database, connector: str, erp: Erp) -> int:
    """Records the ERP's pending events, each on its way to a draft, then confirms them; returns how many were new.

    One about an order that is not ours (entered by hand, or of another data folder), and one that cannot be understood, are told
    and hold up nothing.
    """
    pending = erp.pending()
    if not pending:
        return 0
    with store.write() as unit:
        new = sum(_record(unit, connector, _understood(event)) for event in pending)
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


def _record(unit: Unit, connector: str, event: ErpEvent) -> bool:
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
    start(
        unit,
        "draft",
        f"erp_event:{row}",
        partner=order.partner,
        connector=connector,
        follows=order_queue(order.partner, order.usage, order.number),
    )
    return True
