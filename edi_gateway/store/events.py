"""Events: what happened, to what, by whom; only ever appended, each chained to the one before it.

Events are told while a transaction runs and written at its end, by ``flush``, which takes the chain's row first. So the chain
is locked last and only as long as the commit takes, two transactions cannot wait for each other, ids have no gaps, and their
order is the order of the commits: whoever reads on behind an id misses nothing.
"""

from __future__ import annotations

from datetime import datetime

import msgspec
import sqlalchemy as sa

from edi_gateway import log
from edi_gateway.clock import Clock
from edi_gateway.store.chain import Head, details_of, link
from edi_gateway.store.connection import Connection
from edi_gateway.store.prepared import new_rows
from edi_gateway.store.rows import EventRow, as_row
from edi_gateway.store.tables import event, event_chain

_log = log.logger(__name__)

GATEWAY = "gateway"  # the actor of what happens by itself
_GRAVE = frozenset(
    (
        "flow.held",
        "flow.dead",
        "lane.down",
        "engine.died",
        "alert.opened",
        "acknowledgment.overdue",
        "answer.owed_overdue",
        "clock.back",
    )
)  # warnings in the log

_ROOM: dict[str, int | None] = {column.name: getattr(column.type, "length", None) for column in event.c}  # None: any length

_LOCKED_END = sa.select(event_chain).with_for_update()
_NEW_END = event_chain.update()


class _Told(msgspec.Struct):
    """An event before it has its place in the chain."""

    id: int
    at: datetime
    actor: str
    kind: str
    partner: str | None
    subject: str
    control_number: str
    text: str
    details: str
    hash: str = ""


class Events:
    """The events of one unit of work. What it reads is what was committed, not what it tells itself."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection, self._clock = connection, clock
        self._told: list[_Told] = []

    def tell(
        self, kind: str, subject: str, text: str, *, partner: str | None = None, control_number: str = "", actor: str = GATEWAY
    ) -> None:
        """Appends an event; ``subject`` is what it is about (``transaction:12``), ``text`` a sentence for a person.

        Every event is a line of the log too, a warning where it is grave, with partner and control number bound. What comes from
        outside may hold anything: what no database takes is made fit, because an event that could not be written would take its
        whole transaction along.
        """
        subject, text, control_number = _fit("subject", subject), _fit("text", text), _fit("control_number", control_number)
        actor = _fit("actor", actor)
        with log.bind(partner=partner, control_number=control_number or None):
            (_log.warning if kind in _GRAVE else _log.info)(text, kind=kind, subject=subject, actor=actor)
        details = details_of(actor, text)
        self._told.append(_Told(0, self._clock.now(), actor, kind, partner, subject, control_number, text, details))

    @property
    def told(self) -> int:
        """How many events this unit has told so far: what ``forget_after`` goes back to."""
        return len(self._told)

    def forget_after(self, told: int) -> None:
        """Takes back what was told since: the savepoint it belonged to was rolled back."""
        del self._told[told:]

    def flush(self) -> None:
        """Writes what was told, at the end of the transaction."""
        if not self._told:
            return
        row = self._connection.execute(_LOCKED_END).one()
        count, last = int(row.events), str(row.hash)
        for told in self._told:
            count += 1
            told.id = count
            last = told.hash = link(last, told)
        self._connection.execute(new_rows(event), [msgspec.structs.asdict(told) for told in self._told])
        self._connection.execute(_NEW_END, {"events": count, "hash": last})
        self._told.clear()

    def head(self) -> Head:
        """The end of the chain."""
        row = self._connection.execute(sa.select(event_chain)).one()
        return Head(int(row.events), str(row.hash))

    def newest(self) -> int:
        """The greatest number of an event, 0 for none: that of the chain's end, unless somebody wrote past us."""
        return int(self._connection.execute(sa.select(sa.func.max(event.c.id))).scalar() or 0)

    def about(self, *subjects: str) -> list[EventRow]:
        """The events about some subjects, oldest first."""
        query = sa.select(event).where(event.c.subject.in_(subjects)).order_by(event.c.id)
        return [as_row(EventRow, row) for row in self._connection.execute(query)]

    def after(self, id: int, limit: int = 500) -> list[EventRow]:
        """The events behind a cursor, oldest first."""
        query = sa.select(event).where(event.c.id > id).order_by(event.c.id).limit(limit)
        return [as_row(EventRow, row) for row in self._connection.execute(query)]

    def of_kind(self, kind: str) -> list[EventRow]:
        """The events of one kind, oldest first."""
        query = sa.select(event).where(event.c.kind == kind).order_by(event.c.id)
        return [as_row(EventRow, row) for row in self._connection.execute(query)]

    def newest_but(self, kind: str) -> EventRow | None:
        """The newest event of any other kind."""
        query = sa.select(event).where(event.c.kind != kind).order_by(event.c.id.desc()).limit(1)
        row = self._connection.execute(query).first()
        return as_row(EventRow, row) if row else None


def is_of(kind: str) -> sa.ColumnElement[bool]:
    """Events of a kind, or of those that begin as one that ends with a point says: ``flow.``."""
    return event.c.kind.startswith(kind, autoescape=True) if kind.endswith(".") else event.c.kind == kind


def _fit(name: str, said: str) -> str:
    """What can be written into a column: no longer than it is wide, without NUL and without halves of characters."""
    if not said.isascii():
        said = said.encode(errors="backslashreplace").decode()
    return said.replace("\0", "\N{SYMBOL FOR NULL}")[: _ROOM[name]]
