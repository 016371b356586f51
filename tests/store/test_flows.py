from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest

from edi_gateway.clock import MovableClock
from edi_gateway.errors import Defect
from edi_gateway.store.database import Database
from edi_gateway.store.flows import FIRST, Elsewhere
from edi_gateway.store.lanes import Lease
from edi_gateway.store.tables import flow, lane
from edi_gateway.store.unit import Unit

LANE = "business:acme"


def begin(unit: Unit, subject: str, **more: object) -> int:
    unit.flows.start(lane_id=LANE, stage="translate", subject=subject, partner="acme", **more)  # type: ignore[arg-type]
    return unit.flows.of(subject)[-1].id


def ready(store: Database) -> list[str]:
    with store.read() as unit:
        return [flow.subject for flow in unit.flows.ready(LANE, 10)]


def test_ready_flows_come_most_urgent_then_oldest_first(store: Database) -> None:
    with store.write() as unit:
        begin(unit, "a:1")
        begin(unit, "a:2")
        begin(unit, "a:3", priority=FIRST)
    assert ready(store) == ["a:3", "a:1", "a:2"]


def test_only_one_of_two_moves_of_the_same_flow_counts(store: Database) -> None:
    with store.write() as unit:
        begin(unit, "a:1")
    with store.read() as unit:
        [seen] = unit.flows.ready(LANE, 1)
    with store.write() as unit:
        assert unit.flows.move(seen, state="done")
    with store.write() as unit:
        assert not unit.flows.move(seen, state="held")
    with store.read() as unit:
        assert [flow.state for flow in unit.flows.of("a:1")] == ["done"]


def test_a_held_order_holds_what_follows_it_and_nothing_else(store: Database) -> None:
    with store.write() as unit:
        begin(unit, "a:850", follows="order:acme:1", state="held")
        begin(unit, "a:860", follows="order:acme:1")
        begin(unit, "a:other", follows="order:acme:2")
    assert ready(store) == ["a:other"]


def test_when_the_first_is_done_its_follower_s_lane_is_woken(store: Database) -> None:
    woken: list[tuple[str, ...]] = []
    with store.write() as unit:
        begin(unit, "a:850", follows="order:acme:1")
        unit.flows.start(lane_id="erp:x", stage="deliver", subject="a:860", follows="order:acme:1", connector="x")
        [first] = unit.flows.ready(LANE, 1)
    store.on_wake(woken.append)
    with store.write() as unit:
        unit.flows.move(first, state="done")
    assert woken == [("erp:x",)]


def test_a_flow_that_waits_for_an_answer_does_not_hold_its_followers(store: Database) -> None:
    with store.write() as unit:
        begin(unit, "a:856", follows="order:acme:1", state="waiting")
        begin(unit, "a:810", follows="order:acme:1")
    assert ready(store) == ["a:810"]


def test_what_waits_is_found_when_it_is_due(store: Database, clock: MovableClock) -> None:
    with store.write() as unit:
        begin(unit, "a:856", state="waiting", due_at=clock.now() + timedelta(hours=4))
    with store.read() as unit:
        assert unit.flows.waiting_due() == []
    clock.advance(timedelta(hours=4))
    with store.read() as unit:
        assert [flow.subject for flow in unit.flows.waiting_due()] == ["a:856"]


def test_a_sweep_finds_due_work_that_nobody_announced(store: Database) -> None:
    with store.write() as unit:
        lease = Lease(LANE, unit.runs.begin())
        begin(unit, "a:1")
    with store.write() as unit:
        unit.lanes.take(lease)
        unit.lanes.give_back(lease, forget=True)
    with store.read() as unit:
        assert unit.flows.due_lanes() == [LANE]


def test_an_attempt_that_never_ended_is_found(store: Database) -> None:
    with store.write() as unit:
        begin(unit, "a:1")
        [flow] = unit.flows.ready(LANE, 1)
        [number] = unit.attempts.begin({"855_acme_000000001.edi": flow}).values()
        assert unit.attempts.open(flow) == ("855_acme_000000001.edi", 1)
        unit.attempts.end("855_acme_000000001.edi", number, "done")
        assert unit.attempts.open(flow) is None
        assert unit.attempts.begin({"855_acme_000000001.edi": flow}) == {"855_acme_000000001.edi": 2}


def test_what_was_sent_over_one_connection_is_counted_back_from_the_newest(store: Database, clock: MovableClock) -> None:
    began = []
    with store.write() as unit:
        unit.flows.start(lane_id=LANE, stage="send", subject="a:1")
        [flow] = unit.flows.ready(LANE, 1)
    for name in ("acme/1", "acme/2", "acme-too/1", "Acme/1", "acme/2"):
        began.append(clock.now())
        with store.write() as unit:
            unit.attempts.begin({name: flow})
        clock.advance(timedelta(minutes=1))
    with store.read() as unit:
        assert [unit.attempts.sent_over("acme/", since=began[0] - timedelta(days=1), nth=nth) for nth in (1, 2, 3, 4)] == [
            began[4],
            began[1],
            began[0],
            None,
        ]
        assert unit.attempts.sent_over("acme/", since=began[0], nth=3) is None, "as long ago as agreed"


