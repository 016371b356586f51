"""What an operator watches, as Prometheus reads it and as ``status`` shows it: each figure where there is something to tell."""

from __future__ import annotations

import json
import re
from datetime import timedelta

from desk import ROOT, Desk
from partner_says import accepts, northwind, order
from typer.testing import CliRunner

from edi_gateway.api.metrics import metrics_text
from edi_gateway.cli.main import app
from edi_gateway.operations.apply import apply
from edi_gateway.pipeline.tools import start
from edi_gateway.worker import breaker
from edi_gateway.worker.dispatcher import Dispatcher


def figure(desk: Desk, named: str) -> float | None:
    """The value of a line that begins so; None where there is none."""
    lines = [line for line in metrics_text(desk.store, desk.runner.times).splitlines() if line.startswith(f"edi_gateway_{named}")]
    return float(lines[0].rpartition(" ")[2]) if lines else None


def test_how_long_things_wait_and_for_what_is_told_by_partner(any_desk: Desk) -> None:
    any_desk.drop(northwind(1, order("PO-1"), order("PO-2", price="99.99")))
    any_desk.later(minutes=10)
    any_desk.clock.advance(timedelta(hours=1))
    assert figure(any_desk, 'acknowledgment_age_seconds{partner="northwind"}') == 3600
    assert figure(any_desk, 'partner_silence_seconds{partner="northwind"}') == 4200
    assert figure(any_desk, 'holds{partner="northwind",at="apply"}') == 1
    assert figure(any_desk, 'unsent_age_seconds{partner="northwind"}') is None
    any_desk.drop(northwind(2, accepts("PR", 1, "855")))
    assert figure(any_desk, 'acknowledgment_age_seconds{partner="northwind"}') is None


def test_engines_that_run_and_those_that_died_are_counted_apart(any_desk: Desk) -> None:
    def engines() -> tuple[float, float]:
        return figure(any_desk, "engines ") or 0, figure(any_desk, "engines_died_total") or 0

    dispatcher = Dispatcher(any_desk.runner, threads=1, lock=any_desk.folder / "gateway.lock")
    dispatcher.start()
    running, before = engines()
    assert running == 1
    with any_desk.store.write() as unit:
        killed, stopped = unit.runs.begin("here:1"), unit.runs.begin("here:2")
        unit.runs.bury(killed)
        unit.runs.end(stopped)
    assert engines() == (1, before + 1)
    dispatcher.stop()
    assert engines() == (0, before + 1)


def test_what_waits_for_a_person_is_counted_by_why_numbers_aside(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1", price="99.99"), order("PO-2", price="98.99")))
    lines = [
        line for line in metrics_text(desk.store, desk.runner.times).splitlines() if line.startswith("edi_gateway_hold_causes{")
    ]
    assert [line for line in lines if "price" in line and line.endswith(" 2")]


def test_an_event_of_the_erp_of_which_no_document_was_made_yet_has_not_left(desk: Desk) -> None:
    with desk.store.write() as unit:
        start(unit, "draft", "erp_event:1", partner="northwind", state="held", because="the order waits")
    desk.clock.advance(timedelta(minutes=5))
    assert figure(desk, 'unsent_age_seconds{partner="northwind"}') == 300


def test_what_has_not_left_and_how_old_the_last_look_into_a_connection_is(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1")))
    with desk.store.write() as unit:
        start(unit, "compose", "document:1", partner="northwind")
        unit.schedule.put("collect northwind-mailbox", "every 1m", desk.clock.now())
        (look,) = unit.schedule.all()
        assert unit.schedule.fire(look, desk.clock.now(), desk.clock.now(), 1)
        unit.schedule.finish(look.name, 1, desk.clock.now(), "")
    desk.clock.advance(timedelta(minutes=5))
    assert figure(desk, 'unsent_age_seconds{partner="northwind"}') == 300
    assert figure(desk, 'stage_age_seconds{stage="compose"}') == 300
    assert figure(desk, 'poll_age_seconds{connection="northwind-mailbox"}') == 300


def test_what_is_not_due_is_no_age_of_its_stage(any_desk: Desk) -> None:
    with any_desk.store.write() as unit:
        start(unit, "acknowledge", "group:1", partner="northwind", due_at=any_desk.clock.now() + timedelta(hours=6))
    any_desk.clock.advance(timedelta(hours=1))
    assert figure(any_desk, 'stage_age_seconds{stage="acknowledge"}') is None
    any_desk.clock.advance(timedelta(hours=5, minutes=2))
    assert figure(any_desk, 'stage_age_seconds{stage="acknowledge"}') == 120


def test_how_long_stages_take_is_told_by_how_many_flows_and_seconds(any_desk: Desk) -> None:
    any_desk.drop(northwind(1, order("PO-1"), order("PO-2"), order("PO-3", price="1")))
    assert figure(any_desk, 'stage_seconds_count{stage="translate"}') == 3
    assert figure(any_desk, 'stage_seconds_count{stage="deliver"}') == 2
    assert 0 < (figure(any_desk, 'stage_seconds_sum{stage="translate"}') or 0) < 60
    assert "# TYPE edi_gateway_stage_seconds summary" in metrics_text(any_desk.store, any_desk.runner.times)


def test_an_acknowledgment_that_a_partner_owes_us_counts_as_overdue_and_ours_by_itself(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1")))
    desk.later(minutes=10)
    desk.clock.advance(timedelta(hours=60))
    assert figure(desk, "acknowledgments_overdue") == 1
    assert figure(desk, "acknowledgments_owed_overdue") == 0
    shown = CliRunner().invoke(app, ["status", "--data", str(desk.folder)]).output
    assert re.search(r"1 +│? *sets of ours that a partner has not acknowledged", shown)
    with desk.store.write() as unit:
        (group,) = unit.interchanges.groups(desk.interchanges("in")[0].id)
        unit.interchanges.change_group(group.id, acknowledgment="owed", due_at=desk.clock.now() - timedelta(minutes=1))
    assert figure(desk, "acknowledgments_owed_overdue") == 1
    assert figure(desk, "acknowledgments_overdue") == 1


def test_status_shows_each_partner_with_what_waits(desk: Desk) -> None:
    apply(desk.store, ROOT / "partners", ROOT / "maps", by="ann")
    desk.drop(northwind(1, order("PO-1", price="99.99")))
    shown = CliRunner().invoke(app, ["status", "--data", str(desk.folder)]).output
    (line,) = [line for line in shown.splitlines() if "northwind" in line]
    assert re.search(r"northwind .*2026-11-17 \d\d:\d\d.* 1 ", line)
    with desk.store.write() as unit:
        breaker.failed(unit, "wire:van", "refused", desk.clock.now())
    told = json.loads(CliRunner().invoke(app, ["status", "--json", "--data", str(desk.folder)]).output)
    assert told["flows"]["held"] == 1
    assert told["overdue"] == {
        "acknowledgments": 0,
        "acknowledgments_owed": 0,
        "answers_owed": 1,
    }  # the 855, by now
    assert [(each["lane"], each["because"]) for each in told["tried_again"]] == [("wire:van", "refused")]
    assert {"engines", "alerts", "alerts_untold"} <= told.keys()
    assert told["partners"]["northwind"] == {
        "last_came": "2026-11-17T15:00:00Z",
        "last_went": "2026-11-17T15:00:00Z",
        "held": 1,
        "oldest_unsent": None,
        "oldest_unanswered": None,
    }
