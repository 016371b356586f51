"""``edi-gateway partner export`` and ``history``: what is in force, and what was."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from edi_gateway.bootstrap import open_store
from edi_gateway.cli.partner.commands import app
from edi_gateway.errors import WrongInput
from edi_gateway.operations.apply import apply
from edi_gateway.settings import Settings
from edi_gateway.trading.loader import load

ROOT = Path(__file__).parents[2]


@pytest.fixture
def partners(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "partners", tmp_path / "partners")
    put_in_force(tmp_path / "partners", by="ann")
    return tmp_path / "partners"


def put_in_force(partners: Path, by: str, maps: Path | None = None) -> None:
    apply(open_store(Settings(data=partners.parent / "data")), partners, maps, by=by)


def run(partners: Path, *words: object) -> Result:
    return CliRunner().invoke(app, [*map(str, words), "--data", str(partners.parent / "data")], catch_exceptions=False)


def test_what_is_exported_reads_back_as_what_is_in_force(partners, tmp_path):
    assert run(partners, "export", tmp_path / "out").exit_code == 0
    given, exported = load(partners), load(tmp_path / "out")
    assert (exported.ourselves, exported.partners, exported.connections) == (given.ourselves, given.partners, given.connections)
    put_in_force(partners, "ann", ROOT / "maps")
    diff = run(partners, "diff", "--partners", tmp_path / "out", "--maps", ROOT / "maps")
    assert (diff.exit_code, diff.stdout) == (0, "the files are what is in force\n")


def test_an_export_overwrites_nothing(partners):
    with pytest.raises(WrongInput, match="nothing is overwritten"):
        run(partners, "export", partners)


def test_an_export_of_nothing_says_what_to_do_first(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(WrongInput, match="no gateway has run here"):
        run(tmp_path / "empty", "export", tmp_path / "out")


def test_history_tells_when_by_whom_and_what_changed(partners):
    path = partners / "northwind" / "partner.yaml"
    path.write_text(path.read_text().replace("credit_exceeded: hold", "credit_exceeded: accept"))
    put_in_force(partners, by="bob")
    first, second, change = run(partners, "history", "northwind").stdout.splitlines()
    assert (first.split()[-1], second.split()[-1]) == ("ann", "bob")
    assert change.strip() == "orders.credit_exceeded: hold → accept"


def test_history_for_programs_has_each_version_whole(partners):
    (only,) = json.loads(run(partners, "history", "main", "--kind", "identity", "--json").stdout)
    assert json.loads(only["body"])["title"] == "Meridian Home Goods"
    assert len(only["version"]) == 64


def test_history_of_what_never_was_says_so(partners):
    with pytest.raises(WrongInput, match="no version of partner 'nordwind'"):
        run(partners, "history", "nordwind")
