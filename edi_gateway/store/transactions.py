"""Transaction sets as X12 sees them, each with its three statuses: validation, delivery, acknowledgment."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from edi_gateway.clock import Clock
from edi_gateway.store.among import Asked
from edi_gateway.store.connection import Connection
from edi_gateway.store.prepared import new_rows, row_changed, rows_by
from edi_gateway.store.rows import TransactionRow, as_row
from edi_gateway.store.tables import interchange, transaction
from edi_gateway.store.waiting import ANY

_SET = Asked(sa.select(transaction), transaction.c.id)
_TOLD = transaction.update().where(transaction.c.group_id == sa.bindparam("of")).values(acknowledgment=transaction.c.verdict)
_LAST = sa.select(sa.func.max(transaction.c.id)).where(transaction.c.document_id == sa.bindparam("of"))
_DELIVERED = transaction.update().where(transaction.c.id == _LAST.scalar_subquery())
_UNSENT = sa.select(sa.func.max(transaction.c.id)).where(
    transaction.c.document_id == sa.bindparam("document_id"),
    transaction.c.interchange_id.is_(None),
    transaction.c.direction == "out",
)
_IN_TRANSMISSION = (
    sa.select(transaction)
    .join(interchange, interchange.c.id == transaction.c.interchange_id)
    .where(interchange.c.transmission_id == sa.bindparam("transmission_id"))
    .order_by(transaction.c.id)
)


@cache
def _locked(query: sa.Select[Any]) -> sa.Select[Any]:
    return query.with_for_update(of=transaction, key_share=True)


class Transactions:
    """The transaction sets of one unit of work.

    What stands against those of a group, an interchange or a transmission is said by several at once: whoever sends them, a 997,
    a TA1, an 824, the watch over what is overdue. So a unit that writes ``locks`` them as it reads them, in their ids' order.
    """

    def __init__(self, connection: Connection, clock: Clock, *, locks: bool = False) -> None:
        self._connection, self._clock, self._locks = connection, clock, locks

    def add(self, **values: Any) -> int:
        """Records a set (columns by name) and returns its id."""
        values.setdefault("at", self._clock.now())
        id = self._connection.new_id(transaction)
        self._connection.later(new_rows(transaction), {"id": id, **values}, row=id)
        return id

    def put_unsent(self, document_id: str, **values: Any) -> int:
        """Records the set a document is written as; one written before that never got an envelope is
        written over, the newest of several.

        It is of now, then: a set goes by what is agreed on its day.
        """
        before = self._connection.execute(_UNSENT, {"document_id": document_id}).scalar()
        if before is None:
            return self.add(document_id=document_id, **values)
        self.change(before, **{"at": self._clock.now(), **values})
        return int(before)

    def get(self, id: int) -> TransactionRow:
        return as_row(TransactionRow, _SET.of(self._connection, id).one())

    def ahead(self, ids: Collection[int]) -> None:
        """Asks about several sets beforehand."""
        _SET.ahead(self._connection, ids)

    def get_locked(self, id: int) -> TransactionRow:
        """The same; in a unit that writes nobody else changes it until the unit's end."""
        return as_row(TransactionRow, self._connection.execute(self._to_write(rows_by(transaction, "id")), {"id": id}).one())

    def find(self, id: int) -> TransactionRow | None:
        """The set of a number somebody gave us."""
        row = self._connection.execute(rows_by(transaction, "id"), {"id": id}).first()
        return as_row(TransactionRow, row) if row else None

    def newest(self, limit: int, *, leave_out: Sequence[str] = ()) -> list[TransactionRow]:
        """The newest sets of both directions, newest first; those of the codes in ``leave_out`` are not counted."""
        query = sa.select(transaction).where(transaction.c.code.not_in(leave_out)).order_by(transaction.c.id.desc()).limit(limit)
        return [as_row(TransactionRow, row) for row in self._connection.execute(query)]

    def change(self, id: int, **values: Any) -> None:
        """Sets columns of a set."""
        self._connection.later(row_changed(transaction), {"this": id, **values}, row=id)

    def change_each(self, changes: list[dict[str, Any]]) -> None:
        """Sets the same columns of several sets; ``this`` is the id of each."""
        if changes:
            self._connection.execute(row_changed(transaction), changes)

    def told(self, group_id: int) -> None:
        """The answer to a group has left: each set in it stands as the verdict in that."""
        self._connection.execute(_TOLD, {"of": group_id})

    def delivered(self, document_id: str) -> None:
        """The ERP has a document: the set it came in is delivered."""
        self._connection.later(_DELIVERED, {"of": document_id, "delivery": "delivered"}, row=ANY)

    def in_group(self, group_id: int) -> list[TransactionRow]:
        """The sets of a group in their order."""
        query = self._to_write(rows_by(transaction, "group_id"))
        rows = self._connection.execute(query, {"group_id": group_id})
        return [as_row(TransactionRow, row) for row in rows]

    def in_interchange(self, interchange_id: int) -> list[TransactionRow]:
        """The sets of an interchange in their order."""
        query = self._to_write(rows_by(transaction, "interchange_id"))
        rows = self._connection.execute(query, {"interchange_id": interchange_id})
        return [as_row(TransactionRow, row) for row in rows]

    def ids_in_interchange(self, interchange_id: int) -> list[int]:
        """The numbers of the same: for who looks at the first few of many, and keeps nobody else from writing them."""
        query = sa.select(transaction.c.id).where(transaction.c.interchange_id == interchange_id).order_by(transaction.c.id)
        return list(self._connection.execute(query).scalars())

    def in_transmission(self, transmission_id: int) -> list[TransactionRow]:
        """The sets in the interchanges of a transmission."""
        rows = self._connection.execute(self._to_write(_IN_TRANSMISSION), {"transmission_id": transmission_id})
        return [as_row(TransactionRow, row) for row in rows]

    def ta1_for(self, partner: str, control_number: str, since: datetime) -> TransactionRow | None:
        """The TA1 we wrote for an interchange of theirs that came at ``since``: the first one about its number from then on."""
        query = sa.select(transaction).where(
            transaction.c.direction == "out",
            transaction.c.partner == partner,
            transaction.c.code == "TA1",
            transaction.c.business_number == control_number,
            transaction.c.at >= since,
        )
        row = self._connection.execute(query.order_by(transaction.c.id)).first()
        return as_row(TransactionRow, row) if row else None

    def of_document(self, document_id: str) -> TransactionRow | None:
        """The set a document came in, or went out in."""
        sets = self.all_of_document(document_id)
        return sets[-1] if sets else None

    def numbered(self, partner: str, code: str, number: str) -> list[TransactionRow]:
        """The sets of one code with a partner that have a business number, oldest first."""
        here = {"partner": partner, "code": code, "business_number": number}
        return [as_row(TransactionRow, row) for row in self._connection.execute(rows_by(transaction, *here), here)]

    def all_of_document(self, document_id: str) -> list[TransactionRow]:
        """Every set a document came in or went out in, oldest first."""
        rows = self._connection.execute(rows_by(transaction, "document_id"), {"document_id": document_id})
        return [as_row(TransactionRow, row) for row in rows]

    def _to_write(self, query: sa.Select[Any]) -> sa.Select[Any]:
        return _locked(query) if self._locks else query
