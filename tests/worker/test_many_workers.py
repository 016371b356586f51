"""Engines in processes of their own on one database: order kept, nothing lost or doubled, a killed one taken over in seconds."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
import sqlalchemy as sa
from desk import new_postgres, new_sqlite
from engine_process import receive

from edi_gateway.clock import SystemClock
from edi_gateway.store import tables
from edi_gateway.store.database import Database

pytestmark = pytest.mark.soak

PARTNERS = [f"p{n}" for n in range(6)]
EACH = 25
SECONDS = 8.0  # within which what a killed worker held has gone on

Spawn = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(params=["postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    on_postgres = request.param == "postgres"
    url = new_postgres(request.getfixturevalue("postgres_url")) if on_postgres else new_sqlite(tmp_path)
    database = Database(url, SystemClock(), tmp_path / "payloads")
    yield database
    database.close()


@pytest.fixture
def spawn(store: Database, tmp_path: Path) -> Iterator[Spawn]:
    """Starts an engine in another process."""
    processes: list[subprocess.Popen[str]] = []

    def spawn(*, dies_at: int = 0, ticks: bool = False) -> subprocess.Popen[str]:
        url = store.engine.url.render_as_string(hide_password=False)
        program = [sys.executable, str(Path(__file__).with_name("engine_process.py"))]
        words = [*program, url, str(tmp_path), str(dies_at), "ticks" if ticks else "-"]
        processes.append(subprocess.Popen(words, stdout=subprocess.PIPE, text=True))
        return processes[-1]

    yield spawn
    for process in processes:
        process.kill()
        process.wait()
        process.stdout.close()  # type: ignore[union-attr]  # it is piped


def runs(*processes: subprocess.Popen[str]) -> None:
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "runs\n"


def wait_until(is_so: Callable[[], bool], seconds: float = 60.0) -> float:
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < seconds, "it did not come so far"
        time.sleep(0.05)
    return time.monotonic() - began


def receive_until(store: Database, is_so: Callable[[], bool], seconds: float = 60.0) -> int:
    """Documents of every partner come in until then, and at least ``EACH`` of each; returns how many of each."""
    began, number = time.monotonic(), 0
    while number < EACH or not is_so():
        assert time.monotonic() - began < seconds, "it did not come so far"
        for partner in PARTNERS:
            receive(store, partner, number)
        number += 1
    return number


def count(store: Database, **where: str) -> int:
    columns = [tables.flow.c[name] == value for name, value in where.items()]
    with store.engine.connect() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(tables.flow).where(*columns)).scalar_one()


def in_the_world(tmp_path: Path) -> dict[str, list[str]]:
    return {partner: (tmp_path / partner).read_text().splitlines() for partner in PARTNERS}


@pytest.mark.slow
def test_one_of_three_is_killed_and_nothing_is_lost_doubled_or_overtaken(store: Database, spawn: Spawn, tmp_path: Path) -> None:
    killed, *others = spawn(dies_at=20), spawn(), spawn()
    runs(killed, *others)
    each = receive_until(store, lambda: killed.poll() is not None)  # what share of them it takes, nobody can say beforehand
    assert killed.returncode == -signal.SIGKILL
    took = wait_until(lambda: count(store, state="done") == each * len(PARTNERS))
    in_order = [f"document:{{}}-{number:05}" for number in range(each)]
    assert in_the_world(tmp_path) == {partner: [line.format(partner) for line in in_order] for partner in PARTNERS}
    with store.engine.connect() as connection:
        numbers = connection.execute(sa.select(tables.event.c.text).where(tables.event.c.kind == "numbered")).scalars()
        assert sorted(map(int, numbers)) == list(range(1, each * len(PARTNERS) + 1))
    assert took < SECONDS


@pytest.mark.slow
def test_a_worker_that_is_told_to_stop_leaves_nothing_to_take_over(store: Database, spawn: Spawn, tmp_path: Path) -> None:
    stopped, other = spawn(), spawn()
    runs(stopped, other)
    for number in range(10):
        for partner in PARTNERS:
            receive(store, partner, number)
    stopped.send_signal(signal.SIGTERM)
    assert stopped.wait(20) == 0
    wait_until(lambda: count(store, state="done") == 10 * len(PARTNERS))
    with store.read() as unit:
        assert unit.runs.missing(0) == set()
    with store.engine.connect() as connection:
        assert set(connection.execute(sa.select(tables.engine_run.c.ended_how)).scalars()) == {"stopped", ""}


@pytest.mark.slow
@pytest.mark.parametrize("store", ["sqlite", "postgres"], indirect=True)
def test_of_three_processes_one_does_a_job_and_the_next_only_after_it(store: Database, spawn: Spawn, tmp_path: Path) -> None:
    runs(*[spawn(ticks=True) for _ in range(3)])
    began = time.time()
    wait_until(lambda: time.time() - began > 3.5)  # the clock of the machine, in processes that no test can move
    spans = [tuple(map(float, line.split())) for line in (tmp_path / "ticks").read_text().splitlines()]
    assert 3 <= len([start for start, _ in spans if start <= began + 3.5]) <= 5
    assert all(ended <= begins for (_, ended), (begins, _) in pairwise(spans))
