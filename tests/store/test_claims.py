from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from migrating import downgraded

from edi_gateway.clock import MovableClock
from edi_gateway.documents.order import Order, OrderLine
from edi_gateway.store.database import Database
from edi_gateway.store.interchanges import Numbered
from edi_gateway.store.migrate import migrate
from edi_gateway.store.tables import control_counter, metadata
from edi_gateway.store.unit import Unit

YEAR = timedelta(days=365)


ONE = Numbered("08:ACME", "ZZ:US", "P", "1")


def interchange(unit: Unit, usage: str = "P") -> int:
    return unit.interchanges.add(
        direction="in",
        partner="acme",
        sender=ONE.sender,
        receiver=ONE.receiver,
        control_number="000000001",
        version="00401",
        usage=usage,
        start=0,
        state="reading",
        isa="{}",
    )


def claim(unit: Unit, row: int) -> int | None:
    return unit.interchanges.claim(row, ONE, YEAR)


def test_an_interchange_number_is_claimed_once(store: Database) -> None:
    with store.write() as unit:
        first, second = interchange(unit), interchange(unit)
        assert claim(unit, first) is None
        assert claim(unit, second) == first


def test_tests_and_production_are_numbered_apart(store: Database) -> None:
    with store.write() as unit:
        test, production = interchange(unit, "T"), interchange(unit)
        assert unit.interchanges.claim(test, ONE._replace(usage="T"), YEAR) is None
        assert claim(unit, production) is None
        assert unit.interchanges.namesakes(interchange(unit), ONE, YEAR) == [production]


def test_numbers_that_were_claimed_before_usages_were_told_apart_stay_claimed(store: Database) -> None:
    with store.write() as unit:
        first = interchange(unit)
        claim(unit, first)
    with downgraded(store, "0033"):
        pass
    migrate(store)
    with store.write() as unit:
        assert claim(unit, interchange(unit)) == first


def test_of_test_and_production_that_shared_a_claim_each_has_its_own_then(store: Database) -> None:
    with store.write() as unit:
        test, production = interchange(unit, "T"), interchange(unit)
        unit.interchanges.claim(test, ONE._replace(usage="T"), YEAR)
    with downgraded(store, "0033"):
        pass
    migrate(store)
    with store.write() as unit:
        assert unit.interchanges.claim(interchange(unit, "T"), ONE._replace(usage="T"), YEAR) == test
        assert claim(unit, interchange(unit)) == production


def test_an_old_number_may_come_back_after_its_window(store: Database, clock: MovableClock) -> None:
    with store.write() as unit:
        claim(unit, interchange(unit))
    clock.advance(YEAR + timedelta(days=1))
    with store.write() as unit:
        assert claim(unit, interchange(unit)) is None


def test_a_window_may_be_shorter_than_a_day_and_does_not_end_at_midnight(store: Database, clock: MovableClock) -> None:
    hours = timedelta(hours=12)
    clock.advance(timedelta(hours=9, minutes=59))  # 23:59 UTC
    with store.write() as unit:
        first = interchange(unit)
        unit.interchanges.claim(first, ONE, hours)
    clock.advance(timedelta(minutes=2))
    with store.write() as unit:
        assert unit.interchanges.claim(interchange(unit), ONE, hours) == first
    clock.advance(hours)
    with store.write() as unit:
        assert unit.interchanges.claim(interchange(unit), ONE, hours) is None


def test_a_business_number_stays_with_the_document_that_had_it_first(store: Database) -> None:
    order = Order(
        number="4501",
        purpose="original",
        ordered_on=datetime(2026, 1, 5, tzinfo=UTC).date(),
        lines=(OrderLine(number="1", quantity=Decimal(1), unit="EA"),),
    )
    with store.write() as unit:
        first = unit.documents.add(order, number="4501", partner="acme", direction="in")
        second = unit.documents.add(order, number="4501", partner="acme", direction="in")
        unit.documents.claim("acme", "order", "4501||", first, usage="P")
        unit.documents.claim("acme", "order", "4501||", second, usage="P")
        assert unit.documents.claimed("acme", "order", "4501||", usage="P") == first
        assert unit.documents.claimed("acme", "order", "4501||", usage="T") is None
        assert unit.documents.read(first) == order


@pytest.mark.parametrize(("start", "most", "last", "following"), [(1, 999_999_999, 999_999_500, 502), (5000, 9999, 9990, 5991)])
def test_a_jump_past_the_last_number_goes_on_as_far_behind_the_first(
    store: Database, start: int, most: int, last: int, following: int
) -> None:
    with store.write() as unit:
        unit.control_numbers.seed("isa|a|b", last)
        unit.control_numbers.jump(1000)
        drawn = [unit.control_numbers.next("isa|a|b", start=start, most=most) for _ in range(2)]
    assert drawn == [following, following + 1]


def test_control_numbers_begin_again_at_one_after_the_last(store: Database) -> None:
    with store.write() as unit:
        unit.control_numbers.seed("isa|a|b", 999_999_998)
        assert [unit.control_numbers.next("isa|a|b") for _ in range(3)] == [999_999_999, 1, 2]


@pytest.mark.parametrize(
    ("last", "following"),
    [
        ({"a": 7, "b": 4000}, 4001),  # one was drawn from alone
        ({"a": 700_000_000}, 700_000_001),  # the other is new, and holds nothing back
        ({"a": 2, "b": 561_123_001}, 561_123_002),  # and one that is far ahead has not been passed by one that began again
        ({}, 1),
    ],
)
def test_a_number_of_two_counters_is_new_in_both(store: Database, last: dict[str, int], following: int) -> None:
    with store.write() as unit:
        for scope, n in last.items():
            unit.control_numbers.seed(scope, n)
        assert unit.control_numbers.next("a", "b") == following
        assert [unit.control_numbers.last(scope) for scope in "ab"] == [following] * 2


