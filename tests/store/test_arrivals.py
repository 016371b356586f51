"""In which order a sender's interchange numbers come: gaps, late ones, repetitions, new counts."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi_gateway.clock import MovableClock
from edi_gateway.store.arrivals import FAR, Repetition, Sender
from edi_gateway.store.control_numbers import ROLLOVER
from edi_gateway.store.database import Database
from edi_gateway.store.tables import metadata
from edi_gateway.views.numbers import arrivals

ACME = Sender("ZZ:ACME", "ZZ:US", "P")
_EXAMPLES = count(1)


def came(store: Database, *numbers: int, whose: Sender = ACME) -> list[str]:
    return [note(store, number, whose=whose) for number in numbers]


def note(store: Database, number: int, repetition: Repetition | None = None, *, whose: Sender = ACME) -> str:
    with store.write() as unit:
        return unit.arrivals.note(whose, unit.arrivals.lock(whose, "acme", number), number, repetition).kind


def highest(store: Database) -> int:
    return arrivals(store)[0].highest


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


def test_one_that_is_missing_is_late_however_far_the_others_went_on(store: Database) -> None:
    assert came(store, 10, 13, 13 + FAR, 13 + 2 * FAR, 11) == ["in order", "gap", "gap", "gap", "late"]
    assert missing(store)[0] == (12, 12)


def test_the_same_once_more_moves_nothing(store: Database) -> None:
    came(store, 4, 5)
    assert [note(store, number, "again") for number in (4, 5, 6, 2000)] == ["again"] * 4
    assert (highest(store), arrivals(store)[0].last, missing(store)) == (5, 5, [])


def test_a_repetition_and_an_old_one_behind_it_are_no_new_count(store: Database) -> None:
    came(store, 100, 5000, 5001, 5002)
    note(store, 100, "again")
    assert came(store, 101, 5003, 5005) == ["out of order", "in order", "gap"]
    assert missing(store) == [(5004, 5004)]


def test_who_is_met_first_by_a_repetition_begins_with_it(store: Database) -> None:
    assert [note(store, 5, "again"), *came(store, 6)] == ["again", "in order"]


def test_what_was_missing_of_a_count_that_ended_is_given_up_and_does_not_hide_what_is_missing_of_the_next(
    store: Database,
) -> None:
    came(store, 10, 13, 5000)
    with store.write() as unit:
        arrival = unit.arrivals.note(ACME, unit.arrivals.lock(ACME, "acme", 5001), 5001)
    assert (arrival.kind, arrival.given_up, missing(store)) == ("new count", ((11, 12),), [])
    assert came(store, 9, 10, 40) == ["out of order", "new count", "gap"]
    assert missing(store) == [(11, 39)]


def test_after_the_last_number_the_first_is_in_order(store: Database) -> None:
    assert came(store, ROLLOVER - 1, ROLLOVER, 1, 2) == ["in order"] * 4


def test_what_is_left_out_over_the_rollover_is_missing_until_it_comes(store: Database) -> None:
    assert came(store, ROLLOVER - 2, 3) == ["in order", "gap"]
    assert missing(store) == [(1, 2), (ROLLOVER - 1, ROLLOVER)]
    assert came(store, 2, ROLLOVER, 4, 1, ROLLOVER - 1) == ["late", "late", "in order", "late", "late"]
    assert missing(store) == []


def test_who_counts_from_nought_goes_on_there(store: Database) -> None:
    assert came(store, ROLLOVER, 0, 1) == ["in order"] * 3
    assert missing(store) == []


@pytest.mark.parametrize("leap", [900_000, 1])
def test_a_new_count_begins_with_the_second_in_a_row_and_misses_nothing(store: Database, leap: int) -> None:
    assert came(store, 5000, leap, leap + 1, leap + 2) == ["in order", "out of order", "new count", "in order"]
    assert missing(store) == []


@pytest.mark.parametrize("stray", [4110, 900_000])
def test_one_far_away_leaves_the_count_where_it_is(store: Database, stray: int) -> None:
    assert came(store, 7224, stray, 7225, 7227) == ["in order", "out of order", "in order", "gap"]
    assert missing(store) == [(7226, 7226)]


def test_old_ones_that_came_before_leave_the_count_where_it_is(store: Database) -> None:
    came(store, 5000)
    assert [note(store, number, "again") for number in (1000, 1001)] == ["again", "again"]
    assert highest(store) == 5000


def test_who_counts_anew_over_numbers_that_were_used_is_seen_by_the_second_as_well(store: Database) -> None:
    came(store, 5000)
    assert [note(store, number, "reused") for number in (1, 2, 3)] == ["again", "new count", "in order"]
    assert (arrivals(store)[0].again, arrivals(store)[0].reused) == (0, 3)


def test_one_from_before_the_first_never_came_and_is_out_of_order(store: Database) -> None:
    assert came(store, 7, 5, 6, 8) == ["in order", "out of order", "out of order", "in order"]
    assert arrivals(store)[0].late == 2


@given(st.permutations(range(1, 12)), st.integers(0, 11), st.integers(ROLLOVER - 14, ROLLOVER + 1))
def test_whatever_the_order_what_is_missing_is_what_did_not_come(order: list[int], many: int, begin: int) -> None:
    def numbered(places: Iterable[int]) -> list[int]:
        return [(begin + place - 1) % ROLLOVER + 1 for place in places]

    places, whose = [0, *order[:many]], Sender(f"ZZ:{next(_EXAMPLES)}", "ZZ:US", "P")
    assert "again" not in came(in_memory(), *numbered(places), whose=whose)
    gaps = {number for first, last in missing(in_memory(), whose) for number in range(first, last + 1)}
    assert gaps == {*numbered(range(max(places) + 1))} - {*numbered(places)}


@cache
def in_memory() -> Database:
    """One store for all examples, each with a sender of its own."""
    store = Database("sqlite://", MovableClock(), Path("nowhere"))
    metadata.create_all(store.engine)
    return store
