"""The database's own counts of sets are those of a recount, whatever was written, by whom, and whenever they were gathered."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
import sqlalchemy as sa

from edi_gateway.clock import MovableClock
from edi_gateway.store.database import Database
from edi_gateway.store.tables import set_count, set_count_change, transaction

COUNTED = (
    "select coalesce(partner, ''), direction, code, count(*),"
    " sum(case when validation = 'invalid' or acknowledgment in ('rejected', 'partially accepted') then 1 else 0 end),"
    " sum(case when validation <> 'invalid' and acknowledgment not in ('rejected', 'partially accepted')"
    " and (acknowledgment in ('awaited', 'overdue', 'owed') or delivery = 'pending') then 1 else 0 end)"
    " from transaction_set where code not in ('997', '999', 'TA1') group by 1, 2, 3, {day} having count(*) > 0"
)
WORDS = {
    "partner": ["northwind", "cascade", None],
    "code": ["850", "855", "997"],
    "validation": ["valid", "invalid"],
    "delivery": ["pending", "sent"],
    "acknowledgment": ["none", "owed", "overdue", "accepted", "rejected"],
}


def counted(store: Database) -> list[tuple[object, ...]]:
    day = "date(at)" if store.is_sqlite else "(at at time zone 'UTC')::date"
    with store.reading() as connection:
        return sorted(tuple(row) for row in connection.exec_driver_sql(COUNTED.format(day=day)))


def kept(store: Database) -> list[tuple[object, ...]]:
    key = ("day", "partner", "direction", "code")
    both = sa.union_all(
        *(sa.select(*(each.c[name] for name in (*key, "sets", "wrong", "open"))) for each in (set_count, set_count_change))
    ).subquery()
    sums = [sa.func.sum(both.c[name]) for name in ("sets", "wrong", "open")]
    query = sa.select(*(both.c[name] for name in key[1:]), *sums).group_by(*(both.c[name] for name in key))
    with store.reading() as connection:
        return sorted(tuple(row) for row in connection.execute(query) if tuple(row)[3:] != (0, 0, 0))


def add(store: Database, random: Random) -> None:
    with store.write() as unit:
        values = {name: random.choice(words) for name, words in WORDS.items()}
        unit.transactions.add(**values, direction=random.choice(("in", "out")), release="004010", usage="P")


def change(store: Database, random: Random) -> None:
    """Some of what a set is changes, of several sets at once, or its day does."""
    words = {name: random.choice(WORDS[name]) for name in random.sample(list(WORDS), 2)}
    moved = {"at": store.clock.now() - timedelta(days=1)} if random.random() < 0.2 else {}
    with store.write() as unit:
        unit.connection.execute(transaction.update().where(transaction.c.id % 3 == random.randrange(3)).values(**words, **moved))


def remove(store: Database, random: Random) -> None:
    with store.write() as unit:
        unit.connection.execute(transaction.delete().where(transaction.c.id % 7 == random.randrange(7)))


def gather(store: Database, random: Random) -> None:
    with store.write() as unit:
        unit.set_counts.gather(random.randrange(1, 20))


def give_up(store: Database, random: Random) -> None:
    """A transaction that comes to nothing."""
    with pytest.raises(ZeroDivisionError), store.write() as unit:
        unit.transactions.add(direction="in", code="850", validation="valid", delivery="sent", acknowledgment="none",
                              partner="northwind", release="004010", usage="P")  # fmt: skip
        raise ZeroDivisionError


@pytest.mark.parametrize("seed", range(3))
def test_the_counts_are_a_recount_after_every_step(store: Database, clock: MovableClock, seed: int) -> None:
    random = Random(seed)
    for _ in range(40):
        random.choices((add, change, gather, remove, give_up), (5, 3, 2, 1, 1))[0](store, random)
        clock.advance(timedelta(hours=random.randrange(6)))
        assert kept(store) == counted(store)


def test_gathering_leaves_one_sum_for_each_key_and_nothing_behind(store: Database) -> None:
    random = Random(1)
    for _ in range(30):
        add(store, random)
    before = kept(store)
    with store.write() as unit:
        assert unit.set_counts.gather(1000) > 0
        assert unit.set_counts.gather(1000) == 0
    assert kept(store) == before


def test_what_does_not_change_a_count_leaves_no_change(store: Database) -> None:
    with store.write() as unit:
        id = unit.transactions.add(
            direction="in", code="850", validation="valid", delivery="sent", acknowledgment="none", release="004010", usage="P"
        )
        unit.set_counts.gather(10)
        unit.transactions.change(id, findings='[{"kind":"set.x","code":"1"}]', business_number="PO-1", acknowledgment="accepted")
        assert unit.set_counts.gather(10) == 0
