"""The commands about alerts, from what happened to who looks after it; and what status tells of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import ROOT, new_sqlite
from typer.testing import CliRunner, Result

from edi_gateway.bootstrap.alert_jobs import alert_jobs
from edi_gateway.cli.main import app
from edi_gateway.clock import SystemClock
from edi_gateway.errors import GatewayError, WrongInput
from edi_gateway.operations.alert_notify import notify
from edi_gateway.operations.alert_watch import watch_alerts
from edi_gateway.operations.apply import apply, in_force
from edi_gateway.store.database import Database
from edi_gateway.store.folder_lock import lock_folder, lock_of, say_run
from edi_gateway.trading.alerts import Channel
from edi_gateway.transports.notify.base import Message

ALERTS = """\
channels:
  - {name: monitor, kind: webhook, url: "http://127.0.0.1:9/alerts"}
escalations:
  - {name: usual, steps: [{tell: [monitor]}]}
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Database]:
    """A gateway has run here. Somebody's AS2 message was refused, and the only channel does not take it."""
    database = Database(new_sqlite(tmp_path), SystemClock(), tmp_path / "payloads")
    partners = tmp_path / "partners"
    partners.mkdir()
    (partners / "_ourselves.yaml").write_bytes((ROOT / "partners" / "_ourselves.yaml").read_bytes())
    (partners / "alerts.yaml").write_text(ALERTS)
    apply(database, partners, by="ann")
    directory = in_force(database)
    assert directory is not None
    with database.write() as unit:
        unit.events.tell("as2.refused", "as2:<1@them>", "refused: [bold]its[/bold] signature is wrong [/]", partner="northwind")
    watch_alerts(database, directory.alerts)

    def carry(_channel: Channel, _message: Message) -> None:
        raise WrongInput("answered 404 [/nobody]")

    notify(database, directory.alerts, carry)
    yield database
    database.close()


def command(tmp_path: Path, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--data", str(tmp_path)])


def test_list_tells_what_is_not_over(store: Database, tmp_path: Path):
    said = command(tmp_path, "alert", "list").output
    assert "as2-refused" in said
    assert "northwind" in said
    assert "[bold]its[/bold]" in " ".join(said.split())
    (row,) = json.loads(command(tmp_path, "alert", "list", "--json").output)
    assert (row["id"], row["rule"], row["state"], row["count"]) == (1, "as2-refused", "open", 1)


def test_show_tells_what_it_is_about_and_that_it_did_not_get_through(store: Database, tmp_path: Path):
    said = command(tmp_path, "alert", "show", "1").output
    assert "as2:<1@them>" in said
    assert "answered 404 [/nobody]" in said
    assert json.loads(command(tmp_path, "alert", "show", "1", "--json").output)["notices"][0]["state"] == "failed"
    assert isinstance(command(tmp_path, "alert", "show", "9").exception, WrongInput)


def test_an_alert_that_somebody_acknowledged_is_theirs_and_then_over(store: Database, tmp_path: Path):
    assert "is yours" in command(tmp_path, "alert", "acknowledge", "1", "--note", "I call them").output
    (row,) = json.loads(command(tmp_path, "alert", "list", "--json").output)
    assert (row["state"], row["note"]) == ("acknowledged", "I call them")
    assert "looks" in command(tmp_path, "alert", "list").output
    directory = in_force(store)
    assert directory is not None
    watch_alerts(store, directory.alerts)
    assert "as2-refused" not in command(tmp_path, "alert", "list").output
    assert "as2-refused" in command(tmp_path, "alert", "list", "--all").output


def test_status_tells_alerts_and_those_that_did_not_get_through(store: Database, tmp_path: Path):
    done = command(tmp_path, "status")
    assert "as2-refused" in done.output
    assert "Alerts that did not get through" in done.output


def test_status_is_1_for_an_alert_that_did_not_get_through_and_for_nothing_else_until_it_is_over(store: Database, tmp_path: Path):
    directory = in_force(store)
    assert directory is not None
    with store.write() as unit:
        run = unit.runs.begin("here:1")
    with lock_folder(lock_of(tmp_path)) as lock:
        say_run(lock, run)
        assert (command(tmp_path, "status").exit_code, command(tmp_path, "status", "--json").exit_code) == (1, 1)
        command(tmp_path, "alert", "acknowledge", "1", "--note", "I call them")
        watch_alerts(store, directory.alerts)
        assert (command(tmp_path, "status").exit_code, command(tmp_path, "status", "--json").exit_code) == (0, 0)


def test_rules_tells_each_rule_whom_it_tells_and_what_events_there_are(store: Database, tmp_path: Path):
    said = command(tmp_path, "alert", "rules").output
    assert "dead-flow" in said
    assert "monitor" in said
    assert "acknowledgment.half_time" in said
    told = json.loads(command(tmp_path, "alert", "rules", "--json").output)
    assert told["rules"][0]["name"] == "bad-credit"


def test_a_channel_that_cannot_be_reached_says_so(store: Database, tmp_path: Path):
    error = command(tmp_path, "alert", "test", "monitor").exception
    assert isinstance(error, GatewayError)
    assert "alerts.yaml, channel monitor: cannot be reached" in str(error)
    assert "did you mean 'monitor'" in str(command(tmp_path, "alert", "test", "moniter").exception)


def test_alerts_are_a_job_of_the_gateway(store: Database):
    directory = in_force(store)
    assert directory is not None
    with store.write() as unit:
        unit.events.tell("as2.refused", "as2:<2@them>", "refused: another reason")
    (job,) = alert_jobs(store, directory.alerts, lambda _: None).values()
    assert job.do() == 0  # nobody listens on that port
    with store.read() as unit:
        assert [(row.step, row.state, row.tries) for row in unit.notices.of(2)] == [(1, "due", 1)]


def test_a_channel_that_is_written_and_not_applied_is_told_as_not_in_force(store: Database, tmp_path: Path):
    (tmp_path / "partners" / "alerts.yaml").write_text(ALERTS.replace("monitor", "desk"))

    with pytest.raises(WrongInput, match="in force from 'edi-gateway partner apply' on"):
        CliRunner().invoke(app, ["alert", "test", "desk", "--data", str(tmp_path)], catch_exceptions=False)
