"""``order show`` and ``order trace``, over a gateway that has an order with stores, and a change of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from desk import CASCADE, NOON, Desk, Profiles, sample
from partner_says import northwind, order
from typer.testing import CliRunner

from edi_gateway.cli.main import app
from edi_gateway.clock import MovableClock


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder in which an order went to its invoice, half of it for each of two stores."""
    profiles = Profiles(tmp_path / "partners")
    desk = Desk(tmp_path / "data", profiles.folder, MovableClock(NOON))
    split = order("PO-1")
    split.insert(10, ["SDQ", "EA", "92", "0101", "24", "0102", "24"])
    desk.drop(northwind(1, split))
    desk.later(hours=8)
    assert desk.held() == []
    desk.close()
    return tmp_path / "data"


def run(folder: Path, *words: str) -> str:
    result = CliRunner().invoke(app, [*words, "--data", str(folder)], env={"COLUMNS": "300"})
    assert result.exit_code == 0, result.output
    return result.output


def test_an_order_is_shown_by_line_and_store_with_its_money(folder: Path) -> None:
    shown = run(folder, "order", "show", "PO-1")
    assert "order PO-1 of northwind, ship-to 0610: billed" in shown
    assert "0101" in shown
    assert "888.00" in shown


def test_the_documents_behind_an_order_are_listed_with_what_they_say(folder: Path) -> None:
    traced = run(folder, "order", "trace", "PO-1")
    assert "001 confirmed 48" in traced.replace("\n", " ")
    assert "000000001" in traced


def test_the_list_names_each_order_and_by_that_name_it_is_shown_and_traced(tmp_path: Path) -> None:
    profiles = Profiles(tmp_path / "partners")
    desk = Desk(tmp_path / "data", profiles.folder, MovableClock(NOON))
    body = sample("cascade-850-plain.edi")
    desk.drop(body, at=CASCADE)
    desk.later(hours=1)
    desk.drop(body.replace(b"000000881", b"000000890").replace(b"|881", b"|890"), at=CASCADE)
    desk.later(hours=1)
    desk.close()
    listed = re.findall(r"(order:\d+) │ C26-30417 │ cascade │ (\w+)", run(tmp_path / "data", "order", "list"))
    assert [state for _, state in listed] == ["rejected", "confirmed"]
    (repeat, first) = (name for name, _ in listed)
    assert "order C26-30417 of cascade, ship-to none: rejected" in run(tmp_path / "data", "order", "show", repeat)
    assert f"refused as a repeat: {repeat}" in run(tmp_path / "data", "order", "show", "C26-30417")
    assert f"refused as a repeat: {repeat}" in run(tmp_path / "data", "order", "trace", "C26-30417", "--partner", "cascade")
    assert "refused" not in run(tmp_path / "data", "order", "show", first)
