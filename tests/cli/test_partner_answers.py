"""What ``edi-gateway partner diff``, ``history``, ``export`` and ``deadlines`` answer, on good and bad input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from desk import Desk
from partner_says import northwind, order
from typer.testing import CliRunner, Result

from edi_gateway.bootstrap import open_store
from edi_gateway.cli.partner.commands import app
from edi_gateway.errors import WrongInput
from edi_gateway.operations.apply import apply
from edi_gateway.settings import Settings


def run(folder: Path, *words: object) -> Result:
    return CliRunner().invoke(app, [*map(str, words), "--data", str(folder)], catch_exceptions=False)


@pytest.fixture
def busy(desk: Desk, profiles) -> Path:
    """The data folder of a gateway that has one order on hold and one answered."""
    apply(desk.store, profiles.folder, by="ann")
    desk.drop(northwind(1, order("PO-1", price="99.99"), order("PO-2")))
    desk.later(hours=1)
    return desk.folder


def test_history_tells_how_much_was_handled_under_a_version(busy):
    (first,) = run(busy, "history", "northwind").stdout.splitlines()
    assert first.endswith("3 sets, 2026-11-17 to 2026-11-17")  # two 850s and an 855


def test_history_for_programs_tells_it_too(busy):
    (first,) = json.loads(run(busy, "history", "northwind", "--json").stdout)
    assert first["handled"]["count"] > 0


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (("history", "northwnd"), "no version of partner 'northwnd' was ever put in force — did you mean 'northwind'?"),
        (("history", "northwind", "--kind", "mp"), "there is no kind 'mp' — did you mean 'map'?"),
        (("deadlines", "northwnd"), "there is no partner 'northwnd' — did you mean 'northwind'?"),
    ],
)
def test_a_wrong_word_is_answered_with_the_nearest_right_one(busy, words, answer):
    with pytest.raises(WrongInput) as told:
        run(busy, *words)
    assert str(told.value) == answer


def test_an_export_to_where_nothing_can_be_written_says_so(busy, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(WrongInput, match="cannot be written: Not a directory — name a folder you may write to"):
        run(busy, "export", tmp_path / "file" / "inside")


def test_deadlines_are_told_by_the_partners_clock(busy):
    told = [line.split() for line in run(busy, "deadlines").stdout.splitlines()]
    assert told[0] == ["PARTNER", "WHO", "OWES", "FOR", "BY"]
    assert told[1][:7] == ["northwind", "we", "855", "order", "PO-1", "2026-11-18", "09:00"]
    assert told[2][:5] == ["northwind", "they", "997", "855", "PO-2"]
    assert [row["who"] for row in json.loads(run(busy, "deadlines", "--json").stdout)] == ["we", "they"]


def test_deadlines_where_nothing_is_owed(busy):
    assert run(busy, "deadlines", "cascade").stdout == "nothing is owed\n"


def test_a_difference_names_the_agreement_not_its_place(busy, profiles):
    path = profiles.folder / "northwind/partner.yaml"
    text = path.read_text().replace(
        "agreements:\n", 'agreements:\n  - {set: "846", direction: out, map: inventory-advice-846}\n', 1
    )
    path.write_text(text.replace("awaits: {within: 4h}", "awaits: {within: 5h}"))
    told = run(busy, "diff", "--partners", profiles.folder).stdout.splitlines()
    assert "  agreements[856 out 004010VICS production].awaits.within: 4h → 5h" in told
    assert not any("agreements[810" in line for line in told)


def test_what_is_new_is_told_in_a_line(tmp_path, profiles):
    open_store(Settings(data=tmp_path / "new"))
    told = run(tmp_path / "new", "diff", "--partners", profiles.folder).stdout.splitlines()
    assert "new partner northwind" in told
    assert not any(line.startswith("  ") for line in told)
