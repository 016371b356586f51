"""Shipments as a person sees them, and the notice behind each: what labels and slips are printed from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

import msgspec
import sqlalchemy as sa

from edi_gateway.documents.ship_notice import ShipNotice
from edi_gateway.erp.base import OrderShipped, event_from_json
from edi_gateway.errors import WrongInput
from edi_gateway.store.database import Database
from edi_gateway.store.tables import document, erp_event, transaction
from edi_gateway.views.kept_back import kept_back


class ShipmentRow(msgspec.Struct, frozen=True):
    """One shipment: its id, the order, how many cartons, and what became of its 856; ``because`` says why there is none yet.

    ``document`` is empty where the ERP told of it, and its 856 is not drafted because something of the order waits before it.
    """

    shipment: str
    partner: str
    order: str
    shipped_on: date
    cartons: int
    document: str
    delivery: str
    acknowledgment: str
    at: datetime
    because: str = ""


def shipments(store: Database) -> list[ShipmentRow]:
    """All of them, the newest first, those whose 856 is not drafted yet before all."""
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
        .order_by(document.c.at.desc(), document.c.id.desc())
    )
    with store.reading() as connection:
        because = kept_back(connection)
        rows = [_row(*row, because=because) for row in connection.execute(query)]
        return [*_not_drafted(connection, because), *rows]


def ship_notice(store: Database, shipment: str, partner: str = "") -> ShipNotice:
    """The newest notice of a shipment, of a test only where there is no other.

    Raises WrongInput where there is none, or where several partners have one of that id.
    """
    here = sa.and_(document.c.kind == "ship notice", document.c.number == shipment, document.c.removed_at.is_(None))
    query = sa.select(document.c.partner, document.c.body).where(here)
    if partner:
        query = query.where(document.c.partner == partner)
    with store.reading() as connection:
        found = list(connection.execute(query.order_by(document.c.usage, document.c.at.desc(), document.c.id.desc())))
    partners = sorted({row.partner for row in found})
    if not found:
        raise WrongInput(f"there is no shipment '{shipment}'", do="see edi-gateway shipment list")
    if len(partners) > 1:
        raise WrongInput(f"{', '.join(partners)} each have a shipment '{shipment}'", do="say whose, with --partner")
    return msgspec.json.decode(found[0].body, type=ShipNotice)


def _not_drafted(connection: sa.Connection, because: Mapping[str, str]) -> Iterator[ShipmentRow]:
    """What the ERP told has left, and waits for its 856 to be drafted."""
    ids = [int(subject.partition(":")[2]) for subject in because if subject.startswith("erp_event:")]
    told = (
        sa.select(erp_event.c.id, erp_event.c.body, erp_event.c.at).where(erp_event.c.id.in_(ids)).order_by(erp_event.c.id.desc())
    )
    for row in connection.execute(told):
        event = event_from_json(row.body.encode())
        if not isinstance(event, OrderShipped):
            continue
        order = connection.execute(sa.select(document).where(document.c.id == event.order)).one()
        yield ShipmentRow(
            shipment=event.shipment,
            partner=order.partner,
            order=order.number,
            shipped_on=event.at.date(),
            cartons=len(event.cartons),
            document="",
            delivery="not drafted",
            acknowledgment="none",
            at=row.at,
            because=because[f"erp_event:{row.id}"],
        )


def _row(
    id: str,
    partner: str,
    body: str,
    at: datetime,
    delivery: str | None,
    acknowledgment: str | None,
    because: Mapping[str, str],
) -> ShipmentRow:
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
        because=because.get(f"document:{id}", ""),
    )
