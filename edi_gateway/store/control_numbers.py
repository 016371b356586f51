"""Numbers given once: control numbers, and any other counter of ours.

A number is taken inside the transaction that uses it (``UPDATE … SET n = n + 1 RETURNING``), so a rollback leaves no gap and
two workers never get the same one.

One that is taken of several counters goes on from the furthest. Which that is, the numbers alone do not tell where one of them
began again: so each counter knows how often it did, and beside which shared one, begun again how often, it was last taken from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.sql.dml import ReturningInsert, ReturningUpdate

from edi_gateway.store.connection import Connection
from edi_gateway.store.prepared import upsert
from edi_gateway.store.tables import control_counter

ROLLOVER = 999_999_999  # nine digits: ISA13, GS06
NEW = "new counters"
"""The scope whose number is how many numbers a new counter passes over: what restores jumped."""


class _Counter(NamedTuple):
    """A counter with its next number drawn; ``is_known`` where that follows one that was given, be it on record alone."""

    is_known: bool
    n: int
    rounds: int
    began_behind: int
    beside: str
    beside_rounds: int

    def was_left_behind(self, name: str, shared: _Counter, start: int, most: int) -> bool:
        """Whether the shared counter of that name began again since this one was last taken from beside it, and behind the number
        that is the last one here: others that share it may go round sooner.

        Of one that was never taken from beside it that is told by the distance, where the shared one ever began again, or nothing
        is known (before that was kept).
        """
        went_round = shared.rounds > 0 and shared.began_behind == most
        if self.beside == name:
            return went_round and self.beside_rounds < shared.rounds
        return (went_round or not self.beside) and self.n - shared.n > (most - start + 1) // 2


def _following() -> ReturningUpdate[Any]:
    """Draws the next number of a scope that has one, and locks it until the transaction ends."""
    n, start, most = control_counter.c.n, sa.bindparam("start", type_=sa.BigInteger), sa.bindparam("most", type_=sa.BigInteger)
    ahead, in_a_round = n + 1 - start, most - start + 1
    following = sa.case((n < start, start), else_=start + ahead % in_a_round)
    rounds = control_counter.c.rounds + sa.case((n < start, 0), else_=ahead // in_a_round)
    began_behind = sa.case((n + 1 > most, most), else_=control_counter.c.began_behind)
    here = control_counter.c.scope == sa.bindparam("of_scope")
    told = [control_counter.c[name] for name in _Counter._fields[1:]]
    drawn = control_counter.update().where(here).values(n=following, rounds=rounds, began_behind=began_behind)
    return drawn.returning(*told)


_FOLLOWING = _following()
_STANDS = control_counter.update().where(control_counter.c.scope == sa.bindparam("of_scope"))


@cache
def _begun(insert: Any) -> ReturningInsert[Any]:
    begun: ReturningInsert[Any] = insert(control_counter).on_conflict_do_nothing().returning(control_counter.c.scope)
    return begun


def _nothing() -> int:
    return 0


class ControlNumbers:
    """The counters of one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def next(self, *scopes: str, start: int = 1, most: int = ROLLOVER, behind: Callable[[], int] = _nothing) -> int:
        """The next number of a scope; after ``most`` it begins again at ``start``. Of several scopes it is that of the first, or
        one further on that is new in each: of the one furthest on, unless the first began again since.

        A scope that is new begins at ``start``, or behind the number that ``behind`` knows to be on record (0: none), which is
        asked only then; and past as many as restores jumped. A scope that jumped past ``most`` goes on as far behind ``start``:
        what was given in between is not given again.
        """
        drawn = {scope: self._drawn(scope, start, most, behind) for scope in sorted(scopes)}  # whoever draws of both locks alike
        shared = scopes[0]
        first, rounds = drawn[shared], drawn[shared].rounds
        behind_it = [scope for scope in scopes[1:] if drawn[scope].was_left_behind(shared, first, start, most)]
        abreast = [each for scope, each in drawn.items() if scope not in behind_it]
        given = max(each.n for each in [each for each in abreast if each.is_known] or abreast)
        for scope, each in drawn.items():
            beside = (shared, rounds if scope != shared else 0)
            if (each.n, each.beside, each.beside_rounds) != (given, *beside):
                stands = {"n": given, "beside": beside[0], "beside_rounds": beside[1]}
                self._connection.execute(_STANDS, {"of_scope": scope, **stands})
        return given

    def _drawn(self, scope: str, start: int, most: int, behind: Callable[[], int]) -> _Counter:
        here = {"of_scope": scope, "start": start, "most": most}
        if (row := self._connection.execute(_FOLLOWING, here).first()) is not None:
            return _Counter(True, *row)
        on_record, jumped = behind(), self.jumped()
        last = max(on_record, start - 1 + jumped if jumped else 0)
        is_begun = self._connection.execute(_begun(upsert(self._connection)), {"scope": scope, "n": last}).first() is not None
        return _Counter(on_record > 0 or not is_begun, *self._connection.execute(_FOLLOWING, here).one())

    def last(self, scope: str) -> int:
        """The last number given in a scope; 0 where none was."""
        return int(self._connection.execute(sa.select(control_counter.c.n).where(control_counter.c.scope == scope)).scalar() or 0)

    def jumped(self) -> int:
        """How many numbers restores jumped in all: so many may have been given in a scope that is not on record."""
        return self.last(NEW)

    def seed(self, scope: str, n: int) -> None:
        """Sets the last number given: for a cutover from another system."""
        insert: Any = upsert(self._connection)(control_counter).values(scope=scope, n=n, beside=scope)
        self._connection.execute(insert.on_conflict_do_update(index_elements=["scope"], set_={"n": n, "beside": scope}))

    def raise_to(self, scope: str, n: int) -> None:
        """Makes ``n`` the last number given, unless a greater one was."""
        if self.last(scope) < n:
            self.seed(scope, n)

    def scopes(self, begin: str) -> list[str]:
        """The scopes in which a number was given and whose names begin so."""
        query = sa.select(control_counter.c.scope).where(control_counter.c.scope.startswith(begin, autoescape=True))
        return list(self._connection.execute(query.order_by(control_counter.c.scope)).scalars())

    def jump(self, by: int, further: Mapping[str, int] = MappingProxyType({})) -> None:
        """Passes over ``by`` numbers in every scope: after a restore, when some may have been given that are not on record.

        In a scope of ``further`` over as many as it says. How far a scope goes before it begins again is known to whoever draws
        the next. A scope that is not on record may have been begun since: one that is begun from now on passes over ``by``, too.
        """
        n, others = control_counter.c.n, control_counter.c.scope.not_in((NEW, *further))
        self._connection.execute(control_counter.update().where(others).values(n=n + by))
        self.seed(NEW, self.last(NEW) + by)
        for scope, more in further.items():
            self._connection.execute(control_counter.update().where(control_counter.c.scope == scope).values(n=n + more))
