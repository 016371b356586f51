"""``compliance``: the rules in force, what came of them, cartons tried, and a dispute pack that proves what we did."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import Result
from desk import NOON, Desk, Profiles, applied_sqlite
from partner_says import accepts, northwind, order
from typer.testing import CliRunner

from edi_gateway.cli.main import app
from edi_gateway.clock import MovableClock

SHIPMENT = {
    "at": "2026-11-17T15:00:00Z",
    "shipment": "TRIAL",
    "bill_of_lading": "B1",
    "cartons": [{"weight": "40", "contents": [{"line_number": "001", "quantity": "60"}]}],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which one order went to its invoice, its 855 accepted, and another was only answered."""
    root = tmp_path_factory.mktemp("compliance")
    profiles = Profiles(root / "partners")
    desk = Desk(root / "data", profiles.folder, MovableClock(NOON), database=applied_sqlite(root / "data"))
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=1)
    desk.drop(northwind(2, accepts("PR", 1, "855")))
    desk.later(hours=8)
    desk.drop(northwind(3, order("PO-2")))
    assert desk.held() == []
    desk.close()
    return root / "data"


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["compliance", *words, "--data", str(folder)], env={"COLUMNS": "300"})


def test_the_rules_in_force_are_listed_with_source_and_date(folder: Path) -> None:
    listed = json.loads(run(folder, "list", "northwind", "--json").output)
    assert listed["pack"] == "base"
    rules = {rule["rule"]: rule for rule in listed["rules"]}
    assert rules["R16"]["does"] == "warn"
    assert rules["R14"]["source"].endswith("2026-01-15")
    assert rules["R13"]["parameters"]["weight_tolerance_percent"] == "1"


def test_the_verdicts_on_a_shipment_are_shown(folder: Path) -> None:
    shown = json.loads(run(folder, "show", "PO-1", "--json").output)
    assert [each["kind"] for each in shown] == ["order acknowledgment"]
    assert {verdict["rule"] for verdict in shown[0]["check"]["verdicts"] if verdict["result"] != "kept"} == {"R07"}  # off
    assert run(folder, "show", "PO-1").exit_code == 0


def test_what_nobody_knows_cannot_be_shown(folder: Path) -> None:
    result = run(folder, "show", "PO-9")
    assert "no 855, 856 or 810 of ours has to do with 'PO-9'" in str(result.exception)


