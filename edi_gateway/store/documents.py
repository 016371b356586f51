"""Business documents, the claims that make a business number count once, and what the ERP said about them."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import sqlalchemy as sa

from edi_gateway.clock import Clock
from edi_gateway.documents import catalog
from edi_gateway.documents.base import Value
from edi_gateway.store.among import Asked
from edi_gateway.store.connection import Connection
from edi_gateway.store.prepared import new_row, new_rows, row_changed, row_in_place
from edi_gateway.store.removed import removed
from edi_gateway.store.rows import DocumentRow, as_row
from edi_gateway.store.tables import business_claim, consultation, document, document_thread, erp_event

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
REMOVED = "{}"  # the body of a document whose content retention removed

_KEY = [business_claim.c[name] == sa.bindparam(name) for name in ("partner", "kind", "key", "usage")]
_CLAIMED = sa.select(business_claim.c.document_id).where(*_KEY)
_CLAIMED_SINCE = _CLAIMED.where(business_claim.c.at > sa.bindparam("since"))
_DOCUMENT = Asked(sa.select(document), document.c.id)
_CONSULTATION = Asked(sa.select(consultation), consultation.c.document_id)
_RULED = consultation.update().where(consultation.c.document_id == sa.bindparam("of"))


class Documents:
    """The documents of one unit of work."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection, self._clock = connection, clock
        self._made = count()

    def add(self, value: Value, *, number: str, partner: str, direction: str, **columns: Any) -> str:
        """Records a document and returns its id: 32 hex digits, the idempotency key wherever it is posted."""
        id = new_document_id(self._clock.now(), next(self._made))
        values = {
            "id": id,
            "kind": catalog.kind_of(value),
            "direction": direction,
            "partner": partner,
            "number": number,
            "body": catalog.to_json(value).decode(),
            "at": self._clock.now(),
            **columns,
        }
        self._connection.later(new_rows(document), values, row=id)
        return id

    def get(self, id: str) -> DocumentRow:
        return as_row(DocumentRow, _DOCUMENT.of(self._connection, id).one())

    def find(self, id: str) -> DocumentRow | None:
        """The document of an id somebody else gave us."""
        row = _DOCUMENT.of(self._connection, id).first()
        return as_row(DocumentRow, row) if row else None

    def ahead(self, ids: Collection[str]) -> None:
        """Asks about several documents beforehand."""
        _DOCUMENT.ahead(self._connection, ids)

    def consulted_ahead(self, ids: Collection[str]) -> None:
        """Asks beforehand what the ERP said about several documents, and what our rules made of them."""
        _CONSULTATION.ahead(self._connection, ids)

    def read(self, id: str) -> Value:
        """The document itself. Raises NeedsPerson where retention removed its content."""
        return self.open(id)[1]

    def open(self, id: str) -> tuple[DocumentRow, Value]:
        """What is on record of a document, and the document itself. Raises NeedsPerson where retention removed its content."""
        row = self.get(id)
        if row.body == REMOVED:
            at = self._connection.execute(sa.select(document.c.removed_at).where(document.c.id == id)).scalar_one()
            raise removed(f"{row.kind} {row.number}", at)
        return row, catalog.from_json(row.kind, row.body.encode())

    def kept(self, ids: Iterable[str]) -> dict[str, Value]:
        """The documents of these ids, but for those whose content was removed."""
        rows = self._connection.execute(sa.select(document).where(document.c.id.in_(list(ids)), document.c.body != REMOVED))
        return {str(row.id): catalog.from_json(row.kind, row.body.encode()) for row in rows}

    def change(self, id: str, **values: Any) -> None:
        """Sets columns of a document."""
        self._connection.later(row_changed(document), {"this": id, **values}, row=id)

    def in_thread(self, thread_id: int, kind: str) -> list[DocumentRow]:
        """The documents of one kind in an order thread, oldest first; those too that are about further orders beside it."""
        rows = self._connection.execute(_IN_THREAD, {"thread_id": thread_id, "kind": kind})
        return [as_row(DocumentRow, row) for row in rows]

    def join(self, id: str, thread_id: int) -> None:
        """A document is about one order more than the one it was recorded for."""
        self._connection.execute(new_rows(document_thread), {"document_id": id, "thread_id": thread_id})

    def leave_threads(self, id: str) -> None:
        """A document is about no order any more: another one took its place."""
        self.change(id, thread_id=None)
        self._connection.execute(document_thread.delete().where(document_thread.c.document_id == id))

    def other_threads(self, id: str) -> list[int]:
        """The further orders a document is about."""
        return list(self._connection.execute(_OTHER_THREADS, {"document_id": id}).scalars())

    def of_number(self, partner: str, kind: str, number: str, *, usage: str) -> list[DocumentRow]:
        """The documents of one kind with a business number, oldest first."""
        here = sa.and_(
            document.c.partner == partner, document.c.kind == kind, document.c.number == number, document.c.usage == usage
        )
        rows = self._connection.execute(sa.select(document).where(here).order_by(document.c.at, document.c.id))
        return [as_row(DocumentRow, row) for row in rows]

    def numbered(self, kind: str, number: str) -> list[DocumentRow]:
        """The documents of one kind with a business number, whoever's they are, oldest first."""
        here = sa.and_(document.c.kind == kind, document.c.number == number)
        rows = self._connection.execute(sa.select(document).where(here).order_by(document.c.at, document.c.id))
        return [as_row(DocumentRow, row) for row in rows]

    def meant(self, kind: str, number: str, *, partner: str = "") -> list[DocumentRow]:
        """The documents a person means who tells a number alone, of one partner or of all, oldest first.

        They are production's, or where it has none, those of tests.
        """
        found = [row for row in self.numbered(kind, number) if partner in ("", row.partner)]
        return [row for row in found if row.usage == "P"] or found

    def since(self, partner: str, kind: str, moment: datetime, *, usage: str) -> list[DocumentRow]:
        """The documents of one kind of a partner since a moment, oldest first."""
        here = sa.and_(document.c.partner == partner, document.c.kind == kind, document.c.at >= moment, document.c.usage == usage)
        rows = self._connection.execute(sa.select(document).where(here).order_by(document.c.at, document.c.id))
        return [as_row(DocumentRow, row) for row in rows]

    # A test never takes a number from production, nor production one from a test (R30): each key has a usage.

    def claimed(self, partner: str, kind: str, key: str, *, usage: str, since: datetime | None = None) -> str | None:
        """The document that has a business key; where ``since`` is given, only if it was claimed after that."""
        which = {"partner": partner, "kind": kind, "key": key, "usage": usage}
        row = tuple(which.values())
        if since is None:
            found = self._connection.execute(_CLAIMED, which, row=row).scalar()
        else:
            found = self._connection.execute(_CLAIMED_SINCE, {**which, "since": since}, row=row).scalar()
        return str(found) if found else None

    def claim(self, partner: str, kind: str, key: str, document_id: str, *, usage: str, since: datetime | None = None) -> None:
        """Claims a business key for a document; one that is taken, after ``since``, stays with the document that has it."""
        if self.claimed(partner, kind, key, usage=usage, since=since) is not None:
            return
        self.pass_on(partner, kind, key, document_id, usage=usage)

    def pass_on(self, partner: str, kind: str, key: str, document_id: str, *, usage: str) -> None:
        """Gives a business key to a document; whichever had it."""
        which = {"partner": partner, "kind": kind, "key": key, "usage": usage}
        claim = {**which, "document_id": document_id, "at": self._clock.now()}
        self._connection.later(row_in_place(self._connection, business_claim), claim, row=tuple(which.values()))

    def release(self, document_id: str) -> None:
        """Gives up the business key a document has."""
        self._connection.execute(business_claim.delete().where(business_claim.c.document_id == document_id))

    # -- the ERP's word --------------------------------------------------------------------------

    def record_advice(self, document_id: str, body: bytes) -> None:
        """Keeps the ERP's answer about an order: the snapshot the rules are pure over."""
        values = {"document_id": document_id, "body": body.decode(), "ruling": "", "at": self._clock.now()}
        self._connection.later(row_in_place(self._connection, consultation), values, row=document_id)

    def advice(self, document_id: str) -> bytes:
        """The recorded answer."""
        return str(_CONSULTATION.of(self._connection, document_id).one().body).encode()

    def consulted(self, document_id: str) -> bytes | None:
        """The recorded answer; None where the ERP was not asked."""
        found = _CONSULTATION.of(self._connection, document_id).first()
        return str(found.body).encode() if found else None

    def record_ruling(self, document_id: str, body: bytes) -> None:
        """Keeps what our rules made of an order and the ERP's answer about it."""
        self._connection.later(_RULED, {"of": document_id, "ruling": body.decode()}, row=document_id)

    def ruling(self, document_id: str) -> bytes:
        """What our rules made of it; nothing where they have not looked yet."""
        return str(_CONSULTATION.of(self._connection, document_id).one().ruling).encode()

    def record_event(self, connector: str, event: str, body: bytes) -> int | None:
        """Puts an ERP event on record; None when it was already."""
        here = sa.and_(erp_event.c.connector == connector, erp_event.c.event == event)
        if self._connection.execute(sa.select(erp_event.c.id).where(here)).first():
            return None
        values = {"connector": connector, "event": event, "body": body.decode(), "at": self._clock.now()}
        return int(self._connection.execute(new_row(erp_event), values).scalar_one())

    def event(self, id: int) -> bytes:
        """A recorded ERP event."""
        return str(self._connection.execute(sa.select(erp_event.c.body).where(erp_event.c.id == id)).scalar_one()).encode()

    def events_between(self, since: datetime, until: datetime) -> Iterator[bytes]:
        """The ERP events that came in a time, oldest first, but for those whose content was removed."""
        then = sa.and_(erp_event.c.at >= since, erp_event.c.at <= until, erp_event.c.body != REMOVED)
        rows = self._connection.execute(sa.select(erp_event.c.body).where(then).order_by(erp_event.c.id))
        return (str(body).encode() for body in rows.scalars())


