"""An engine that cannot say that it is alive: nobody died of it, and it says so as soon as it can."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest
from desk import new_postgres

from edi_gateway.clock import SystemClock
from edi_gateway.errors import TryAgain
from edi_gateway.store.alive import Alive
from edi_gateway.store.database import Database
from edi_gateway.worker import watch
from edi_gateway.worker.runner import Runner
from edi_gateway.worker.watch import Watch


@pytest.fixture
def store(postgres_url: str, tmp_path: Path) -> Iterator[Database]:
    store = Database(new_postgres(postgres_url), SystemClock(), tmp_path / "payloads")
    yield store
    store.close()


@pytest.fixture
def make(store: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Watch]]:
    monkeypatch.setattr(watch, "LOOK_SECONDS", 0.0)
    made: list[Watch] = []

    def make() -> Watch:
        runner = Runner(SimpleNamespace(store=store, clock=store.clock), {}, {})  # type: ignore[arg-type]  # all it needs here
        made.append(Watch(runner, lambda _lanes: None))
        return made[-1]

    yield make
    for each in made:
        each.end()


def refused(_run: int, _heard: object) -> Alive:
    raise psycopg.OperationalError("sorry, too many clients already")


def test_one_that_is_refused_at_its_start_has_not_died(
    store: Database, make: Callable[[], Watch], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(store, "stay_alive", refused)
        with pytest.raises(TryAgain):
            make().begin()
    with store.read() as unit:
        assert unit.runs.missing(0) == set()


def test_one_that_was_taken_for_dead_and_is_refused_then_begins_anew_once_it_can(
    store: Database, make: Callable[[], Watch], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = make()
    engine.begin()
    runner = engine._runner
    assert runner.bury([runner.run]) == set()
    with monkeypatch.context() as patch:
        patch.setattr(store, "stay_alive", refused)
        with pytest.raises(TryAgain):
            engine.look()
    engine.look()
    with store.read() as unit:
        assert unit.runs.alive() == {runner.run}
