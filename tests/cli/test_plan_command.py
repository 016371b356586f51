"""``edi-gateway plan``: exit codes, what is shown, and what it is compared with."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from desk import applied_sqlite
from typer.testing import CliRunner, Result

from edi_gateway.cli.main import app
from edi_gateway.errors import GatewayError

ROOT = Path(__file__).parents[2]
ORDER = ROOT / "sample_docs" / "northwind-850-plain.edi"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The project's partners and maps, as a branch that somebody works on."""
    for name in ("partners", "maps"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def run(checkout: Path, *words: str) -> Result:
    folders = ["--partners", str(checkout / "partners"), "--maps", str(checkout / "maps"), "--data", str(checkout / "data")]
    return CliRunner().invoke(app, ["plan", *folders, *words])


def change(checkout: Path, old: str, new: str) -> None:
    path = checkout / "partners" / "northwind" / "partner.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_files_that_change_nothing_exit_0(checkout: Path) -> None:
    told = run(checkout, "--documents", str(ORDER), "--against", str(ROOT))
    assert told.exit_code == 0
    assert "nothing would change" in told.stdout


def test_a_store_without_documents_does_not_promise_that_nothing_would_change(checkout: Path) -> None:
    applied_sqlite(checkout / "data")
    change(checkout, "within: 24h, detail: sets", "within: 4h, detail: sets")
    told = run(checkout)
    assert told.exit_code == 0
    assert "changed partner northwind" in told.stdout
    assert told.stdout.endswith("no document is on record to replay\n")


def test_files_that_change_something_exit_1_and_say_what(checkout: Path) -> None:
    change(checkout, "within: 24h, detail: sets", "within: 4h, detail: sets")
    told = run(checkout, "--documents", str(ORDER), "--against", str(ROOT))
    assert told.exit_code == 1
    assert "business change  northwind-850-plain.edi (in, northwind)" in told.stdout
    assert "answer: was 997 004010VICS within 1d, sets, would be 997 004010VICS within 4h, sets" in told.stdout


def test_files_that_are_wrong_are_told_with_file_and_line(checkout: Path) -> None:
    change(checkout, "time_zone: America/Chicago", "time_zone: America/Chikago")
    told = run(checkout, "--documents", str(ORDER), "--against", str(ROOT))
    assert isinstance(told.exception, GatewayError)
    assert "partner.yaml:9: time_zone: 'America/Chikago' is no time zone" in str(told.exception)


def test_without_a_gateway_documents_have_to_be_named(checkout: Path) -> None:
    told = run(checkout)
    assert isinstance(told.exception, GatewayError)
    assert "--documents" in str(told.exception)
    assert not (checkout / "data").exists()  # nothing is made on the way


def test_without_a_gateway_what_would_pass_and_fail_is_told(checkout: Path) -> None:
    told = run(checkout, "--documents", str(ROOT / "sample_docs" / "unknown-sender-850.edi"))
    assert "compared with nothing: no gateway has run here" in told.stdout
    assert "would fail: nobody has interchange id ZZ:CASCADESUPPLY" in told.stdout


def test_for_programs_every_document_is_told(checkout: Path) -> None:
    told: dict[str, Any] = json.loads(run(checkout, "--documents", str(ORDER), "--against", str(ROOT), "--json").stdout)
    assert told["counts"] == {"identical": 1}
    assert [(each["set"], each["partner"], each["how"]) for each in told["documents"]] == [("850", "northwind", "identical")]
