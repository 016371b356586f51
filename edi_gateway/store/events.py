"""Events: what happened, to what, by whom; only ever appended."""

from __future__ import annotations

import sqlalchemy as sa

from edi_gateway import log
from edi_gateway.clock import Clock
from edi_gateway.store.rows import EventRow, as_row
from edi_gateway.store.tables import event

_log = log.logger(__name__)

GATEWAY = "gateway"  # the actor of what happens by itself


class Events:
    """The events of one unit of work."""

    def __init__(self, connection: sa.Connection, clock: Clock) -> None:
        self._connection, self._clock = connection, clock

    def tell(
        self, kind: str, subject: str, text: str, *, partner: str | None = None, control_number: str = "", actor: str = GATEWAY
    ) -> None:
        """Appends an event; ``subject`` is what it is about (``transaction:12``), ``text`` a sentence for a person.

        Every event is a line of the log too, with partner and control number bound.
        """
        with log.bind(partner=partner, control_number=control_number or None):
            _log.info(text, kind=kind, subject=subject, actor=actor)
        values = {
            "at": self._clock.now(),
            "actor": actor,
            "kind": kind,
            "partner": partner,
            "subject": subject,
            "control_number": control_number,
            "text": text,
        }
        self._connection.execute(event.insert().values(values))

    def about(self, subject: str) -> list[EventRow]:
        """The events about one subject, oldest first."""
        query = sa.select(event).where(event.c.subject == subject).order_by(event.c.id)
        return [as_row(EventRow, row) for row in self._connection.execute(query)]

    def after(self, id: int, limit: int = 500) -> list[EventRow]:
        """The events behind a cursor, oldest first."""
        query = sa.select(event).where(event.c.id > id).order_by(event.c.id).limit(limit)
        return [as_row(EventRow, row) for row in self._connection.execute(query)]

    def of_kind(self, kind: str) -> list[EventRow]:
        """The events of one kind, oldest first."""
        query = sa.select(event).where(event.c.kind == kind).order_by(event.c.id)
        return [as_row(EventRow, row) for row in self._connection.execute(query)]
