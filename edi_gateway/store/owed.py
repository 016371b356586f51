"""What we owe partners in answer to their orders and our shipments, by when, and whether it left."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, TypeAlias

import msgspec
import sqlalchemy as sa

from edi_gateway.clock import Clock
from edi_gateway.store.connection import Connection
from edi_gateway.store.prepared import row_changed, row_if_new, rows_by
from edi_gateway.store.rows import as_row
from edi_gateway.store.tables import owed

Answers: TypeAlias = Literal["order", "change", "shipment"]
"""What of theirs, or of ours."""


class OwedRow(msgspec.Struct, frozen=True):
    """An 855 for the set an order came in, an 855 or 865 for that of a change, an 856 or 810 for a shipment of an order: what it
    ``answers`` says which.
    """

    id: int
    partner: str
    code: str
    about: str
    number: str
    since: datetime
    due_at: datetime
    given_at: datetime | None
    told_at: datetime | None
    waived: str
    answers: Answers

    @property
    def name(self) -> str:
        """As people know it: "855 for change of order PO-1"."""
        return f"{self.code} for {'change of order' if self.answers == 'change' else self.answers} {self.number}"


_GIVEN = owed.update().where(owed.c.code == sa.bindparam("what"), owed.c.about == sa.bindparam("of"), owed.c.given_at.is_(None))


class Owed:
    """The answers owed of one unit of work; one that writes ``locks`` those it finds to be late."""

    def __init__(self, connection: Connection, clock: Clock, *, locks: bool = False) -> None:
        self._connection, self._clock, self._locks = connection, clock, locks

    def open(
        self, partner: str, code: str, about: str, *, answers: Answers, usage: str, number: str, since: datetime, due_at: datetime
    ) -> None:
        """Records that something is owed; what is on record already stays as it is."""
        what = {"partner": partner, "code": code, "about": about, "usage": usage, "answers": answers}
        values = {**what, "number": number, "since": since, "due_at": due_at}
        self._connection.later(row_if_new(self._connection, owed), values, row=(partner, code, about, usage))

    def give(self, code: str, about: str) -> None:
        """It left; the first time counts."""
        self._connection.execute(_GIVEN, {"what": code, "of": about, "given_at": self._clock.now()})

    def waive(self, code: str, about: str, because: str) -> None:
        """It will never leave, and somebody said so."""
        here = sa.and_(owed.c.code == code, owed.c.about == about, owed.c.given_at.is_(None))
        self._connection.execute(owed.update().where(here).values(waived=because))

    def owe_again(self, code: str, about: str) -> None:
        """Somebody said that it will never leave, and the reason for it has come again."""
        here = sa.and_(owed.c.code == code, owed.c.about == about, owed.c.given_at.is_(None))
        self._connection.execute(owed.update().where(here).values(waived=""))

    def forget(self, code: str, about: str) -> None:
        """It was never owed as it was put down."""
        here = sa.and_(owed.c.code == code, owed.c.about == about, owed.c.given_at.is_(None))
        self._connection.execute(owed.delete().where(here))

    def due_at(self, code: str, about: str, *, not_given_before: datetime) -> datetime | None:
        """By when it is or was due; None for what is not owed, was given earlier, or will never leave as somebody said."""
        rows = self._connection.execute(rows_by(owed, "code", "about"), {"code": code, "about": about})
        counts = (row for row in rows if not row.waived and (row.given_at is None or row.given_at >= not_given_before))
        return next((row.due_at for row in counts), None)

    def overdue(self) -> list[OwedRow]:
        """What is past its deadline, has not left, and was told to nobody; in a unit that writes, without what is written to just
        now: it may be leaving."""
        late = sa.and_(*_is_open(), owed.c.due_at <= self._clock.now(), owed.c.told_at.is_(None))
        query = sa.select(owed).where(late)
        return self._rows(query.with_for_update(skip_locked=True, key_share=True) if self._locks else query)

    def not_half_told(self) -> list[OwedRow]:
        """What is not due yet, has not left, and nobody was told of when half the time was over."""
        early = sa.and_(*_is_open(), owed.c.due_at > self._clock.now(), owed.c.half_told_at.is_(None))
        return self._rows(sa.select(owed).where(early))

    def tell_half(self, row: OwedRow) -> None:
        """Somebody was told that half the time is over."""
        self._connection.execute(row_changed(owed), {"this": row.id, "half_told_at": self._clock.now()})

    def tell(self, row: OwedRow) -> None:
        """Somebody was told that it is overdue."""
        self._connection.execute(row_changed(owed), {"this": row.id, "told_at": self._clock.now()})

    def _rows(self, query: sa.Select[tuple[object, ...]]) -> list[OwedRow]:
        return [as_row(OwedRow, row) for row in self._connection.execute(query.order_by(owed.c.due_at, owed.c.id))]


def _is_open() -> tuple[sa.ColumnElement[bool], ...]:
    return owed.c.given_at.is_(None), owed.c.waived == sa.literal_column("''")  # literally, as the index of open ones has it
