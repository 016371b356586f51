"""``edi-gateway partner preset``: lists them, and makes one a partner."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from desk import ROOT
from typer.testing import CliRunner, Result

from edi_gateway.cli.main import app
from edi_gateway.trading.loader import load


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["partner", "preset", *words, "--presets", str(ROOT / "presets")])


def test_presets_are_listed_with_what_they_show() -> None:
    listed = json.loads(run("--json").output)
    assert [each["name"] for each in listed] == ["bellhaven", "bulwark", "corliss", "greenlea", "hearthline"]
    assert "a department store behind a VAN" in run().output


def test_a_partner_is_made_of_one_under_a_name_and_ids_of_its_own(tmp_path: Path) -> None:
    partners = Path(shutil.copytree(ROOT / "partners", tmp_path / "partners"))
    words = ["--as", "acme", "--title", 'Acme: "Stores"', "--interchange", "ZZ:ACME", "--group", "ACMESTORES"]
    told = run("greenlea", *words, "--partners", str(partners))
    assert told.exit_code == 0, told.output
    acme = load(partners).partner("acme")
    assert (acme.title, str(acme.interchange[0]), acme.group, acme.connection) == (
        'Acme: "Stores"',
        "ZZ:ACME",
        ("ACMESTORES",),
        "acme-sftp",
    )
    assert f"written: {partners / 'acme' / 'partner.yaml'}" in told.output
