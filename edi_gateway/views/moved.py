"""Transmissions as a person looks for them, and one of them with what it carried."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa

from edi_gateway.errors import WrongInput
from edi_gateway.pipeline.way import is_retried
from edi_gateway.store.among import Among
from edi_gateway.store.connection import Connection
from edi_gateway.store.database import Database
from edi_gateway.store.events import GATEWAY
from edi_gateway.store.known import check_partner, check_word
from edi_gateway.store.prepared import rows_by
from edi_gateway.store.rows import EventRow, FlowRow, InterchangeRow, TransmissionRow, as_row
from edi_gateway.store.selection import Selection, aside
from edi_gateway.store.tables import event, flow, interchange, payload, transaction, transmission
from edi_gateway.views.newest import NEAR, Newest, beginning, begins, chosen, having, in_order, top
from edi_gateway.views.traffic import SetRow, TransmissionView, sets

_TRANSMISSIONS = Among(sa.select(transmission), transmission.c.id)
_EVENTS = Among(sa.select(event), event.c.id)


class TransmissionPage(NamedTuple):
    """One payload moved once: how large it was, its interchanges, their sets, what is on record about it, and the flow that tries
    again to move it."""

    row: TransmissionRow
    size: int
    is_kept: bool
    interchanges: list[InterchangeRow]
    sets: list[SetRow]
    events: list[EventRow]
    retried: list[FlowRow]


def find_transmissions(
    store: Database, *, partner: str = "", direction: str = "", name: str = "", before: int | None = None, limit: int = 100
) -> list[TransmissionView]:
    """The newest first: of a partner, one way, or with this in the file's name; of others than the newest, at its beginning.

    Raises WrongInput for a partner or a direction there is not.
    """
    check_word("direction", direction, ("in", "out"))
    given = {"partner": partner, "direction": direction}
    values = {column: value for column, value in given.items() if value}
    id = transmission.c.id
    with store.asking() as connection:
        check_partner(connection, partner)
        if name:
            aside_ = [aside(transmission.c[column]) == value for column, value in values.items()]
            ids = _named(connection, name, aside_, limit, before)
        else:
            ids = having(id, *values).ids(connection, values, limit=limit, before=before)
        return [as_row(TransmissionView, row) for row in chosen(connection, _TRANSMISSIONS, ids)]


def _named(connection: Connection, name: str, where: list[sa.ColumnElement[bool]], limit: int, before: int | None) -> list[int]:
    """Anywhere in the names of the newest, which are looked through; at the beginning of all, by their index."""
    id = transmission.c.id
    inside = transmission.c.name.contains(name, autoescape=True)
    newest_ = in_order(connection, id, [*where, inside, id > top(connection, id) - NEAR], limit=limit, before=before)
    begin = Newest(id, [*where, begins(connection.dialect.name, transmission.c.name)], is_rare=True)
    of_all = begin.ids(connection, beginning(name), limit=limit, before=before)
    return sorted({*newest_, *of_all}, reverse=True)[:limit]


def transmission_page(store: Database, id: int) -> TransmissionPage:
    """Everything about a transmission. Raises WrongInput where there is none of that number."""
    with store.reading() as connection:
        row = connection.execute(sa.select(transmission).where(transmission.c.id == id)).first()
        if row is None:
            raise WrongInput(f"there is no transmission {id}", do="look for it under Transmissions")
        kept = connection.execute(sa.select(payload).where(payload.c.sha256 == row.payload)).one()
        here = sa.select(interchange).where(interchange.c.transmission_id == id).order_by(interchange.c.id)
        carried = [as_row(InterchangeRow, each) for each in connection.execute(here)]
        ids = [each.id for each in carried]
        inside = sa.select(transaction.c.id).where(transaction.c.interchange_id.in_(ids)).order_by(transaction.c.id).limit(200)
        held = tuple(connection.execute(inside).scalars()) if ids else ()
        told = sa.select(event).where(event.c.subject == f"transmission:{id}").order_by(event.c.id)
        events = [as_row(EventRow, each) for each in connection.execute(told)]
        rows = connection.execute(rows_by(flow, "subject"), {"subject": f"transmission:{id}"})
        retried = [each for each in (as_row(FlowRow, row) for row in rows) if is_retried(each)]
    about = sets(store, Selection(ids=held))[::-1] if held else []
    return TransmissionPage(as_row(TransmissionRow, row), kept.size, kept.removed_at is None, carried, about, events, retried)


def find_events(
    store: Database, *, actor: str = "", kind: str = "", partner: str = "", before: int | None = None, limit: int = 100
) -> list[EventRow]:
    """Events, the newest first: by who did it, by kind or the beginning of one, by partner.

    Raises WrongInput for a partner there is not.
    """
    where = [event.c.partner == partner] if partner else []
    if actor:
        where += [event.c.actor == actor, *([] if actor == GATEWAY else [by_somebody()])]
    with store.reading() as connection:
        check_partner(connection, partner)
        if kind:
            where.append(begins(connection.dialect.name, event.c.kind))
        ids = Newest(event.c.id, where).ids(connection, beginning(kind), limit=limit, before=before)
        return [as_row(EventRow, row) for row in chosen(connection, _EVENTS, ids)]


def by_somebody() -> sa.ColumnElement[bool]:
    """The condition of the index of what people and programs did, word for word."""
    return sa.literal_column(f"event.actor <> '{GATEWAY}'")
