"""What waits is written with others of its sort; nobody sees a difference but in how often the database is asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from typing import Any, TypeAlias

import msgspec
import pytest
import sqlalchemy as sa
from desk import new_sqlite
from hypothesis import given, settings
from hypothesis import strategies as st

from edi_gateway.clock import MovableClock
from edi_gateway.documents.text_message import TextMessage
from edi_gateway.errors import Defect
from edi_gateway.order_to_cash.thread import OrderThread
from edi_gateway.store.among import Asked
from edi_gateway.store.connection import Connection, Rows
from edi_gateway.store.database import Database
from edi_gateway.store.flows import Elsewhere
from edi_gateway.store.prepared import new_rows, row_changed
from edi_gateway.store.rows import FlowRow
from edi_gateway.store.tables import lane
from edi_gateway.store.unit import Unit
from edi_gateway.store.waiting import ANY

Op: TypeAlias = "tuple[str, str, int]"
IDS = ["a", "b", "c"]
_ALL = sa.select(lane).order_by(lane.c.id)
_LANE = Asked(sa.select(lane), lane.c.id)
_NEWEST = lane.update().where(lane.c.id == sa.select(sa.func.max(lane.c.id)).scalar_subquery())


class Enough(Exception):
    """Ends a unit of work, of which nothing is to stay."""


@contextmanager
def looked_at(store: Database) -> Iterator[Unit]:
    """A unit of work of which nothing stays."""
    with suppress(Enough), store.write() as unit:
        yield unit
        raise Enough


def told(connection: Connection) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.execute(_ALL)]


def write(connection: Connection, op: Op, *, later: bool) -> None:
    what, id, number = op
    statement, values, row = {
        "new": (new_rows(lane), {"id": id, "dirty": number}, id),
        "dirty": (row_changed(lane), {"this": id, "dirty": number}, id),
        "held": (row_changed(lane), {"this": id, "holder": number}, id),
        "newest": (_NEWEST, {"dirty": number}, ANY),
    }[what]
    connection.later(statement, values, row=row) if later else connection.execute(statement, values)


def run(store: Database, ops: list[Op], *, later: bool) -> list[object]:
    """What is read on the way, and at the end."""
    seen: list[object] = []
    with looked_at(store) as unit:
        there: set[str] = set()
        for what, id, number in ops:
            if what == "read":
                seen.append(told(unit.connection))
            elif what == "read one":
                seen.append([tuple(row) for row in unit.connection.execute(_LANE.of_one, {"id": id}, row=id)])
            elif what == "ask ahead":
                _LANE.ahead(unit.connection, IDS)
            elif what == "read what was asked":
                seen.append([tuple(row) for row in _LANE.of(unit.connection, id)])
            elif what == "savepoint":
                with suppress(Enough), unit.savepoint():
                    write(unit.connection, ("newest", id, number), later=later)
                    if number % 2:
                        raise Enough
            elif (id in there) == (what != "new") or what == "newest":
                there |= {id} if what == "new" else set()
                write(unit.connection, (what, id, number), later=later)
        unit.connection.flush()
        seen.append(told(unit.connection))
    return seen


@pytest.fixture(scope="module")
def one_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    folder = tmp_path_factory.mktemp("waiting")
    database = Database(new_sqlite(folder), MovableClock(), folder / "payloads")
    begin = ("new", "dirty", "held", "newest", "ask ahead", "read one")
    run(database, [(what, "a", 1) for what in begin] * 2, later=False)  # the statements stand now
    yield database
    database.close()


@settings(max_examples=150)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ["new", "new", "dirty", "held", "newest", "read", "read one", "ask ahead", "read what was asked", "savepoint"]
            ),
            st.sampled_from(IDS),
            st.integers(0, 9),
        ),
        max_size=14,
    )
)
def test_what_is_written_later_is_what_would_have_been_written_at_once(one_store: Database, ops: list[Op]) -> None:
    assert run(one_store, ops, later=True) == run(one_store, ops, later=False)


def stand(store: Database) -> None:
    """The statements of these scenes have been said before."""
    for later in (False, True):
        run(store, [("new", "x", 0), ("dirty", "x", 1), ("held", "x", 1)] * 2, later=later)


def counted(connection: Connection) -> list[str]:
    """What a connection says to the database from now on."""
    said: list[str] = []
    say = connection._say

    def counting(wording: Any, given: Any, *, many: bool) -> Rows:
        said.append(wording.text.split()[0])
        return say(wording, given, many=many)

    connection._say = counting  # type: ignore[method-assign]
    return said


def test_writes_of_a_sort_are_said_in_one_go(store: Database) -> None:
    stand(store)
    with looked_at(store) as unit:
        said = counted(unit.connection)
        for id in IDS:
            write(unit.connection, ("new", id, 0), later=True)
        for id in IDS:
            write(unit.connection, ("dirty", id, 7), later=True)
        assert told(unit.connection) == [(id, 7, None) for id in IDS]
        assert said.count("INSERT") == said.count("UPDATE") == 1


def test_a_row_that_is_not_there_is_told_when_the_others_are_written(store: Database) -> None:
    stand(store)
    with pytest.raises(Elsewhere), store.write() as unit:
        for id in IDS:
            write(unit.connection, ("new", id, 0), later=True)
        for id in ("a", "nobody"):
            unit.connection.later(row_changed(lane), {"this": id, "dirty": 3}, row=id, missed=Elsewhere)
        unit.connection.later(row_changed(lane), {"this": "b", "dirty": 4}, row="b", missed=Elsewhere)
    with store.read() as unit:
        assert told(unit.connection) == []


def test_new_rows_go_before_those_that_point_to_them(store: Database) -> None:
    opened = OrderThread(partner="acme", order_number="1", document_id="", ordered_on=date(2026, 11, 17), lines=())
    with looked_at(store) as unit:
        thread = unit.threads.add(opened, currency="USD", usage="P")
        for _ in range(3):  # at first the statements stand not yet
            told = TextMessage(purpose="original", messages=())
            document = unit.documents.add(told, number="1", partner="acme", direction="in")
            unit.documents.join(document, thread)
            assert unit.documents.other_threads(document) == [thread]


def test_what_only_looks_writes_nothing_later_either(store: Database) -> None:
    with store.read() as unit, pytest.raises(Defect, match="would write"):
        unit.connection.later(new_rows(lane), {"id": "a", "dirty": 0}, row="a")


# -- flows that move together ------------------------------------------------------------------------


def three(store: Database) -> None:
    with store.write() as unit:
        for number in (1, 2, 3):
            unit.flows.start(
                lane_id="business:acme", stage="apply", subject=f"document:{number}", partner="acme", follows="order:1"
            )
        unit.flows.start(lane_id="erp:x/acme", stage="deliver", subject="document:4", partner="acme", follows="order:1")


def test_flows_that_move_together_wake_whoever_they_held_back(store: Database) -> None:
    three(store)
    with store.write() as unit, unit.flows.together():
        moving = [flow for number in (1, 2, 3) for flow in unit.flows.of(f"document:{number}")]
        for each in moving:
            assert unit.flows.move(each, state="done")
    assert unit.lanes.woken == {"erp:x/acme"}
    with store.read() as unit:
        assert [each.state for each in unit.flows.in_state("done")] == ["done"] * 3


def test_of_flows_that_move_together_none_moves_where_one_was_moved_by_somebody_else(store: Database) -> None:
    three(store)
    with store.write() as unit:
        [first], [second], [third] = (unit.flows.of(f"document:{number}") for number in (1, 2, 3))
        unit.flows.move(second, state="held")
    for _ in range(2):  # said anew, and in words that stand
        with store.write() as unit, suppress(Elsewhere), unit.savepoint(), unit.flows.together():
            for each in (first, second, third):
                unit.flows.move(each, state="done")
    with store.read() as unit:
        assert [unit.flows.get(each.id).state for each in (first, second, third)] == ["ready", "held", "ready"]  # type: ignore[union-attr]


# -- what is asked ahead -----------------------------------------------------------------------------


def test_what_was_asked_ahead_is_told_to_each_without_asking_again(store: Database) -> None:
    three(store)
    with store.read() as unit:
        flows = unit.flows.in_state("ready")
        assert [unit.attempts.in_doubt(each) for each in flows] == [False] * 4  # the statement stands now

    said: list[list[str]] = []

    def ahead(unit: Unit) -> None:
        unit.attempts.ahead([each.id for each in flows])
        said.append(counted(unit.connection))

    def look(was: FlowRow) -> bool:
        with store.read() as unit:
            return unit.attempts.in_doubt(was)

    assert (store.in_one_look(flows, look, ahead), said) == ([False] * 4, [[]])


def test_a_question_about_one_row_leaves_alone_what_waits_for_others(store: Database) -> None:
    stand(store)
    run(store, [("read one", "a", 0)] * 2, later=False)
    with looked_at(store) as unit:
        said = counted(unit.connection)
        for id in IDS:
            assert unit.connection.execute(_LANE.of_one, {"id": id}, row=id).all() == []
            write(unit.connection, ("new", id, 1), later=True)
        assert said == ["SELECT"] * 3
        assert len(unit.connection.execute(_LANE.of_one, {"id": "b"}, row="b").all()) == 1
        assert said == ["SELECT"] * 3 + ["INSERT", "SELECT"]


def test_what_was_asked_ahead_is_told_until_its_table_is_written_to(store: Database) -> None:
    stand(store)
    run(store, [("ask ahead", "", 0), ("read one", "a", 0)] * 2, later=False)
    with looked_at(store) as unit:
        said = counted(unit.connection)
        _LANE.ahead(unit.connection, IDS)
        assert [_LANE.of(unit.connection, id).all() for id in IDS] == [[], [], []]
        assert said == ["SELECT"]
        write(unit.connection, ("new", "a", 1), later=True)
        assert len(_LANE.of(unit.connection, "a").all()) == 1


def test_ids_that_are_reserved_are_those_of_the_rows_and_nobody_else_gets_them(store: Database) -> None:
    with store.write() as unit:
        ids = [unit.threads.add(thread(number), currency="USD", usage="P") for number in "abc"]
    with store.write() as unit:
        ids.append(unit.threads.add(thread("d"), currency="USD", usage="P"))
        with suppress(Enough), unit.savepoint():
            unit.threads.add(thread("rolled back"), currency="USD", usage="P")
            raise Enough
        ids.append(unit.threads.add(thread("e"), currency="USD", usage="P"))
    with store.read() as unit:
        assert [unit.threads.get(id).thread.order_number for id in ids] == [*"abcde"]
    assert ids == sorted(set(ids))


def thread(number: str) -> OrderThread:
    return OrderThread(partner="northwind", order_number=number, document_id=number * 8, lines=(), ordered_on=date(2026, 1, 5))


def test_new_rows_are_written_before_what_points_to_them_also_where_some_were_written_before(store: Database) -> None:
    for number in ("1", "2", "3"):  # a statement stands from its second time on
        with store.write() as unit:
            message = TextMessage(purpose="original", messages=())
            ids = [unit.documents.add(message, number=number, partner="acme", direction="in") for _ in range(2)]
        with store.write() as unit:
            for id in ids:
                opened = msgspec.structs.replace(thread(number), document_id=id)
                unit.documents.change(id, thread_id=unit.threads.add(opened, currency="USD", usage="P"))
                assert unit.threads.of_number("northwind", number, usage="P")
