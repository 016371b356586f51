"""``edi-gateway restore jump``: what it does to a copy, and that it leaves alone what runs, and what is no copy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from desk import Desk
from partner_says import northwind, order
from typer.testing import CliRunner, Result

from edi_gateway.cli.main import app
from edi_gateway.errors import TryAgain, WrongInput
from edi_gateway.operations.restore_outboxes import move_outboxes_aside
from edi_gateway.store.alive import Alive
from edi_gateway.store.unit import Unit
from edi_gateway.views.engines import died
from edi_gateway.worker.dispatcher import Dispatcher

CLI = "edi_gateway.cli.running.backup"


@pytest.fixture
def copy(any_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A gateway as pg_restore leaves one, an hour after its backup: an answer lay in an outbox; its engine has no process."""
    any_desk.drop(northwind(1, order("PO-1")))
    with any_desk.store.write() as unit:
        unit.runs.begin("the machine that burnt down")
    any_desk.clock.advance(timedelta(minutes=61))
    monkeypatch.setenv("EDI_GATEWAY_DATABASE", any_desk.store.engine.url.render_as_string(hide_password=False))
    monkeypatch.setattr("edi_gateway.bootstrap.gateway.SystemClock", lambda: any_desk.clock)
    return any_desk


def jump(desk: Desk, *more: str, since: timedelta = timedelta(hours=1), said: str = "") -> Result:
    """Given for a backup that was made so long ago."""
    made_at = f"{desk.clock.now() - since:%Y-%m-%dT%H:%M}"
    return CliRunner().invoke(app, ["restore", "jump", made_at, *more, "--data", str(desk.folder)], input=said)


def jumps(desk: Desk) -> int:
    """How often numbers jumped; where they never did, nothing else was done either."""
    times = len(desk.events("store.restored"))
    assert bool(desk.sent("997")) == (times == 0)
    assert bool(desk.flows("held")) == (times > 0)
    return times


@contextmanager
def engine(desk: Desk) -> Iterator[None]:
    """An engine runs on it."""
    dispatcher = Dispatcher(desk.runner, threads=1, lock=desk.folder / "gateway.lock")
    dispatcher.start()
    try:
        yield
    finally:
        dispatcher.stop()