def test_a_counter_that_began_again_takes_along_one_that_stayed_behind_at_the_end(store: Database) -> None:
    with store.write() as unit:
        unit.control_numbers.seed("all", 17)
        drawn = [unit.control_numbers.next("all", pair, most=20) for pair in ("p", "q", "q", "q", "q", "p", "p")]
    assert drawn == [18, 19, 20, 1, 2, 3, 4]


def test_a_counter_that_began_again_says_nothing_of_one_that_went_on_beside_another(store: Database) -> None:
    with store.write() as unit:
        numbers = unit.control_numbers
        numbers.next("all", "p", most=20)
        for pair in ("q",) * 20:
            numbers.next("all", pair, most=20)  # it began again
        assert [numbers.next(*scopes, most=20) for scopes in (("p",), ("ours", "p"), ("all", "p"))] == [2, 3, 4]


def test_who_goes_round_sooner_beside_the_same_counter_sends_nobody_else_back(store: Database) -> None:
    with store.write() as unit:
        numbers = unit.control_numbers
        for scope in ("ours", "short", "long"):
            numbers.seed(scope, 9990)
        given = [numbers.next("ours", "long") for _ in range(10) if numbers.next("ours", "short", most=9999)]
    assert given == sorted(set(given))


def test_of_counters_from_before_rounds_were_kept_the_distance_tells_which_began_again(store: Database) -> None:
    with store.write() as unit:
        numbers = unit.control_numbers
        for scope, n in (("ours", 4), ("q", 4), ("p", 9995)):
            numbers.seed(scope, n)
        unit.connection.execute(sa.update(control_counter).values(beside=""))
        assert [numbers.next("ours", pair, most=9999) for pair in ("p", "q", "q", "p")] == [5, 6, 7, 8]


def test_who_changes_over_to_a_counter_that_began_again_pulls_nobody_back_to_the_end(store: Database) -> None:
    with store.write() as unit:
        numbers = unit.control_numbers
        for scope, n in (("partner", 9994), ("p", 9994), ("ours", 9997), ("q", 9997)):
            numbers.seed(scope, n)
        of_q = [numbers.next("ours", "q", most=9999) for _ in range(6)]
        of_p = [numbers.next(shared, "p", most=9999) for shared in ("partner", "ours")]
        assert (of_q, of_p) == ([9998, 9999, 1, 2, 3, 4], [9995, 5])
        assert numbers.next("ours", "q", most=9999) == 6


@given(st.lists(st.tuples(st.sampled_from(["all", "ours", ""]), st.sampled_from("pqr"), st.integers(0, 40)), max_size=30))
def test_what_goes_between_two_ids_is_numbered_upwards_whatever_else_shares_its_counter(
    steps: list[tuple[str, str, int]],
) -> None:
    store, last = in_memory(), dict.fromkeys("pqr", 0)
    with contextlib.suppress(Undone), store.write() as unit:
        for shared, pair, seeded in steps:
            unit.control_numbers.raise_to(pair, seeded)
            number = unit.control_numbers.next(*filter(None, (shared, pair)), most=10_000)
            assert number > last[pair]
            last[pair] = number
        raise Undone


class Undone(Exception):
    """Takes back what an example wrote."""


@cache
def in_memory() -> Database:
    store = Database("sqlite://", MovableClock(), Path("nowhere"))
    metadata.create_all(store.engine)
    return store


def test_a_counter_that_is_new_begins_behind_what_is_on_record_and_asks_for_that_once(store: Database) -> None:
    asked = []
    with store.write() as unit:
        drawn = [unit.control_numbers.next("a", behind=lambda: asked.append(1) or 41) for _ in range(2)]
    assert (drawn, len(asked)) == ([42, 43], 1)


def test_a_counter_that_is_begun_after_a_jump_passes_over_as_many(store: Database) -> None:
    with store.write() as unit:
        unit.control_numbers.jump(1000)
        assert [unit.control_numbers.next("a", start=5000), unit.control_numbers.next("b")] == [6000, 1001]
        unit.control_numbers.jump(10)
        assert [unit.control_numbers.next("a"), unit.control_numbers.next("c")] == [6011, 1011]


def test_a_rolled_back_number_is_given_again_so_that_no_gap_stays(store: Database) -> None:
    try:
        with store.write() as unit:
            unit.control_numbers.next("isa|a|b")
            raise RuntimeError
    except RuntimeError:
        pass
    with store.write() as unit:
        assert unit.control_numbers.next("isa|a|b") == 1


def test_only_one_of_two_who_saw_a_job_due_may_run_it(store: Database, clock: MovableClock) -> None:
    later = clock.now() + timedelta(minutes=5)
    with store.write() as unit:
        unit.schedule.put("poll", "every 5m", clock.now())
        [due] = unit.schedule.due(clock.now())
        assert unit.schedule.fire(due, clock.now(), later, 1)
        assert not unit.schedule.fire(due, clock.now(), later, 1)
        assert unit.schedule.due(clock.now()) == []


def test_every_version_of_a_profile_is_kept(store: Database, clock: MovableClock) -> None:
    with store.write() as unit:
        assert unit.versions.apply("partner", "acme", "v1", "first", by="analyst")
        assert not unit.versions.apply("partner", "acme", "v1", "first", by="analyst")
        clock.advance(timedelta(minutes=1))
        assert unit.versions.apply("partner", "acme", "v2", "second", by="analyst")
        assert unit.versions.current() == {("partner", "acme"): "v2"}
        assert unit.versions.body("partner", "acme", "v1") == "first"
