"""Shipments as a person sees them, and the notice behind each: what labels and slips are printed from."""

from __future__ import annotations

from datetime import date, datetime

import msgspec
import sqlalchemy as sa

from edi_gateway.documents.ship_notice import ShipNotice
from edi_gateway.errors import WrongInput
from edi_gateway.store.database import Database
from edi_gateway.store.tables import document, transaction


class ShipmentRow(msgspec.Struct, frozen=True):
    """One shipment told of: its id, the order, how many cartons, and what became of its 856."""

    shipment: str
    partner: str
    order: str
    shipped_on: date
    cartons: int
    document: str
    delivery: str
    acknowledgment: str
    at: datetime


def shipments(store: Database, *, limit: int | None = None) -> list[ShipmentRow]:
    """The newest first; all of them unless ``limit`` says how many."""
    columns = (
        document.c.id,
        document.c.partner,
        document.c.body,
        document.c.at,
        transaction.c.delivery,
        transaction.c.acknowledgment,
    )
    query = (
        sa.select(*columns)
        .outerjoin(transaction, transaction.c.document_id == document.c.id)
        .where(document.c.kind == "ship notice", document.c.removed_at.is_(None))
        .order_by(document.c.at.desc(), document.c.id)
        .limit(limit)
    )
    with store.reading() as connection:
        return [_row(*row) for row in connection.execute(query)]


def ship_notice(store: Database, shipment: str, partner: str = "") -> ShipNotice:
    """The newest notice of a shipment. Raises WrongInput where there is none, or where several partners have one of that id."""
    here = sa.and_(document.c.kind == "ship notice", document.c.number == shipment, document.c.removed_at.is_(None))
    query = sa.select(document.c.partner, document.c.body).where(here)
    if partner:
        query = query.where(document.c.partner == partner)
    with store.reading() as connection:
        found = list(connection.execute(query.order_by(document.c.at.desc())))
    partners = sorted({row.partner for row in found})
    if not found:
        raise WrongInput(f"there is no shipment '{shipment}'", do="see edi-gateway shipment list")
    if len(partners) > 1:
        raise WrongInput(f"{', '.join(partners)} each have a shipment '{shipment}'", do="say whose, with --partner")
    return msgspec.json.decode(found[0].body, type=ShipNotice)


def _row(id: str, partner: str, body: str, at: datetime, delivery: str | None, acknowledgment: str | None) -> ShipmentRow:
    notice = msgspec.json.decode(body, type=ShipNotice)
    return ShipmentRow(
        shipment=notice.shipment,
        partner=partner,
        order=", ".join(order.order_number for order in notice.orders),
        shipped_on=notice.shipped_on,
        cartons=sum(len(order.packs) for order in notice.orders),
        document=id,
        delivery=delivery or "not sent",
        acknowledgment=acknowledgment or "none",
        at=at,
    )
