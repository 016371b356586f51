"""Nothing that is looked for walks through a whole table, whatever its size: shown by the plans of both databases.

On a store of a few thousand documents, and with plans told that reading a table whole is dear, as it is where it is large.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path
from unittest.mock import patch

import pytest
import sqlalchemy as sa
from desk import NOON, new_postgres

from benchmarks.million.store import fill
from edi_gateway.clock import MovableClock
from edi_gateway.store import connection
from edi_gateway.store.database import Database
from edi_gateway.store.migrate import migrate
from edi_gateway.store.selection import Selection
from edi_gateway.store.tables import transaction
from edi_gateway.views import (
    alerts,
    deadlines,
    home,
    interchanges,
    moved,
    orders,
    set_list,
    set_page,
    sync,
    thread_page,
    timeline,
)
from edi_gateway.views.operator_figures import operator_figures
from edi_gateway.views.set_list import Sought

LARGE = (
    "transaction_set",
    "document",
    "event",
    "flow",
    "interchange",
    "functional_group",
    "transmission",
    "order_thread",
    "payload",
)
FEW = 2_000
Look = Callable[[Database], object]


@cache
def _sqlite() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        store = Database(f"sqlite:///{folder}/one.sqlite3", MovableClock(NOON), Path(folder))
        migrate(store)
        fill(store, FEW, NOON, count=4)
        with store.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        store.close()
        return (Path(folder) / "one.sqlite3").read_bytes()


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    path = tmp_path_factory.mktemp("sqlite") / "one.sqlite3"
    path.write_bytes(_sqlite())
    store = Database(f"sqlite:///{path}", MovableClock(NOON), path.parent)
    yield store
    store.close()


@pytest.fixture(scope="module")
def postgres(postgres_url: str) -> Iterator[Database]:
    store = Database(new_postgres(postgres_url), MovableClock(NOON), Path("nowhere"))
    fill(store, FEW, NOON, count=4)
    yield store
    store.close()


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest) -> Database:
    found: Database = request.getfixturevalue(request.param)
    return found


@contextmanager
def _plans(store: Database) -> Iterator[list[str]]:
    """The plan of every query that is run meanwhile, with the query."""
    told: list[str] = []
    explain = "EXPLAIN QUERY PLAN " if store.is_sqlite else "EXPLAIN "

    def look(asked: sa.Connection, cursor: object, statement: str, parameters: object, *_: object) -> None:
        if not statement.lstrip().startswith(("SELECT", "WITH")):
            return
        raw = asked.connection.dbapi_connection
        assert raw is not None
        second = raw.cursor()
        if not store.is_sqlite:
            second.execute("SET enable_seqscan = off")  # where there is no other way, it is taken all the same
        second.execute(explain + statement, parameters)
        told.append("\n".join(str(row[-1]) for row in second.fetchall()) + f"\n{statement}")

    sa.event.listen(store.engine, "before_cursor_execute", look)
    try:
        with patch.object(connection, "wording_of", lambda *_: None):  # what goes to the driver itself is not heard of
            yield told
    finally:
        sa.event.remove(store.engine, "before_cursor_execute", look)


def _walks(plan: str) -> list[str]:
    """The large tables a plan reads from one end to the other; to read the newest few of all there are is no walk."""
    if "WHERE" not in plan and "LIMIT" in plan and "TEMP B-TREE" not in plan:
        return []
    sqlite = re.findall(r"^SCAN (\w+)$", plan, re.MULTILINE)
    postgres = re.findall(r"Seq Scan on (\w+)", plan)
    return [table for table in (*sqlite, *postgres) if table in LARGE]


@cache
def _set(store: Database, code: str) -> tuple[int, str]:
    """The first set of a code: its id and number."""
    query = (
        sa.select(transaction.c.id, transaction.c.business_number).where(transaction.c.code == code).order_by(transaction.c.id)
    )
    with store.reading() as connection:
        id, number = connection.execute(query).first() or (0, "")
        return id, number


def _find(**meant: object) -> Look:
    return lambda store: set_list.find(store, Sought(meant=Selection(**meant), answers=True))  # type: ignore[arg-type]  # its own fields


def _search(code: str) -> Look:
    def look(store: Database) -> object:
        _, number = _set(store, code)
        return set_list.find(store, Sought(text=number)), set_list.find(store, Sought(text=number[:4]))

    return look


LOOKS: dict[str, Look] = {
    **{f"search by the number of an {code}": _search(code) for code in ("850", "856", "810", "820")},
    "search by ISA13": lambda store: set_list.find(store, Sought(text="000000007")),
    "search for what is not there": lambda store: set_list.find(store, Sought(text="NONE")),
    "list": lambda store: set_list.find(store, Sought()),
    "list, deep": lambda store: set_list.find(store, Sought(before=500)),
    "list of a partner": _find(partner="retailer-03"),
    "list of a set": _find(code="812"),
    "list by number": _find(number="4500000007"),
    "list by validation": _find(validation="invalid"),
    "list by delivery": _find(delivery="unconfirmed"),
    "list by acknowledgment": _find(acknowledgment="overdue"),
    "list of what is held": _find(state="held"),
    "list of what is overdue": _find(state="overdue"),
    "list by finding": _find(finding="segment.unknown"),
    "list of a window": _find(since=NOON - timedelta(days=400), until=NOON - timedelta(days=399)),
    "list by a beginning and a partner": lambda store: set_list.find(
        store, Sought(text="45", meant=Selection(partner="retailer-03"), before=300)
    ),
    "list of a partner's held ones": _find(partner="northwind", state="held"),
    "list of a partner's findings of a set": _find(partner="northwind", code="856", finding="element."),
    "home: what waits": home.waiting,
    "home: what is held": set_list.held,
    "home: traffic": home.traffic,
    "home: last seen": home.last_seen,
    "figures of an operator": operator_figures,
    "home: how it goes": sync.sync,
    "home: orders": lambda store: orders.orders(store, limit=8),
    "document that came": lambda store: _page(store, "850"),
    "document that left": lambda store: _page(store, "856"),
    "document that answers": lambda store: _page(store, "997"),
    "order": lambda store: thread_page.thread_page(store, 7),
    "orders of a partner": lambda store: orders.find_orders(store, partner="retailer-03", state="shipped"),
    "orders that begin so": lambda store: orders.find_orders(store, text="450000"),
    "transmissions of a partner": lambda store: moved.find_transmissions(store, partner="retailer-03"),
    "transmissions by name": lambda store: moved.find_transmissions(store, name="po_northwind_0000000"),
    "interchange by ISA13": lambda store: interchanges.find_interchanges(store, control_number="000000007"),
    "events of a partner": lambda store: moved.find_events(store, partner="retailer-03"),
    "events of a person": lambda store: moved.find_events(store, actor="ann"),
    "events of a kind": lambda store: moved.find_events(store, kind="partner."),
    "deadlines": deadlines.deadlines,
    "deadlines, the most urgent": lambda store: deadlines.most_urgent(store, limit=100),
    "alerts": alerts.alerts,
}


def _page(store: Database, code: str) -> object:
    id, _ = _set(store, code)
    return set_page.set_page(store, id), timeline.timeline(store, f"transaction:{id}")


@pytest.mark.parametrize("what", LOOKS)
def test_nothing_that_is_looked_for_walks_through_a_large_table(
    store: Database, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edi_gateway.views.newest.NEAR", 200)  # so that what lies behind the newest is asked as well
    LOOKS[what](store)  # once, to have the numbers it asks for at hand
    with _plans(store) as plans:
        LOOKS[what](store)
    assert plans
    walked = [plan for plan in plans if _walks(plan)]
    assert not walked, "\n\n".join(walked)


def test_a_walk_would_be_noticed(store: Database) -> None:
    with _plans(store) as plans, store.reading() as connection:
        connection.execute(sa.select(transaction.c.id).where(transaction.c.release == "none"))
    assert [_walks(plan) for plan in plans] == [["transaction_set"]]


def test_a_transmission_is_found_by_any_part_of_its_name_or_if_it_is_old_by_the_beginning(
    store: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    oldest = moved.find_transmissions(store, limit=100_000)[-1]
    assert oldest in moved.find_transmissions(store, name=oldest.name[3:], limit=5000)
    monkeypatch.setattr("edi_gateway.views.moved.NEAR", 100)
    assert oldest not in moved.find_transmissions(store, name=oldest.name[3:], limit=5000)
    assert oldest in moved.find_transmissions(store, name=oldest.name[:-6], limit=5000)
