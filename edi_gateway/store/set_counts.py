"""How many sets there are by day, partner, direction and code, how many of them are wrong, and how many still open.

The database counts by itself: triggers on ``transaction_set`` put what each statement changes behind what is there
(``set_count_change``), in the same transaction, whoever wrote it. Rows of sums would make every two transactions about a
partner wait for each other; appended ones do not. ``gather`` adds them to the sums (``set_count``) now and then, which
changes no figure: whoever reads adds both up, in one statement.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple, TypeAlias

import sqlalchemy as sa

from edi_gateway.store.connection import Connection
from edi_gateway.store.prepared import upsert
from edi_gateway.store.tables import set_count, set_count_change

_Row: TypeAlias = "sa.Row[tuple[int, date, str, str, str, int, int, int]]"


class Key(NamedTuple):
    """Which sets are counted together; ``partner`` is empty for those of nobody known."""

    day: date  # UTC
    partner: str
    direction: str
    code: str


class SetCounts:
    """The counts of one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def gather(self, limit: int) -> int:
        """Adds up to ``limit`` changes to the sums; how many there were."""
        oldest = sa.select(set_count_change.c.id).order_by(set_count_change.c.id).limit(limit)
        taken = set_count_change.delete().where(set_count_change.c.id.in_(oldest)).returning(set_count_change)
        rows = self._connection.execute(taken).all()
        for key, (sets, wrong, open_) in sorted(_summed(rows).items()):  # in one order, so that nobody deadlocks
            self._add(key, sets=sets, wrong=wrong, open=open_)
        return len(rows)

    def _add(self, key: Key, **more: int) -> None:
        insert = upsert(self._connection)(set_count).values(**key._asdict(), **more)
        sums = {name: set_count.c[name] + insert.excluded[name] for name in more}
        self._connection.execute(insert.on_conflict_do_update(index_elements=list(Key._fields), set_=sums))


def _summed(rows: Iterable[_Row]) -> dict[Key, tuple[int, int, int]]:
    found: dict[Key, tuple[int, int, int]] = defaultdict(lambda: (0, 0, 0))
    for row in rows:
        key = Key(row.day, row.partner, row.direction, row.code)
        sets, wrong, open_ = found[key]
        found[key] = (sets + row.sets, wrong + row.wrong, open_ + row.open)
    return found
