"""Writes that wait for others of their sort, so that a batch says each sort to the database in one go.

Fifty documents of a batch pass the same dozen statements fifty times. Each by itself is a way to the driver and back: 100 µs of
the engine on PostgreSQL, where one of fifty takes 38. So what nobody waits for an answer to waits for the others, until somebody
asks about its table, its row is written to in another way, or the transaction ends: nobody sees a difference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from typing import Any, NamedTuple

from edi_gateway.store.wording import Wording

ANY = None  # what a write tells of its row that does not know which it is


class Sort(NamedTuple):
    """Writes of one sort: what is said of each, and what is raised where one of them finds no row."""

    wording: Wording
    given: list[Any]
    missed: type[Exception] | None


class Waiting:
    """What waits in one transaction, in the order in which the sorts came up."""

    # A ``row`` is whatever tells the rows of one table apart.

    def __init__(self) -> None:
        self._sorts: dict[Wording, Sort] = {}
        self._rows: defaultdict[str, dict[Hashable, Wording]] = defaultdict(dict)  # by table: which write of a row came last

    def add(self, wording: Wording, given: Any, row: Hashable, missed: type[Exception] | None) -> None:
        if wording not in self._sorts:
            self._sorts[wording] = Sort(wording, [], missed)
        self._sorts[wording].given.append(given)
        self._rows[wording.writes][row] = wording

    def is_written_otherwise(self, wording: Wording, row: Hashable) -> bool:
        """Whether a write of another sort waits for this row, or one for any row."""
        if row is ANY:
            return any(sort is not wording and sort.writes == wording.writes for sort in self._sorts)
        rows = self._rows[wording.writes]
        return rows.get(row, wording) is not wording or rows.get(ANY, wording) is not wording

    def comes_too_late(self, wording: Wording) -> bool:
        """Whether new rows, the first of their sort, would be written behind what waits and may point to them."""
        if not wording.is_new or wording in self._sorts:
            return False
        return any(wording.writes in sort.behind for sort in self._sorts)

    def concerns(self, wording: Wording, row: Hashable) -> bool:
        """Whether something may have to be written before a statement that asks about one row of its tables, or about any."""
        if row is ANY or not self._sorts:
            return bool(self._sorts)
        return any(row in rows or ANY in rows for table in wording.tables if (rows := self._rows.get(table)))

    def take_before(self, wording: Wording) -> list[Sort]:
        """Takes what has to be written before a statement goes: all about its tables, and new rows that others point to."""
        taken: list[Sort] = []
        behind: set[str] = set(wording.behind)
        for sort in reversed(self._sorts.values()):
            writes = sort.wording.writes
            if writes in wording.tables or (sort.wording.is_new and writes in behind):
                behind |= sort.wording.behind
                taken.append(sort)
        return self._taken(taken[::-1])

    def take_all(self) -> list[Sort]:
        """Takes everything."""
        return self._taken(list(self._sorts.values()))

    def _taken(self, sorts: list[Sort]) -> list[Sort]:
        for sort in sorts:
            del self._sorts[sort.wording]
        if not self._sorts:
            self._rows.clear()
        return sorts