def test_cartons_that_break_a_rule_are_told_and_the_command_says_so(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "shipment.json"
    file.write_text(json.dumps(SHIPMENT))
    result = run(folder, "try", str(file), "--order", "PO-2")
    assert result.exit_code == 1
    assert "60 EA shipped of 48 ordered" in result.output
    assert "R12: mend it in the ERP" in result.output
    told = json.loads(run(folder, "try", str(file), "--order", "PO-2", "--json").output)
    assert told["exposures"] == []  # no fee is known of R12
    assert "R12" in {each["rule"] for each in told["verdicts"] if each["result"] == "stopped"}


def test_what_is_wrong_in_a_shipment_and_lines_the_order_does_not_have_are_told_at_once(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "shipment.json"
    file.write_text('{"cartons": [{"wieght": 1, "contents": [{"line_number": "999", "quantity": "y"}]}]}')
    said = str(run(folder, "try", str(file), "--order", "PO-2").exception)
    assert said.count(f"{file}: cartons[0]") == 3
    assert "order PO-2 has no line '999' — its lines are 001" in said


@pytest.fixture(scope="module")
def opened(folder: Path) -> ZipFile:
    """The dispute pack of the first order, asked for by its invoice's order number."""
    to = folder.parent / "dispute.zip"
    result = run(folder, "dispute", "PO-1", "--to", str(to))
    assert result.exit_code == 0, result.output
    return ZipFile(to)


def test_a_dispute_pack_holds_each_set_as_it_was_sent(opened: ZipFile) -> None:
    sets = {name.split("-")[2]: opened.read(name).decode() for name in opened.namelist() if name.startswith("sets/")}
    assert {"850", "855", "856", "810", "997"} <= sets.keys()
    raw = b"".join(opened.read(name) for name in opened.namelist() if name.startswith("payloads/")).decode()
    first = sets["856"].splitlines()[1].rstrip("~")
    assert first.startswith("BSN*00*")
    assert first in raw


def test_its_facts_name_the_interchange_and_when_it_was_acknowledged(opened: ZipFile) -> None:
    facts = json.loads(opened.read("facts.json"))
    by_code = {each["code"]: each for each in facts["sets"] if each["direction"] == "out"}
    assert by_code["855"]["acknowledgment"] == "accepted"
    assert by_code["855"]["answered_in"] == "000000002"
    assert by_code["855"]["answered_at"] is not None
    assert by_code["856"]["interchange"]
    assert by_code["856"]["moved_at"]
    (order_owed,) = [each for each in facts["deadlines"] if each["code"] == "855"]
    assert order_owed["given_at"] <= order_owed["due_at"]
    assert {verdict["rule"] for check in facts["checks"] for verdict in check["verdicts"]} >= {"R05", "R10", "R14", "R23"}


def test_its_labels_are_those_of_the_notice_and_its_page_says_it_all(opened: ZipFile) -> None:
    page = opened.read("index.html").decode()
    (name,) = [name for name in opened.namelist() if name.startswith("labels/") and name.endswith(".json")]
    labels = json.loads(opened.read(name))
    assert all(label[1] in page for label in labels)
    assert "<td>855<td>PO-1" in page
    assert "in time" in page
    assert "PO-2" not in page


def test_every_hash_of_it_is_right_and_no_file_is_without_one(opened: ZipFile) -> None:
    lines = opened.read("SHA256SUMS").decode().splitlines()
    assert len(lines) > 10
    assert {line.split("  ", 1)[1] for line in lines} == set(opened.namelist()) - {"SHA256SUMS"}
    for line in lines:
        digest, name = line.split("  ", 1)
        assert sha256(opened.read(name)).hexdigest() == digest


def test_a_shipment_s_number_finds_the_same_order(folder: Path, opened: ZipFile, tmp_path: Path) -> None:
    notice = next(each for each in json.loads(opened.read("facts.json"))["notices"])
    assert run(folder, "dispute", notice["shipment"], "--to", str(tmp_path / "same.zip")).exit_code == 0
    assert "PO-1" in ZipFile(tmp_path / "same.zip").read("index.html").decode()
    again = run(folder, "dispute", "PO-1", "--to", str(tmp_path / "same.zip"))
    assert "is there already" in str(again.exception)


def test_a_pack_that_is_asked_for_by_an_id_of_ours_names_the_order_by_its_number(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(folder, "dispute", "order:1").exit_code == 0
    page = ZipFile(tmp_path / "dispute-PO-1.zip").read("index.html").decode()
    assert "<title>Dispute pack: PO-1</title>" in page
    assert "Asked for by PO-1," in page


def test_partner_check_counts_packs_and_partner_show_names_the_one_in_the_files(tmp_path: Path) -> None:
    profiles = Profiles(tmp_path / "partners")
    (profiles.folder / "northwind" / "compliance.yaml").write_text("pack: Manual 9\nsource: Vendor Manual\ndated: 2026-01-01\n")
    where = ["--partners", str(profiles.folder)]
    checked = CliRunner().invoke(app, ["partner", "check", *where])
    assert "compliance packs: 1; nothing wrong" in checked.output
    shown = CliRunner().invoke(app, ["partner", "show", "northwind", *where])
    assert "Manual 9 (Vendor Manual, 2026-01-01)" in shown.output


def test_partner_check_tells_a_mistake_in_a_pack_with_its_line(tmp_path: Path) -> None:
    profiles = Profiles(tmp_path / "partners")
    path = profiles.folder / "northwind" / "compliance.yaml"
    path.write_text("pack: Manual 9\nsource: Vendor Manual\ndated: 2026-01-01\nrules:\n  R99: {does: warn}\n")
    checked = CliRunner().invoke(app, ["partner", "check", "--partners", str(profiles.folder)])
    assert checked.exit_code == 1
    assert f"{path}:5: 'R99' is not known here" in checked.output
