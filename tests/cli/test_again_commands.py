"""The commands that do something again: they say what came of it, and a reason is always asked."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from desk import NOON, ROOT, Desk, applied_sqlite
from desk_fixtures import desk, make_desk, profiles
from partner_says import northwind, order
from typer.testing import CliRunner

from edi_gateway.cli.main import app
from edi_gateway.clock import MovableClock

__all__ = ["desk", "make_desk", "profiles"]


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a gateway in which everything is applied, and one order was posted and answered."""
    data = tmp_path_factory.mktemp("answered") / "data"
    desk = Desk(data, ROOT / "partners", MovableClock(NOON), database=applied_sqlite(data))
    desk.drop(northwind(1, order("PO-1")))
    desk.later(minutes=10)
    desk.close()
    return data


@pytest.fixture
def ordered(answered: Path, make_desk: Callable[..., Desk], tmp_path: Path) -> Desk:
    """A copy of that, ten minutes later."""
    shutil.copytree(answered, tmp_path / "data")
    desk = make_desk()
    desk.clock.advance(timedelta(minutes=10))
    return desk


def says(desk: Desk, *words: object) -> str:
    """What a command prints; it has to end well."""
    done = CliRunner().invoke(app, [*map(str, words), "--data", str(desk.folder)])
    assert done.exit_code == 0, done.output + str(done.exception)
    return done.output


def test_a_replay_shows_its_sets_and_what_becomes_of_them(ordered: Desk) -> None:
    said = says(ordered, "replay", "run", "--set", "850", "--dry-run", "--because", "to see")
    assert "the ERP has it already; nothing is posted again" in said
    assert "replay 1: 1 recomputed" in said
    assert "to see" in says(ordered, "replay", "list")
    assert json.loads(says(ordered, "replay", "show", 1, "--json"))[0]["effect"] == "recomputed"


def test_a_replay_that_is_interrupted_says_how_it_goes_on(ordered: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edi_gateway.operations.replay.recompute", _interrupted)
    words = ["replay", "run", "--set", "850", "--dry-run", "--because", "to see", "--data", str(ordered.folder)]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 130
    assert "edi-gateway replay go-on 1" in done.output
    assert "not through" in says(ordered, "replay", "list")
    monkeypatch.undo()
    assert "replay 1: 1 recomputed" in says(ordered, "replay", "go-on", 1)


def _interrupted(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_set_is_found_and_retransmitted(ordered: Desk) -> None:
    [found] = json.loads(says(ordered, "transmission", "sets", "--set", "855", "--json"))
    ordered.fetch()
    assert "goes again in the same interchange" in says(
        ordered, "transmission", "retransmit", found["id"], "--because", "their VAN lost it"
    )
    assert [one.state for one in ordered.transmissions("out") if "again" in one.name] == ["to send"]


def test_a_set_that_lies_unfetched_is_retransmitted_where_that_is_said(ordered: Desk) -> None:
    words = ["transmission", "retransmit", str(ordered.set("855").id), "--because", "they see nothing there"]
    refused = CliRunner().invoke(app, [*words, "--data", str(ordered.folder)])
    assert "say so (--unfetched)" in str(refused.exception)
    assert "goes again in the same interchange" in says(ordered, *words, "--unfetched")


def test_the_chain_of_events_is_verified_and_its_end_noted(ordered: Desk) -> None:
    head = says(ordered, "audit", "head").strip()
    assert "none missing, none changed" in says(ordered, "audit", "verify", "--known", head)
    assert "set.sent" in says(ordered, "audit", "events", "PO-1", "--json")


def test_nothing_is_done_again_without_a_reason(ordered: Desk) -> None:
    done = CliRunner().invoke(app, ["transmission", "retransmit", "1", "--data", str(ordered.folder)])
    assert done.exit_code == 2
    assert "--because" in done.output


def test_a_backup_is_restored_into_a_new_folder_and_reconciled(ordered: Desk, tmp_path: Path) -> None:
    assert "the chain of events ends at" in says(ordered, "backup", tmp_path / "copy")
    new = ["--data", str(tmp_path / "new")]
    done = CliRunner().invoke(app, ["restore", "from", str(tmp_path / "copy"), *new])
    assert (done.exit_code, "numbers jump by 1,000, held: 2 flows" in done.output) == (0, True)
    assert "outboxes-of-the-backup" in done.output.replace("\n", "")
    assert "2 wait for a person" in CliRunner().invoke(app, ["restore", "reconcile", *new]).output


def test_open_orders_of_another_system_are_loaded_and_its_numbers_go_on(ordered: Desk, tmp_path: Path) -> None:
    (tmp_path / "open.edi").write_bytes(northwind(900, order("PO-8")))
    assert "PO-8" in says(ordered, "cutover", "orders", tmp_path / "open.edi", "--because", "from the old system")
    assert "4711" in says(ordered, "cutover", "numbers", "northwind", "--interchange", 4711, "--group", "PR=815")


def test_nothing_young_is_removed(ordered: Desk) -> None:
    assert "nothing is older" in says(ordered, "retain", "--dry-run")


def test_control_numbers_show_what_was_given_and_what_is_missing(ordered: Desk) -> None:
    ordered.drop(northwind(4, order("PO-4")))
    said = says(ordered, "control-numbers", "northwind")
    assert "2-3" in said
    assert "group FA" in said


def test_a_document_is_shown_by_the_number_of_its_set_or_as_transaction_and_number(ordered: Desk) -> None:
    set_ = ordered.set("855").id
    assert says(ordered, "document", "show", f"transaction:{set_}") == says(ordered, "document", "show", set_)
    done = CliRunner().invoke(app, ["document", "show", "PO-1", "--data", str(ordered.folder)])
    assert "'PO-1' is no set — give its number, 12 or transaction:12" in str(done.exception)
