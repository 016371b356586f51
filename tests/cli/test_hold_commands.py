"""``edi-gateway hold``: what waits for its next try is found, held, and let go on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from busy import Server
from desk import Desk, Profiles, applied_sqlite
from partner_says import northwind, order, rejects
from typer.testing import CliRunner

from edi_gateway.cli.main import app


def test_what_waits_for_its_next_try_is_listed_apart_held_and_resumed(make_desk: Callable[..., Desk], tmp_path: Path) -> None:
    desk = Server(refuses="").lies_over(make_desk(database=applied_sqlite(tmp_path / "data")))
    desk.drop(northwind(1, order("PO-1")))

    def says(*words: str) -> str:
        done = CliRunner().invoke(app, ["hold", *words, "--data", str(desk.folder)])
        assert done.exit_code == 0, done.output + str(done.exception)
        return done.output

    [flow] = [str(flow.id) for flow in desk.flows("ready") if flow.tries]
    assert "their server is busy" in says("list", "--retried")
    assert "busy" not in says("list")
    assert f"flow {flow} is held" in says("place", flow, "--because", "their filter")
    assert "their filter" in says("list")
    assert "busy" not in says("list", "--retried")
    assert f"flow {flow} goes on" in says("resume", flow)


def test_a_command_says_what_it_did_and_no_line_of_the_log_stands_beside_it(
    make_desk: Callable[..., Desk], tmp_path: Path
) -> None:
    desk = Server(refuses="").lies_over(make_desk(database=applied_sqlite(tmp_path / "data")))
    desk.drop(northwind(1, order("PO-1")))
    [flow] = [str(flow.id) for flow in desk.flows("ready") if flow.tries]
    done = CliRunner().invoke(app, ["hold", "place", flow, "--because", "their filter", "--data", str(desk.folder)])
    assert len(desk.events("flow.held")) == 1  # which is a warning in the log of an engine
    assert (len(done.stdout.splitlines()), done.stderr) == (1, "")


def test_what_waits_behind_a_held_one_of_its_order_is_listed_apart(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1")))
    desk.later(minutes=10)
    desk.drop(northwind(2, rejects("PR", 1, "855")))
    desk.later(hours=8)
    listed, other, both = (
        CliRunner().invoke(app, ["hold", "list", *words, "--data", str(desk.folder)], env={"COLUMNS": "300"})
        for words in (["--behind"], [], ["--behind", "--retried"])
    )
    assert f"waits behind flow {desk.flow('held').id} of its order" in " ".join(listed.output.split())
    assert "waits behind" not in other.output
    assert "two lists" in str(both.exception)


@pytest.mark.parametrize("words", [["resume"], ["dismiss", "--because", "not wanted"]])
def test_who_is_at_the_machine_acts_in_place_of_a_named_approver(
    make_desk: Callable[..., Desk], profiles: Profiles, words: list[str]
) -> None:
    profiles.replace("northwind", "orders:\n", "orders:\n  approvers: {price: [anna]}\n")
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1", price="1")))
    verb, *more = words
    done = CliRunner().invoke(app, ["hold", verb, str(desk.flow("held").id), *more, "--data", str(desk.folder)])
    assert done.exit_code == 0, str(done.exception)
    assert any("in place of anna" in event.text for event in desk.events() if event.kind.startswith("flow."))


@pytest.mark.parametrize(
    ("more", "said", "code", "left"),
    [([], "n\n", 130, 1), ([], "", 1, 1), ([], "y\n", 0, 0), (["--yes"], "", 0, 0)],  # an answer that never comes is an error
)
def test_at_a_terminal_a_hold_is_shown_as_it_is_before_it_is_decided_about(
    make_desk: Callable[..., Desk],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    more: list[str],
    said: str,
    code: int,
    left: int,
) -> None:
    monkeypatch.setattr("edi_gateway.cli.day.looked_at.is_at_terminal", lambda: True)
    desk = make_desk(database=applied_sqlite(tmp_path / "data"))
    desk.drop(northwind(1, order("PO-1", price="1")))
    words = ["hold", "dismiss", str(desk.flow("held").id), "--because", "no", *more, "--data", str(desk.folder)]
    done = CliRunner().invoke(app, words, input=said)
    assert ("ordered at 1 for one EA" in done.output, done.exit_code) == (not more, code)
    assert len(desk.flows("held")) == left