def test_a_run_that_neither_ended_nor_lives_is_missing_to_the_others(store: Database) -> None:
    with store.write() as unit:
        first, second = unit.runs.begin(), unit.runs.begin()
        third = unit.runs.begin("here:1")
        unit.runs.end(second)
        assert unit.runs.missing(third) == {first}


def test_only_where_engines_share_a_database_a_run_says_that_it_is_alive(store: Database) -> None:
    with store.read() as unit:
        if store.is_shared:
            assert unit.runs.alive() == set()
        else:
            with pytest.raises(Defect, match="the lock of the data folder"):
                unit.runs.alive()


def test_what_a_dead_run_had_in_its_hands_is_free_and_suspect(store: Database) -> None:
    with store.write() as unit:
        dead, ours = unit.runs.begin(), unit.runs.begin()
        begin(unit, "a:1")
    with store.write() as unit:
        assert unit.lanes.take(Lease(LANE, dead))
        assert not unit.lanes.take(Lease(LANE, ours))
        assert unit.runs.bury(dead) == [LANE]
        assert unit.runs.bury(dead) is None  # only one of all who try takes over
        assert unit.lanes.take(Lease(LANE, ours))
        assert [flow.suspect for flow in unit.flows.ready(LANE, 1)] == [True]


def test_a_run_that_was_declared_dead_takes_no_lane_and_keeps_none(store: Database) -> None:
    with store.write() as unit:
        dead, ours = unit.runs.begin(), unit.runs.begin()
        begin(unit, "a:1")
    with store.write() as unit:
        unit.runs.bury(dead)
        assert not unit.lanes.take(Lease(LANE, dead))
        unit.connection.execute(lane.update().values(holder=dead))  # it took it in the moment in which it was buried
        assert unit.flows.due_lanes(ours) == [LANE]
        assert unit.lanes.take(Lease(LANE, ours))


def test_who_lost_its_lane_moves_nothing_more(store: Database) -> None:
    with store.write() as unit:
        dead, ours = unit.runs.begin(), unit.runs.begin()
        begin(unit, "a:1")
    with store.write() as unit:
        [flow] = unit.flows.ready(LANE, 1)
        unit.lanes.take(Lease(LANE, dead))
        unit.runs.bury(dead)
        unit.lanes.take(Lease(LANE, ours))
        unit.lanes.lease = Lease(LANE, dead)
        assert not unit.flows.move(flow, state="done")
        assert not unit.lanes.still_ours()
        unit.lanes.lease = Lease(LANE, ours)
        assert unit.flows.move(flow, state="done")


def parked(unit: Unit, *positions: str) -> list[list[str]]:
    """Which wait for what each of these names."""
    return [[flow.subject for flow in unit.flows.parked("translate", position)] for position in positions]


def test_what_is_parked_is_the_same_asked_ahead_and_each_answer_is_given_once(store: Database) -> None:
    with store.write() as unit:
        begin(unit, "a:1", state="waiting", position="for x")
        begin(unit, "a:2", state="held", position="for x")
        begin(unit, "a:3", state="waiting", position="for y")
        begin(unit, "a:4", position="for y")  # it does not wait
    with store.write() as unit:
        unit.flows.parked_ahead("translate", ["for x", "for y", "for z"])
        assert parked(unit, "for x", "for y", "for z") == [["a:1", "a:2"], ["a:3"], []]
        [waiting, _held] = unit.flows.parked("translate", "for x")  # asked by itself from now on
        unit.flows.move(waiting, state="ready")
        assert parked(unit, "for x") == [["a:2"]]


def test_what_is_parked_after_that_was_asked_ahead_is_found(store: Database) -> None:
    with store.write() as unit:
        begin(unit, "a:1")
        [flow] = unit.flows.ready(LANE, 1)
        unit.flows.parked_ahead("translate", ["for x"])
        unit.flows.move(flow, state="waiting", position="for x")
        assert parked(unit, "for x") == [["a:1"]]


def test_what_was_asked_ahead_is_asked_again_after_a_batch_was_rolled_back(store: Database) -> None:
    with store.write() as unit:
        begin(unit, "a:1", state="waiting", position="for x")
    with store.write() as unit:
        with suppress(Elsewhere), unit.savepoint(), unit.flows.together():
            unit.flows.parked_ahead("translate", ["for x"])
            raise Elsewhere
        [waiting] = unit.flows.of("a:1")
        unit.connection.execute(flow.update().where(flow.c.id == waiting.id).values(state="done"))  # as somebody else would
        assert parked(unit, "for x") == [[]]
