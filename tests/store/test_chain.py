"""The chain of events: each covers the one before, whoever writes at the same time, and none is changed or deleted."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa

from edi_gateway.store.chain import BEGINNING, link
from edi_gateway.store.database import Database
from edi_gateway.store.rows import EventRow


def tell(store: Database, text: str) -> None:
    with store.write() as unit:
        unit.events.tell("test", "demo:1", text, partner="northwind")


def events(store: Database) -> list[EventRow]:
    with store.read() as unit:
        return unit.events.after(0, 10_000)


def is_whole(store: Database) -> bool:
    last = BEGINNING
    for number, event in enumerate(events(store), 1):
        if event.id != number or event.hash != link(last, event):
            return False
        last = event.hash
    with store.read() as unit:
        return unit.events.head() == (len(events(store)), last)


def test_every_event_carries_the_hash_of_the_one_before(store: Database) -> None:
    for text in ("one", "two", "drei, café"):
        tell(store, text)
    assert len(events(store)) == 3
    assert is_whole(store)


def test_writers_at_the_same_time_make_one_chain_without_a_gap(store: Database) -> None:
    def write() -> None:
        for number in range(15):
            tell(store, f"event {number}")

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(events(store)) == 90
    assert is_whole(store)


def test_what_is_rolled_back_leaves_no_gap(store: Database) -> None:
    tell(store, "kept")
    with pytest.raises(RuntimeError), store.write() as unit:
        unit.events.tell("test", "demo:1", "never happened")
        raise RuntimeError
    with store.write() as unit:
        with pytest.raises(RuntimeError), unit.savepoint():
            unit.events.tell("test", "demo:1", "lost")
            raise RuntimeError
        unit.events.tell("test", "demo:1", "kept too")
    assert [event.text for event in events(store)] == ["kept", "kept too"]
    assert is_whole(store)


@pytest.mark.parametrize("change", ["UPDATE event SET text = 'another'", "DELETE FROM event"])
def test_the_database_itself_refuses_to_change_or_delete_an_event(store: Database, change: str) -> None:
    tell(store, "as it was")
    with pytest.raises(sa.exc.DBAPIError, match="only appended"), store.engine.begin() as connection:
        connection.exec_driver_sql(change)
    assert [event.text for event in events(store)] == ["as it was"]
