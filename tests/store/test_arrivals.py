"""In which order a sender's interchange numbers come: gaps, late ones, repetitions, new counts."""

from __future__ import annotations

from functools import cache
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi_gateway.clock import MovableClock
from edi_gateway.store.arrivals import Sender
from edi_gateway.store.control_numbers import ROLLOVER
from edi_gateway.store.database import Database
from edi_gateway.store.tables import metadata

ACME = Sender("ZZ:ACME", "ZZ:US", "P")
_EXAMPLES = count(1)


def came(store: Database, *numbers: int, whose: Sender = ACME) -> list[str]:
    with store.write() as unit:
        return [unit.arrivals.note(whose, "acme", number).kind for number in numbers]


def missing(store: Database, whose: Sender = ACME) -> list[tuple[int, int]]:
    with store.read() as unit:
        return [(gap.first, gap.last) for gap in unit.arrivals.gaps(whose)]


def test_numbers_in_order_leave_nothing_missing(store: Database) -> None:
    assert came(store, 41, 42, 43) == ["in order"] * 3
    assert missing(store) == []


def test_a_number_left_out_is_missing_until_it_comes(store: Database) -> None:
    assert came(store, 4, 8) == ["in order", "gap"]
    assert missing(store) == [(5, 7)]
    assert came(store, 6, 9) == ["late", "in order"]
    assert missing(store) == [(5, 5), (7, 7)]
    assert came(store, 7, 5) == ["late", "late"]
    assert missing(store) == []


def test_a_number_that_was_there_came_again(store: Database) -> None:
    assert came(store, 4, 5, 4, 5) == ["in order", "in order", "again", "again"]


def test_after_the_last_number_the_first_is_in_order(store: Database) -> None:
    assert came(store, ROLLOVER - 1, ROLLOVER, 1, 2) == ["in order"] * 4


@pytest.mark.parametrize("leap", [900_000, 1])
def test_a_new_count_goes_on_from_where_it_begins_and_misses_nothing(store: Database, leap: int) -> None:
    assert came(store, 5000, leap, leap + 1) == ["in order", "new count", "in order"]
    assert missing(store) == []


def test_senders_and_usages_are_counted_apart(store: Database) -> None:
    came(store, 1)
    assert came(store, 7, whose=ACME._replace(usage="T")) == ["in order"]
    assert came(store, 9, whose=ACME._replace(receiver="ZZ:OUR-OTHER-ID")) == ["in order"]
    assert came(store, 2) == ["in order"]


@given(st.permutations(range(1, 12)), st.integers(0, 11))
def test_whatever_the_order_what_is_missing_is_what_did_not_come(order: list[int], many: int) -> None:
    numbers, whose = [0, *order[:many]], Sender(f"ZZ:{next(_EXAMPLES)}", "ZZ:US", "P")
    came(in_memory(), *numbers, whose=whose)
    gaps = {number for first, last in missing(in_memory(), whose) for number in range(first, last + 1)}
    assert gaps == {*range(max(numbers) + 1)} - {*numbers}


@cache
def in_memory() -> Database:
    """One store for all examples, each with a sender of its own."""
    store = Database("sqlite://", MovableClock(), Path("nowhere"))
    metadata.create_all(store.engine)
    return store
