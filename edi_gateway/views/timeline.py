"""Everything on record about one thing: its own events, and those of what carried it, answered it or came of it."""

from __future__ import annotations

import sqlalchemy as sa

from edi_gateway.store.database import Database
from edi_gateway.store.rows import EventRow, as_row
from edi_gateway.store.tables import descent, document, event, interchange, transaction


def timeline(store: Database, about: str) -> list[EventRow]:
    """The events of a subject and its relatives, or of everything that has a business number; oldest first."""
    with store.reading() as connection:
        subjects = relatives(connection, about)
        query = sa.select(event).where(event.c.subject.in_(subjects)).order_by(event.c.id)
        return [as_row(EventRow, row) for row in connection.execute(query)]


def relatives(connection: sa.Connection, about: str) -> list[str]:
    """The subjects that belong to one: set, document, group, interchange, transmission, answers, children and parents."""
    found: set[str] = set()
    new = {about} if ":" in about else _numbered(connection, about)
    while new:
        found |= new
        new = {each for subject in new for each in _beside(connection, subject)} - found
    return sorted(found)


def _numbered(connection: sa.Connection, number: str) -> set[str]:
    sets = connection.execute(sa.select(transaction.c.id).where(transaction.c.business_number == number)).scalars()
    documents = connection.execute(sa.select(document.c.id).where(document.c.number == number)).scalars()
    return {*(f"transaction:{id}" for id in sets), *(f"document:{id}" for id in documents)}


def _beside(connection: sa.Connection, subject: str) -> set[str]:
    kind, _, id = subject.partition(":")
    beside = _family(connection, subject)
    if kind == "transaction":
        row = connection.execute(sa.select(transaction).where(transaction.c.id == int(id))).first()
        if row is not None:
            beside |= {f"document:{row.document_id}"} if row.document_id else set()
            beside |= {f"group:{row.group_id}"} if row.group_id else set()
            beside |= {f"interchange:{row.interchange_id}"} if row.interchange_id else set()
    elif kind == "document":
        sets = connection.execute(sa.select(transaction.c.id).where(transaction.c.document_id == id)).scalars()
        beside |= {f"transaction:{each}" for each in sets}
    elif kind == "interchange":
        moved = connection.execute(sa.select(interchange.c.transmission_id).where(interchange.c.id == int(id))).scalar()
        beside |= {f"transmission:{moved}"} if moved else set()
    return beside


def _family(connection: sa.Connection, subject: str) -> set[str]:
    children = connection.execute(sa.select(descent.c.child).where(descent.c.parent == subject)).scalars()
    parents = connection.execute(sa.select(descent.c.parent).where(descent.c.child == subject)).scalars()
    return {*children, *parents}
