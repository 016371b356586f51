"""Everything on record about one thing: its own events, and those of what carried it, answered it or came of it."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from edi_gateway.store.among import Among
from edi_gateway.store.connection import Connection
from edi_gateway.store.database import Database
from edi_gateway.store.rows import EventRow, as_row
from edi_gateway.store.tables import descent, document, event, interchange, transaction

_EVENTS = Among(sa.select(event).order_by(event.c.id), event.c.subject)
_CHILDREN = Among(sa.select(descent.c.child), descent.c.parent)
_PARENTS = Among(sa.select(descent.c.parent), descent.c.child)
_SETS = Among(sa.select(transaction.c.document_id, transaction.c.group_id, transaction.c.interchange_id), transaction.c.id)
_CARRYING = Among(sa.select(transaction.c.id), transaction.c.document_id)
_MOVED = Among(sa.select(interchange.c.transmission_id), interchange.c.id)
_SURROUNDINGS = ("document", "group", "interchange")  # of a set, in the order of its columns


def timeline(store: Database, about: str) -> list[EventRow]:
    """The events of a subject and its relatives, or of everything that has a business number; oldest first."""
    with store.asking() as connection:
        return [as_row(EventRow, row) for row in _EVENTS.rows(connection, relatives(connection, about))]


def relatives(connection: Connection | sa.Connection, about: str) -> list[str]:
    """The subjects that belong to one: set, document, group, interchange, transmission, answers, children and parents."""
    found: set[str] = set()
    new = {about} if ":" in about else _numbered(connection, about)
    while new:  # a generation at a time, whatever its size
        found |= new
        new = {*_beside(connection, new)} - found
    return sorted(found)


def _numbered(connection: Connection | sa.Connection, number: str) -> set[str]:
    sets = connection.execute(sa.select(transaction.c.id).where(transaction.c.business_number == number)).scalars()
    documents = connection.execute(sa.select(document.c.id).where(document.c.number == number)).scalars()
    return {*(f"transaction:{id}" for id in sets), *(f"document:{id}" for id in documents)}


def _beside(connection: Connection | sa.Connection, subjects: set[str]) -> Iterator[str]:
    """What is next to some subjects."""
    for family in (_CHILDREN, _PARENTS):
        yield from (row[0] for row in family.rows(connection, subjects))
    for row in _SETS.rows(connection, _numbers(subjects, "transaction")):
        yield from (f"{kind}:{id}" for kind, id in zip(_SURROUNDINGS, row, strict=True) if id)
    for row in _CARRYING.rows(connection, _ids(subjects, "document")):
        yield f"transaction:{row[0]}"
    for row in _MOVED.rows(connection, _numbers(subjects, "interchange")):
        if row[0]:
            yield f"transmission:{row[0]}"


def _numbers(subjects: set[str], kind: str) -> list[int]:
    return [int(id) for id in _ids(subjects, kind)]


def _ids(subjects: set[str], kind: str) -> list[str]:
    return [id for each, _, id in (subject.partition(":") for subject in subjects) if each == kind]