def new_document_id(at: datetime, nth: int = 0) -> str:
    """A UUID of version 7 (RFC 9562 §5.7) without dashes: its moment, its place among those of one transaction, 62 random bits.

    What is made at one time stands side by side in every index that holds it, of which there are eight; ids without any order
    had each of them write as many pages as there were documents in a batch. And of documents of one moment the first is first.
    """
    milliseconds = (at - _BEGINNING) // timedelta(milliseconds=1) & (1 << 48) - 1
    moment, place = divmod((milliseconds << 12) + nth, 1 << 12)
    return f"{moment << 80 | 7 << 76 | place << 64 | 2 << 62 | secrets.randbits(62):032x}"


def about(thread_id: int | sa.BindParameter[int]) -> sa.ColumnElement[bool]:
    """Which documents are about an order thread, alone or beside others."""
    own = document.alias()
    alone = sa.select(own.c.id).where(own.c.thread_id == thread_id)
    joined = sa.select(document_thread.c.document_id).where(document_thread.c.thread_id == thread_id)
    return document.c.id.in_(sa.union_all(alone, joined))  # each by its own index, which "or" would not have


_OTHER_THREADS = (
    sa.select(document_thread.c.thread_id)
    .where(document_thread.c.document_id == sa.bindparam("document_id"))
    .order_by(document_thread.c.thread_id)
)
_IN_THREAD = (
    sa.select(document)
    .where(about(sa.bindparam("thread_id", type_=sa.Integer)), document.c.kind == sa.bindparam("kind"))
    .order_by(document.c.at, document.c.id)
)
