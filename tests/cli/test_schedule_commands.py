"""The commands about what recurs, and what status and connection list tell of engines and open circuits."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from desk import ROOT, new_sqlite
from typer.testing import CliRunner, Result

from edi_gateway.cli.main import app
from edi_gateway.clock import SystemClock
from edi_gateway.errors import WrongInput
from edi_gateway.store.breakers import BreakerRow
from edi_gateway.store.database import Database
from edi_gateway.store.folder_lock import lock_folder, lock_of, say_run
from edi_gateway.views.engines import NO_ENGINE

TOMORROW = datetime.now(UTC) + timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> Database:
    """A gateway has run here; it has one job, due tomorrow."""
    database = Database(new_sqlite(tmp_path), SystemClock(), tmp_path / "payloads")
    with database.write() as unit:
        unit.schedule.put("collect northwind", "every 5m", TOMORROW)
    return database


def command(tmp_path: Path, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--data", str(tmp_path)])


def the_job(store: Database) -> tuple[bool, bool]:
    """Whether it is due now, and paused."""
    with store.read() as unit:
        [row] = unit.schedule.all()
    return row.next_run <= datetime.now(UTC), row.paused


def test_list_says_when_each_job_is_next_and_how_it_ended(store: Database, tmp_path: Path) -> None:
    with store.write() as unit:
        [row] = unit.schedule.all()
        unit.schedule.fire(row, datetime.now(UTC), TOMORROW, 7)
    assert "running on 7" in command(tmp_path, "schedule", "list").output
    with store.write() as unit:
        unit.schedule.finish("collect northwind", 7, datetime.now(UTC), "the line is dead")
    said = command(tmp_path, "schedule", "list").output
    assert "every 5m" in said
    assert "the line is dead" in said


def test_run_makes_a_job_due_now(store: Database, tmp_path: Path) -> None:
    assert command(tmp_path, "schedule", "run", "collect northwind").exit_code == 0
    assert the_job(store) == (True, False)


def test_a_paused_job_is_not_due_until_it_is_resumed(store: Database, tmp_path: Path) -> None:
    command(tmp_path, "schedule", "pause", "collect northwind")
    assert the_job(store) == (False, True)
    refused = command(tmp_path, "schedule", "run", "collect northwind")
    assert isinstance(refused.exception, WrongInput)
    assert "resume it first" in str(refused.exception)
    command(tmp_path, "schedule", "resume", "collect northwind")
    assert the_job(store) == (False, False)
    with store.read() as unit:
        assert [event.kind for event in unit.events.about("schedule:collect northwind")] == [
            "schedule.paused",
            "schedule.resumed",
        ]


@pytest.mark.parametrize("verb", ["run", "pause", "resume"])
def test_a_job_there_is_not_is_told_apart(verb: str, store: Database, tmp_path: Path) -> None:
    refused = command(tmp_path, "schedule", verb, "collect nobody")
    assert "there is no job 'collect nobody'" in str(refused.exception)


def test_an_engine_that_was_killed_is_not_said_to_run(store: Database, tmp_path: Path) -> None:
    with store.write() as unit:
        run = unit.runs.begin("here:4711")
    with lock_folder(lock_of(tmp_path)) as lock:
        say_run(lock, run)
        assert "here:4711" in command(tmp_path, "status").output
    for words in (("status",), ("schedule", "run", "collect northwind")):
        assert NO_ENGINE in " ".join(command(tmp_path, *words).output.split())
    assert json.loads(command(tmp_path, "status", "--json").output)["engines"] == []


def test_status_and_connection_list_tell_what_is_out_of_order(store: Database, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    with store.write() as unit:
        unit.breakers.put(BreakerRow("wire:northwind-mailbox", 3, now, now + timedelta(minutes=1), "the disk is full"))
    assert "wire:northwind-mailbox" in command(tmp_path, "status").output
    listed = CliRunner().invoke(
        app, ["connection", "list", "--json", "--partners", str(ROOT / "partners"), "--data", str(tmp_path)]
    )
    assert "failed 3 times since" in listed.output
    assert "the disk is full" in listed.output
