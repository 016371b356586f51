"""The engine: batches, order, flows that kill their worker, attempts of which nobody knows what came."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from desk import Desk
from hypothesis import given
from hypothesis import strategies as st
from partner_says import northwind, order
from world_stages import AtTheWorld

from edi_gateway.errors import Defect, TryAgain
from edi_gateway.operations.resume import resume
from edi_gateway.pipeline.outcome import Done, Outcome
from edi_gateway.pipeline.stages import STAGES, WORLD_STAGES
from edi_gateway.pipeline.tools import TOGETHER, Deed, Detour, Record, Tools, WorldStage
from edi_gateway.store import tables
from edi_gateway.store.rows import FlowRow
from edi_gateway.store.unit import Unit
from edi_gateway.worker.attempts import MOST_DEATHS, MOST_RECORDINGS
from edi_gateway.worker.backoff import backoff


class Killed(BaseException):
    """Stands for the end of the process: no handler of ours may see it."""


def deadly(number: str) -> Callable[[FlowRow, Tools], Record]:
    """A ``translate`` that one order kills."""

    def stage(flow: FlowRow, tools: Tools) -> Record:
        with tools.store.read() as unit:
            if unit.transactions.get(int(flow.subject_id)).business_number == number:
                raise Killed
        return STAGES["translate"](flow, tools)

    return stage


def live_and_die(make_desk: Callable[..., Desk], *, world: Mapping[str, WorldStage] | None = None, **stages: Any) -> Any:
    """One run of the gateway that may end badly; None where it already began badly."""
    desk = None
    with suppress(Killed):
        desk = make_desk(stages={**STAGES, **stages}, world={**WORLD_STAGES, **(world or {})})
        for _ in range(2):  # what was left open is asked about, and a minute later done again
            desk.clock.advance(timedelta(minutes=5))
            desk.run()
    return desk


@given(st.integers(min_value=0, max_value=60))
def test_pauses_double_up_to_an_hour_and_never_line_up(tries: int) -> None:
    pause, whole = backoff(tries), min(2.0**tries, 3600.0)
    assert timedelta(seconds=0.8 * whole) <= pause <= timedelta(seconds=1.2 * whole)


def test_a_flow_that_kills_its_worker_three_times_is_parked_and_the_others_live(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk()
    desk.put(northwind(1, order("PO-1"), order("KILLER"), order("PO-3")))
    for _ in range(MOST_DEATHS):
        desk = live_and_die(make_desk, translate=deadly("KILLER"))
        assert desk.flows("dead") == []
    desk = live_and_die(make_desk, translate=deadly("KILLER"))
    assert desk.flow("dead").because == "its worker died 3 times while it was at 'translate'"
    assert desk.events("flow.dead")
    assert desk.posted() == ["PO-1", "PO-3"]


def test_the_neighbors_of_a_killer_are_not_parked_with_it(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk()
    desk.put(northwind(1, *(order(f"PO-{n}") for n in range(5)), order("KILLER")))
    for _ in range(MOST_DEATHS + 1):
        desk = live_and_die(make_desk, translate=deadly("KILLER"))
    assert len(desk.flows("dead")) == 1
    assert len(desk.posted()) == 5


def test_a_parked_flow_goes_on_when_it_is_resumed(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk()
    desk.put(northwind(1, order("KILLER")))
    for _ in range(MOST_DEATHS + 1):
        desk = live_and_die(make_desk, translate=deadly("KILLER"))
    resume(desk.store, desk.flow("dead").id, by="operator")
    desk = live_and_die(make_desk)
    assert desk.posted() == ["KILLER"]


def test_who_only_waited_while_others_died_is_never_parked(make_desk: Callable[..., Desk]) -> None:
    def asleep(_flow: FlowRow, _tools: Tools) -> Record:
        raise TryAgain("asleep")

    desk = make_desk()
    desk.put(northwind(1, order("PO-1")))
    for _ in range(3 * MOST_DEATHS):
        desk = live_and_die(make_desk, translate=asleep)  # the end is unclean: nobody calls stop
    assert (desk.flow("ready").deaths, desk.flows("dead")) == (0, [])


class Deadly(AtTheWorld):
    """A stage at the world that kills its worker: when it is done, when it is asked about, or both."""

    def __init__(self, name: str, *, does: bool, asks: bool) -> None:
        super().__init__(name)
        self._does, self._asks = does, asks

    def does(self, _flow: FlowRow, _tools: Tools, prepared: Deed) -> Record | Detour:
        if self._does:
            raise Killed
        return prepared()

    def ask(self, flow: FlowRow, tools: Tools) -> Record:
        if self._asks:
            raise Killed
        return self.stage.ask(flow, tools)


@pytest.mark.parametrize("asks", [False, True])
def test_one_that_kills_its_worker_at_the_world_is_parked_too(make_desk: Callable[..., Desk], asks: bool) -> None:
    desk = make_desk()
    desk.put(northwind(1, order("PO-1")))
    for _ in range(MOST_DEATHS):
        live_and_die(make_desk, world={"deliver": Deadly("deliver", does=True, asks=asks)})
    desk = live_and_die(make_desk)
    assert desk.flow("dead").because == "its worker died 3 times while it was at 'deliver'"
    assert desk.posted() == []


def test_what_came_of_an_attempt_is_asked_when_it_could_not_be_recorded(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    class Away(AtTheWorld):
        """A database that goes away while something is being sent, and comes back."""

        def does(self, _flow: FlowRow, _tools: Tools, prepared: Deed) -> Record:
            prepared()

            def record(_unit: Unit) -> Outcome:
                raise Killed

            return record

    desk.runner._world = {**WORLD_STAGES, "send": Away("send")}
    desk.put(northwind(1, order("PO-1")))
    with pytest.raises(Killed):
        desk.run()
    assert desk.flow("attempting").stage == "send"
    desk.runner._world = WORLD_STAGES
    desk.later(minutes=1)
    assert desk.flows("attempting") == []
    assert desk.codes() == ["997"]
    assert desk.set("997").delivery == "sent"


class Deadlocked(AtTheWorld):
    """A stage at the world that goes, and of which the database cannot record the first so many times what came."""

    def __init__(self, name: str, times: int) -> None:
        super().__init__(name)
        self.left, self.done = times, 0

    def does(self, _flow: FlowRow, _tools: Tools, prepared: Deed) -> Record:
        came = prepared()
        assert not isinstance(came, Detour)
        self.done += 1

        def record(unit: Unit) -> Outcome:
            outcome = came(unit)
            if self.left:
                self.left -= 1
                raise sa.exc.OperationalError("UPDATE flow", {}, Exception("deadlock detected"))
            return outcome

        return record


@pytest.mark.parametrize("stage", ["deliver", "send"])
def test_what_came_of_an_attempt_is_recorded_though_the_database_broke_a_deadlock_twice(any_desk: Desk, stage: str) -> None:
    deadlocked = Deadlocked(stage, times=MOST_RECORDINGS - 1)
    any_desk.runner._world = {**WORLD_STAGES, stage: deadlocked}
    any_desk.drop(northwind(1, order("PO-1")))
    assert deadlocked.left == 0
    assert any_desk.flows("attempting") == []
    assert (any_desk.posted(), any_desk.codes()) == (["PO-1"], ["997"])
    with any_desk.store.reading() as connection:
        assert set(connection.execute(sa.select(tables.attempt.c.outcome)).scalars()) == {"done"}


def test_what_can_not_be_recorded_at_all_is_asked_about_later_and_not_done_again(desk: Desk) -> None:
    deadlocked = Deadlocked("send", times=MOST_RECORDINGS)
    desk.runner._world = {**WORLD_STAGES, "send": deadlocked}
    desk.drop(northwind(1, order("PO-1")))
    assert (desk.flow("attempting").stage, deadlocked.done) == ("send", 1)
    desk.clock.advance(desk.flow("attempting").due_at - desk.clock.now())
    desk.run()
    assert (desk.flows("attempting"), desk.set("997").delivery, deadlocked.done) == ([], "sent", 1)


def test_a_move_made_by_somebody_else_meanwhile_undoes_what_the_stage_made(make_desk: Callable[..., Desk]) -> None:
    def overtaken(flow: FlowRow, tools: Tools) -> Record:
        with tools.store.write() as unit:
            unit.flows.move(flow, state="held", because="somebody else")

        def record(unit: Unit) -> Outcome:
            unit.events.tell("made.in.vain", "x:1", "")
            return Done("consult", connector="simulator")

        return record

    desk = make_desk(stages={**STAGES, "translate": overtaken})
    desk.drop(northwind(1, order("PO-1")))
    assert desk.held() == ["somebody else"]
    assert desk.events("made.in.vain") == []


def test_a_step_the_way_does_not_have_is_a_defect(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(stages={**STAGES, "translate": lambda _flow, _tools: lambda _unit: Done("send", connection="x")})
    desk.drop(northwind(1, order("PO-1")))
    desk.later(minutes=1)
    desk.later(minutes=1)
    assert "'send' does not follow 'translate'" in desk.held()[0]


def test_a_move_between_states_that_is_none_is_a_defect(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1")))
    done = desk.flows("done")[0]
    with pytest.raises(Defect, match="a flow that is done cannot become ready"), desk.store.write() as unit:
        unit.flows.move(done, state="ready")


def test_a_thousand_flows_cost_few_commits(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[int] = []
    real = type(desk.store).write

    def counted(store: Any, **how: Any) -> Any:
        written.append(1)
        return real(store, **how)

    desk.put(northwind(1, *(order(f"PO-{n}", quantity=1) for n in range(4 * TOGETHER))))
    desk.step()  # received
    monkeypatch.setattr(type(desk.store), "write", counted)
    desk.runner.drain("intake:northwind-mailbox")
    desk.runner.drain("business:northwind")
    assert len(written) < 12
    assert len([flow for flow in desk.flows() if flow.stage == "consult"]) == 4 * TOGETHER


@pytest.mark.parametrize("where", ["computing", "recording"])
def test_what_is_tried_again_is_not_overtaken_by_the_rest_of_its_batch(make_desk: Callable[..., Desk], where: str) -> None:
    began = make_desk().clock.now()
    first: list[int] = []

    def fail_at_first(flow: FlowRow, at: str) -> None:
        first[:] = first or [flow.id]
        if at == where and flow.id == first[0] and desk.clock.now() == began:
            raise TryAgain("not just now")

    def translate(flow: FlowRow, tools: Tools) -> Record:
        fail_at_first(flow, "computing")
        record = STAGES["translate"](flow, tools)

        def recorded(unit: Unit) -> Outcome:
            fail_at_first(flow, "recording")
            return record(unit)

        return recorded

    desk = make_desk(stages={**STAGES, "translate": translate})
    desk.drop(northwind(1, order("PO-1"), order("PO-2"), order("PO-3")))
    assert desk.posted() == []
    desk.again()
    assert desk.posted() == ["PO-1", "PO-2", "PO-3"]
