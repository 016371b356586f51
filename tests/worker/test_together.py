"""What touches the world together: begun in one transaction, done one after the other, recorded in one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from desk import NOON, ROOT, Desk, new_postgres
from partner_says import northwind, order
from world_stages import AtTheWorld

from edi_gateway.clock import MovableClock
from edi_gateway.errors import NeedsPerson, TryAgain, Uncertain
from edi_gateway.pipeline.outcome import Done, Outcome, Retry
from edi_gateway.pipeline.stages import WORLD_STAGES
from edi_gateway.pipeline.tools import Deed, Detour, Record, Tools
from edi_gateway.store import tables
from edi_gateway.store.rows import FlowRow
from edi_gateway.store.unit import Unit
from edi_gateway.transports.as2.sink import As2Sink
from edi_gateway.transports.folder import FolderConfig, FolderTransport
from edi_gateway.transports.sftp.transport import SftpTransport
from edi_gateway.worker.attempts import MOST_DEATHS

ORDERS = ["PO-1", "PO-2", "PO-3", "PO-4"]


class Killed(BaseException):
    """Stands for the end of the process: no handler of ours may see it."""


class Fails(AtTheWorld):
    """A ``deliver`` in which the order of that number ends in ``error``, before it reached the ERP, as long as it is told to."""

    def __init__(self, number: str, error: BaseException, *, reaches: bool = False) -> None:
        super().__init__("deliver")
        self.number, self.error, self.reaches, self.is_on, self.tried = number, error, reaches, True, list[str]()

    def does(self, flow: FlowRow, tools: Tools, prepared: Deed) -> Record | Detour:
        with tools.store.read() as unit:
            number = unit.documents.get(flow.subject_id).number
        self.tried.append(number)
        if number == self.number and self.is_on:
            if self.reaches:
                prepared()
            raise self.error
        return prepared()


@pytest.fixture
def four_orders(desk: Desk) -> Callable[[Any], Desk]:
    """Four orders of one file, up to where they are delivered by a stage that is given."""

    def come(deliver: Any) -> Desk:
        desk.runner._world = {**WORLD_STAGES, "deliver": deliver}
        desk.put(northwind(1, *map(order, ORDERS)))
        desk.run()
        return desk

    return come


def attempts(desk: Desk) -> list[tuple[str, str]]:
    """The attempts to deliver: of which order, and what is on record of each."""
    query = sa.select(tables.document.c.number, tables.attempt.c.outcome).where(tables.document.c.id == tables.attempt.c.key)
    with desk.store.reading() as connection:
        found = connection.execute(query.order_by(tables.document.c.number, tables.attempt.c.number))
        return [(number, outcome) for number, outcome in found]


def test_a_batch_is_two_transactions(desk: Desk) -> None:
    commits: list[str] = []
    sa.event.listen(desk.store.engine, "commit", lambda _connection: commits.append("commit"))

    at: list[int] = []

    class Counted(AtTheWorld):
        def does(self, flow: FlowRow, tools: Tools, prepared: Deed) -> Record | Detour:
            at.append(len(commits))
            return super().does(flow, tools, prepared)

    desk.runner._world = {**WORLD_STAGES, "deliver": Counted("deliver")}
    desk.drop(northwind(1, *map(order, ORDERS)))
    assert desk.posted() == ORDERS
    assert (len(at), len(set(at))) == (4, 1)
    assert attempts(desk) == [(number, "done") for number in ORDERS]


def test_behind_one_that_fails_nothing_is_tried_and_nothing_says_it_was(four_orders: Callable[[Any], Desk]) -> None:
    asleep = Fails("PO-3", TryAgain("the ERP sleeps"))
    desk = four_orders(asleep)
    assert desk.posted() == ["PO-1", "PO-2"]
    assert attempts(desk) == [("PO-1", "done"), ("PO-2", "done"), ("PO-3", "failed")]
    assert [(flow.stage, flow.tries) for flow in desk.flows("ready")] == [("deliver", 1), ("deliver", 0)]
    asleep.is_on = False
    desk.again()
    assert desk.posted() == ORDERS


def test_one_that_a_person_has_to_see_holds_up_nothing(four_orders: Callable[[Any], Desk]) -> None:
    desk = four_orders(Fails("PO-2", NeedsPerson("the ERP refuses it")))
    assert desk.posted() == ["PO-1", "PO-3", "PO-4"]
    assert desk.held() == ["the ERP refuses it"]


def test_what_nobody_knows_of_is_asked_about_before_anything_else_goes(four_orders: Callable[[Any], Desk]) -> None:
    lost = Fails("PO-2", Uncertain("no answer came"), reaches=True)
    desk = four_orders(lost)
    assert (lost.tried, desk.posted()) == (["PO-1", "PO-2"], ["PO-1", "PO-2"])
    assert [flow.state for flow in desk.flows("attempting", "ready")] == ["attempting", "ready", "ready"]
    desk.again()
    assert desk.posted() == ORDERS
    assert lost.tried == ORDERS  # PO-2 was asked about, and not posted again


def test_after_a_death_each_is_asked_about_and_none_is_posted_twice(make_desk: Callable[..., Desk]) -> None:
    dies = Fails("PO-3", Killed(), reaches=True)
    desk = make_desk(world={**WORLD_STAGES, "deliver": dies})
    desk.put(northwind(1, *map(order, ORDERS)))
    with pytest.raises(Killed):
        desk.run()
    assert [flow.state for flow in desk.flows("attempting")] == ["attempting"] * 4
    desk = make_desk()
    desk.run()
    assert desk.posted() == ORDERS
    assert attempts(desk) == [*((number, "done") for number in ORDERS[:3]), ("PO-4", "not found"), ("PO-4", "done")]


def test_one_that_kills_its_worker_is_found_and_parked_and_the_others_go(make_desk: Callable[..., Desk]) -> None:
    for _ in range(MOST_DEATHS):
        with suppress(Killed):
            desk = make_desk(world={**WORLD_STAGES, "deliver": Fails("PO-3", Killed())})
            if not desk.flows():
                desk.put(northwind(1, *map(order, ORDERS)))
            desk.run()
            desk.clock.advance(timedelta(minutes=5))
            desk.run()
    desk = make_desk()
    desk.run()
    assert desk.flow("dead").because == "its worker died 3 times while it was at 'deliver'"
    assert desk.posted() == ["PO-1", "PO-2", "PO-4"]


def test_a_gateway_that_is_asked_to_stop_takes_back_what_it_did_not_begin(desk: Desk) -> None:
    deliver = Fails("", Killed())
    desk.runner._world = {**WORLD_STAGES, "deliver": Fails("PO-1", TryAgain("not yet"))}
    desk.drop(northwind(1, *map(order, ORDERS)))
    desk.runner._world = {**WORLD_STAGES, "deliver": deliver}
    desk.clock.advance(timedelta(minutes=1))
    (lane,) = {flow.lane for flow in desk.flows("ready") if flow.stage == "deliver"}
    desk.runner.drain(lane, lambda: len(deliver.tried) < 1)  # one alone, after the failure
    desk.runner.drain(lane, lambda: len(deliver.tried) < 3)
    assert deliver.tried == ["PO-1", "PO-2", "PO-3"]
    assert attempts(desk)[-1] == ("PO-3", "done")
    assert [flow.tries for flow in desk.flows("ready")] == [0]
    desk.run()
    assert desk.posted() == ORDERS


def test_behind_one_that_goes_another_way_nothing_leaves_before_it(desk: Desk) -> None:
    tried: list[str] = []

    class Detours(AtTheWorld):
        def does(self, flow: FlowRow, tools: Tools, prepared: Deed) -> Record | Detour:
            tried.append(flow.subject)
            return Detour(lambda _unit: Retry("it goes another way", timedelta())) if len(tried) == 2 else prepared()

    desk.runner._world = {**WORLD_STAGES, "send": Detours("send")}
    for number in (1, 2, 3):
        desk.put(northwind(number, order(f"PO-{number}")))
    desk.run()
    first, second, *_ = tried
    assert tried[:3] == [first, second, second]
    assert tried == sorted(tried, key=lambda subject: int(subject.partition(":")[2]))


def test_one_that_cannot_be_recorded_takes_no_other_along(four_orders: Callable[[Any], Desk]) -> None:
    class Unrecordable(AtTheWorld):
        def does(self, flow: FlowRow, tools: Tools, prepared: Deed) -> Record | Detour:
            made = super().does(flow, tools, prepared)
            assert not isinstance(made, Detour)
            return self._never if flow.id == second else made

        @staticmethod
        def _never(_unit: Unit) -> Outcome:
            raise ValueError("no such row")

    second = 0
    desk = four_orders(Fails("PO-1", TryAgain("not yet")))
    second = next(flow.id for flow in desk.flows("ready") if flow.tries == 0)
    desk.runner._world = {**WORLD_STAGES, "deliver": Unrecordable("deliver")}
    desk.again()
    assert desk.flows("ready") == []
    assert desk.flow("attempting").id == second
    assert [outcome for _, outcome in attempts(desk)].count("done") == 3


def test_an_engine_that_lost_its_lane_does_nothing_more_in_it(postgres_url: str, tmp_path: Path) -> None:
    url, clock = new_postgres(postgres_url), MovableClock(NOON)
    ours = Desk(tmp_path, ROOT / "partners", clock, database=url)
    theirs: list[Desk] = []

    class Overtaken(Fails):
        def does(self, flow: FlowRow, tools: Tools, prepared: Deed) -> Record | Detour:
            made = super().does(flow, tools, prepared)
            if not theirs:
                theirs.append(Desk(tmp_path, ROOT / "partners", clock, database=url))
                theirs[0].runner.bury({ours.runner.run})
                theirs[0].run()
                clock.advance(timedelta(seconds=1))
            return made

    deliver = Overtaken("", Killed())
    ours.runner._world = {**WORLD_STAGES, "deliver": deliver}
    ours.drop(northwind(1, *map(order, ORDERS)))
    assert (deliver.tried, ours.posted(), ours.flows("attempting", "ready", "held")) == (["PO-1"], ORDERS, [])
    for desk in (ours, *theirs):
        desk.store.close()


def test_what_may_have_to_wait_goes_by_itself(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1")))
    flow, sends = desk.flows()[0], WORLD_STAGES["send"]
    assert sends.most_together(flow, desk.tools) > 1  # into a mailbox of our own
    a_server, by_as2 = SftpTransport.__new__(SftpTransport), As2Sink.__new__(As2Sink)
    for sink in (a_server, by_as2, FolderTransport(FolderConfig(outbox=desk.folder))):
        desk.use(sink=lambda _name, sink=sink: sink)
        assert sends.most_together(flow, desk.tools) == 1


class NotKept(AtTheWorld):
    """A ``deliver`` whose batches the ERP takes and cannot keep together, as long as it is told to."""

    def __init__(self, *, reaches: bool) -> None:
        super().__init__("deliver")
        self.is_on, self.reaches, self.tried = True, reaches, 0

    def does(self, _flow: FlowRow, _tools: Tools, prepared: Deed) -> Record | Detour:
        self.tried += 1
        return prepared() if self.reaches or not self.is_on else lambda _unit: Done()

    @contextmanager
    def in_one_go(self, _flow: FlowRow, _tools: Tools) -> Iterator[None]:
        yield
        if self.is_on:
            raise TryAgain("the disk is full")


@pytest.mark.parametrize(("reaches", "tried"), [(True, 4), (False, 8)])
def test_of_a_batch_that_was_not_kept_each_is_asked_about_and_goes_once(
    four_orders: Callable[[Any], Desk], reaches: bool, tried: int
) -> None:
    deliver = NotKept(reaches=reaches)
    desk = four_orders(deliver)
    assert [flow.state for flow in desk.flows("attempting")] == ["attempting"] * 4
    assert desk.events("document.delivered") == []
    deliver.is_on = False
    desk.later(minutes=10)
    assert sorted(desk.posted()) == ORDERS
    assert (deliver.tried, len(desk.events("document.delivered"))) == (tried, 4)


def test_what_went_before_one_that_nobody_knows_of_is_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    lost = Fails("PO-3", Uncertain("no answer came"))
    desk.runner._world = {**WORLD_STAGES, "deliver": lost}
    desk.put(northwind(1, *map(order, ORDERS)))
    forced: list[int] = []
    real = os.fsync

    def fsync(file: int) -> None:
        if os.readlink(f"/proc/self/fd/{file}").endswith("journal.jsonl"):
            forced.append(len(lost.tried))
        real(file)

    monkeypatch.setattr(os, "fsync", fsync)
    desk.run()
    assert attempts(desk)[:2] == [("PO-1", "done"), ("PO-2", "done")]
    assert forced == [3]  # once, and not before the third was tried


def test_what_our_own_database_could_not_say_in_a_batch_is_no_failure_of_the_erp(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def still_holds(*_: object) -> Callable[[], bool]:
        def holds() -> bool:
            asked.append(1)
            if len(asked) == 2:
                raise TryAgain("the database did not answer")
            return True

        return holds

    monkeypatch.setattr("edi_gateway.worker.attempts._still_holds", still_holds)
    desk.put(northwind(1, *map(order, ORDERS)))
    with pytest.raises(TryAgain, match="the database did not answer"):
        desk.run()
    desk.run()
    assert sorted(desk.posted()) == ORDERS
    with desk.store.read() as unit:
        assert unit.breakers.of("erp:simulator") is None
