"""AS2 messages in the store, on both databases: one taker of each, and what is found again."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from edi_gateway.clock import MovableClock
from edi_gateway.store.database import Database

KEY = {"direction": "in", "sender": "NORTHWIND", "receiver": "MERIDIAN", "message_id": "<1@x>"}
REST = {"connection": "northwind-as2", "fields": "[]", "state": "taken"}


def claim(store: Database, **changed: Any) -> bool:
    with store.write() as unit:
        return unit.as2_messages.claim(**{**KEY, **REST, **changed})


def test_of_all_who_take_a_message_at_once_one_does(store: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: claim(store), range(8)))

    assert sorted(taken) == [False] * 7 + [True]


def test_a_message_that_was_refused_may_be_taken_later_and_then_no_more(store: Database) -> None:
    assert claim(store, state="refused", said="authentication-failed")
    assert claim(store, said="")
    assert not claim(store)

    with store.read() as unit:
        found = unit.as2_messages.find(**KEY)
    assert found is not None
    assert (found.state, found.said) == ("taken", "")


@pytest.mark.parametrize(
    "other", [{"sender": "CASCADE"}, {"receiver": "SOMEBODY"}, {"direction": "out"}, {"message_id": "<2@x>"}]
)
def test_the_same_id_between_others_is_another_message(store: Database, other: dict[str, str]) -> None:
    assert claim(store)
    assert claim(store, **other)


def test_a_receipt_is_owed_from_its_time_until_it_is_delivered(store: Database, clock: MovableClock) -> None:
    with store.write() as unit:
        due = unit.clock.now() + timedelta(minutes=5)
        unit.as2_messages.claim(**KEY, **REST, receipt_state="owed", due_at=due)
        assert unit.as2_messages.owed() == []
    clock.advance(timedelta(minutes=5))

    with store.write() as unit:
        (owed,) = unit.as2_messages.owed()
        unit.as2_messages.change(owed.id, receipt_state="delivered")
        assert unit.as2_messages.owed() == []


def test_the_newest_message_of_a_name_is_found_and_orphans_stand_apart(store: Database) -> None:
    with store.write() as unit:
        for number in (1, 2):
            sent = {**KEY, "direction": "out", "message_id": f"<{number}@x>"}
            unit.as2_messages.put(**sent, **REST, name="850.edi")
        unit.as2_messages.put(**{**KEY, "direction": "receipt"}, **REST)

    with store.read() as unit:
        newest = unit.as2_messages.named("northwind-as2", "850.edi")
        assert newest is not None
        assert newest.message_id == "<2@x>"
        assert [row.direction for row in unit.as2_messages.orphans()] == ["receipt"]
        assert unit.as2_messages.of_id("2@x") == newest
