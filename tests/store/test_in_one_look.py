"""A batch reads in one look: one transaction, and the same answer to the same question."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from edi_gateway.store.database import Database
from edi_gateway.store.prepared import rows_by
from edi_gateway.store.tables import payload

NOON = datetime(2026, 11, 17, 12, 0, tzinfo=UTC)


def put(store: Database, digest: str) -> None:
    with store.write() as unit:
        unit.connection.execute(payload.insert(), {"sha256": digest, "size": 1, "recorded_at": NOON})


def seen(store: Database) -> int:
    with store.read() as unit:
        return len(unit.connection.execute(rows_by(payload, "size"), {"size": 1}).all())


def test_what_is_asked_twice_is_told_as_before_whatever_happened_meanwhile(store: Database) -> None:
    def look(digest: str) -> int:
        found = seen(store)
        put(store, digest)
        return found

    seen(store), seen(store)  # the statement stands now
    assert store.in_one_look(["a", "b", "c"], look) == [0, 0, 0]
    assert seen(store) == 3


def test_one_alone_looks_for_itself(store: Database) -> None:
    assert store.in_one_look([1], lambda _item: (seen(store), put(store, "a"), seen(store))) == [(0, None, 1)]


def test_a_question_that_fails_spoils_it_for_nobody_else(store: Database) -> None:
    asked: list[int] = []

    def look(item: int) -> str:
        asked.append(item)
        with store.read() as unit:
            if item == 2:
                try:
                    unit.connection.execute(sa.text("SELECT nothing_there FROM payload"))
                except sa.exc.DBAPIError as error:
                    if asked.count(2) == 1:
                        raise
                    return type(error).__name__
        return f"{seen(store)}"

    one, two, three = store.in_one_look([1, 2, 3], look)
    assert asked == [1, 2, 1, 2, 3]
    assert (one, three) == ("0", "0")
    assert two in ("OperationalError", "ProgrammingError")


def test_an_error_of_ours_is_its_own_and_the_look_goes_on_being_one(store: Database) -> None:
    with pytest.raises(KeyError):
        store.in_one_look([1, 2], lambda item: {1: seen(store)}[item])
    assert seen(store) == 0