class Engines(ExitStack):
    """Engines somebody tries to start meanwhile; those that begin run to its end."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk, self.kept_out = desk, 0

    def try_one(self) -> None:
        try:
            self.enter_context(engine(self._desk))
        except (WrongInput, TryAgain):
            self.kept_out += 1


def test_in_a_copy_numbers_jump_and_what_lay_in_outboxes_lies_there_no_more(copy: Desk) -> None:
    done = jump(copy)
    assert (done.exit_code, "numbers jump by 1,000" in done.output) == (0, True), done.exception
    assert jumps(copy) == 1


def test_the_engine_that_ran_when_the_backup_was_made_has_ended_there_and_did_not_die(copy: Desk) -> None:
    assert jump(copy).exit_code == 0
    assert died(copy.store) == 0
    with engine(copy):
        assert copy.events("engine.died") == []
    assert died(copy.store) == 0


def test_on_a_gateway_that_runs_nothing_is_done_until_it_is_stopped(copy: Desk) -> None:
    with engine(copy):
        done = jump(copy, "--anyway", "--yes")
        assert isinstance(done.exception, WrongInput)
        assert "runs" in str(done.exception)
        assert "stop" in str(done.exception)
        assert jumps(copy) == 0
    assert jump(copy).exit_code == 0
    assert jumps(copy) == 1


def test_no_engine_begins_while_a_person_thinks_about_the_question(copy: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = Engines(copy)
    monkeypatch.setattr(f"{CLI}.is_at_terminal", lambda: True)
    monkeypatch.setattr(f"{CLI}.agree_or_leave", lambda _question: begun.try_one())
    with begun:
        assert jump(copy).exit_code == 0
        assert (begun.kept_out, jumps(copy)) == (1, 1)


def test_no_engine_begins_while_outboxes_are_moved_aside_and_one_does_afterwards(
    copy: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = Engines(copy)

    def move(unit: Unit, data: Path) -> list[Path]:
        begun.try_one()
        return move_outboxes_aside(unit, data)

    monkeypatch.setattr("edi_gateway.operations.after_restore.move_outboxes_aside", move)
    with begun:
        assert jump(copy).exit_code == 0
        assert (begun.kept_out, jumps(copy)) == (1, 1)
        begun.try_one()
    assert begun.kept_out == 1


@pytest.mark.parametrize("any_desk", ["postgres"], indirect=True)  # on SQLite its lock is taken before it begins
def test_an_engine_that_was_about_to_begin_is_no_run_that_the_backup_left(copy: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    stay_alive, done = copy.store.stay_alive, []

    def waits(*said: Any) -> Alive:
        done.append(jump(copy).exit_code)
        return stay_alive(*said)

    monkeypatch.setattr(copy.store, "stay_alive", waits)
    with engine(copy):
        assert copy.runner.is_current()
    assert done == [0]


def test_who_does_not_say_when_the_backup_was_made_hears_how_it_is_said(copy: Desk) -> None:
    with pytest.raises(WrongInput, match=r"not said when the backup was made — say it in UTC: restore jump 2026-11-17T08:00"):
        CliRunner().invoke(app, ["restore", "jump", "", "--data", str(copy.folder)], catch_exceptions=False)


def test_a_backup_is_not_of_a_moment_to_come(copy: Desk) -> None:
    done = jump(copy, "--anyway", since=-timedelta(minutes=1))
    assert "is to come: no backup was made then — give when it was made, in UTC" in str(done.exception)
    assert jumps(copy) == 0


def test_numbers_jump_once_for_a_backup_and_once_more_only_when_told_to(copy: Desk) -> None:
    assert jump(copy).exit_code == 0
    done = jump(copy)
    assert isinstance(done.exception, WrongInput)
    assert "it was restored, and its numbers jumped, on 2026-11-17 at 16:01 UTC" in str(done.exception)
    assert "--anyway has them jump once more" in str(done.exception)
    assert jumps(copy) == 1
    assert jump(copy, "--anyway").exit_code == 0
    assert jumps(copy) == 2


def test_numbers_jump_for_a_later_backup_of_what_was_restored_before(copy: Desk) -> None:
    assert jump(copy).exit_code == 0
    copy.clock.advance(timedelta(days=1))
    assert jump(copy, since=timedelta(hours=2)).exit_code == 0
    assert jumps(copy) == 2


def test_a_gateway_that_went_on_after_the_moment_is_no_copy_of_then_unless_somebody_says_so(copy: Desk) -> None:
    done = jump(copy, since=timedelta(hours=3))
    assert isinstance(done.exception, WrongInput)
    assert "it is no copy of 2026-11-17 13:01 UTC: its last event is of 2026-11-17 15:00:00" in str(done.exception)
    assert "EDI_GATEWAY_DATABASE, --data" in str(done.exception)
    assert str(done.exception).startswith(copy.store.where)
    assert jumps(copy) == 0
    assert jump(copy, "--anyway", since=timedelta(hours=3)).exit_code == 0
    assert jumps(copy) == 1


def test_many_engines_that_died_since_hide_nothing_that_happened_before(copy: Desk) -> None:
    with copy.store.write() as unit:
        for run in range(60):  # as one is started every five seconds, and crashes
            unit.events.tell("engine.died", f"engine:{run}", "it had nothing in hand")
    done = jump(copy, since=timedelta(hours=3))
    assert "its last event is of 2026-11-17 15:00:00" in str(done.exception)
    assert jumps(copy) == 0
    assert jump(copy).exit_code == 0  # what died since the backup is what an engine that begins tells


def test_a_minute_that_somebody_typed_is_all_of_it(copy: Desk) -> None:
    copy.clock.advance(timedelta(seconds=20))
    with copy.store.write() as unit:
        unit.events.tell("set.sent", "transaction:1", "in the very minute in which the backup was made, and before it")
    copy.clock.advance(timedelta(seconds=20))
    assert jump(copy, since=timedelta()).exit_code == 0


@pytest.mark.parametrize(
    ("more", "said", "code", "times"), [([], "n\n", 130, 0), ([], "\n", 130, 0), ([], "y\n", 0, 1), (["--yes"], "", 0, 1)]
)
def test_at_a_terminal_it_says_what_it_is_about_to_change_and_asks(
    copy: Desk, monkeypatch: pytest.MonkeyPatch, more: list[str], said: str, code: int, times: int
) -> None:
    monkeypatch.setattr(f"{CLI}.is_at_terminal", lambda: True)
    done = jump(copy, *more, said=said)
    assert (done.exit_code, jumps(copy)) == (code, times)
    asked = done.output.split("numbers jump by")[0]
    for named in (str(copy.store.engine.url.database), str(copy.folder), "from the backup of 2026-11-17 15:01 UTC?"):
        assert (named in asked) == (not more)
