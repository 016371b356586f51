"""``edi-gateway partner``: list, show, check."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from edi_gateway.cli.partner.commands import app
from edi_gateway.errors import WrongInput

ROOT = Path(__file__).parents[2]
OURSELVES = """\
identities:
  - {name: main, title: Larch, interchange: "ZZ:LARCH", group: LARCH}
"""
ACME = """\
name: acme
title: Acme Stores
interchange: [08:ACME01]
group: [ACMEBUY]
connection: acme-box
marks: {segment: newline}
agreements:
  - {set: 850, direction: in, release: 004010VICS, map: 850-order, acknowledgment: {within: 2h}}
  - {set: 855, direction: out, map: 855-out, awaits: {within: 90m, retransmit: yes}}
  - {set: 810, direction: out, map: 810-out, awaits: {acknowledgment: no}}
"""
BOX = "{name: acme-box, kind: mailbox, senders: [acme], account: acme}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {
        "partners/_ourselves.yaml": OURSELVES,
        "partners/acme/partner.yaml": ACME,
        "partners/connections/acme-box.yaml": BOX,
        "maps/850-order.yaml": "map: 850-order\n",
        "maps/855-out.yaml": "map: 855-out\n",
        "maps/810-out.yaml": "map: 810-out\n",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def run(folder: Path, *words: str):
    return CliRunner().invoke(app, [*words, "--partners", str(folder / "partners")])


def test_list_shows_who_they_are_and_what_is_exchanged(folder):
    told = run(folder, "list").stdout.splitlines()
    assert told[0].split() == ["NAME", "TITLE", "INTERCHANGE", "CONNECTION", "IN", "OUT"]
    assert told[1] == "acme  Acme Stores  08:ACME01    acme-box    850  810 855"


def test_list_for_programs(folder):
    (acme,) = json.loads(run(folder, "list", "--json").stdout)
    assert (acme["name"], acme["in"], acme["out"]) == ("acme", "850", "810 855")


def test_list_with_no_partners_is_only_its_heading(folder):
    for name in ("acme/partner.yaml", "connections/acme-box.yaml"):
        (folder / "partners" / name).unlink()
    (folder / "partners/acme").rmdir()
    assert len(run(folder, "list").stdout.splitlines()) == 1


def test_show_tells_each_agreement_with_its_answer(folder):
    told = run(folder, "show", "acme").stdout
    assert "Acme Stores (acme), version " in told
    rows = [re.split(r"  +", line.strip()) for line in told.splitlines() if line.startswith(("  in   ", "  out  "))]
    assert [(row[1], row[6], row[7]) for row in rows] == [
        ("850", "-", "997 within 2h, sets"),
        ("855", "at once", "awaited within 90m, then retransmitted"),
        ("810", "at once", "none awaited"),
    ]


def test_show_tells_when_sets_leave_where_secrets_are_and_whom_to_ask(folder):
    path = folder / "partners/acme/partner.yaml"
    said = 'batch: {at: ["10:00", "16:00"], cut_off: "15:30", days: working}'
    path.write_text(path.read_text().replace("map: 855-out,", f"map: 855-out, {said},"))
    path.write_text(path.read_text() + "security: {information: env:ACME_ISA04}\ncontacts: [{name: Jo, phone: 555-0100}]\n")
    told = run(folder, "show", "acme").stdout
    assert "at 10:00, 16:00, cut-off 15:30 on working days" in told
    assert "env:ACME_ISA04" in told
    assert "name Jo, phone 555-0100, role edi" in told
    assert "{" not in told


def test_show_tells_defaults_too(folder):
    told = [line.split(maxsplit=1) for line in run(folder, "show", "acme").stdout.splitlines() if line]
    assert ["segment", "newline"] in told
    assert ["ship_notice_structure", "shipment, order, pack, item"] in told
    assert ["ours", "main: Larch, ZZ:LARCH"] in told
    assert ["connection", "acme-box (mailbox)"] in told


def test_show_for_programs_is_the_canonical_profile_and_its_version(folder):
    shown = json.loads(run(folder, "show", "acme", "--json").stdout)
    assert shown["profile"]["agreements"][0]["release"] == "004010VICS"
    assert len(shown["version"]) == 64


def test_show_of_nobody_names_the_nearest(folder):
    with pytest.raises(WrongInput, match="did you mean 'acme'"):
        CliRunner().invoke(app, ["show", "amce", "--partners", str(folder / "partners")], catch_exceptions=False)


def test_check_of_right_files_says_what_it_saw(folder):
    result = run(folder, "check", "--maps", str(folder / "maps"))
    assert (result.exit_code, result.stdout) == (0, "partners: 1, connections: 1, maps: 3; nothing wrong\n")


def test_check_tells_every_mistake_with_its_line_and_exits_1(folder):
    (folder / "maps/855-out.yaml").unlink()
    (folder / "partners/connections/acme-box.yaml").write_text(BOX.replace("mailbox", "malibox"))
    result = run(folder, "check", "--maps", str(folder / "maps"))
    assert result.exit_code == 1
    assert [line.removeprefix(f"{folder}/partners/") for line in result.stderr.splitlines()] == [
        "connections/acme-box.yaml:1: kind: 'malibox' is not known — did you mean 'mailbox'?",
        "acme/partner.yaml:9: there is no map '855-out' — did you mean '810-out'?",
        "mistakes: 2",
    ]
    assert "Traceback" not in result.output


def test_the_folder_is_the_settings_where_none_is_named(folder, monkeypatch):
    monkeypatch.setenv("EDI_GATEWAY_PARTNERS", str(folder / "partners"))
    monkeypatch.chdir(folder)
    assert "acme" in CliRunner().invoke(app, ["list"]).stdout
    assert "nothing wrong" in CliRunner().invoke(app, ["check"]).stdout


def test_a_requirement_of_the_guide_that_no_line_of_the_map_makes_is_a_mistake_with_both_files(tmp_path):
    shutil.copytree(ROOT / "partners", tmp_path / "partners")
    guide = tmp_path / "partners" / "cascade" / "guides" / "810.yaml"
    guide.write_text(guide.read_text().replace("  BIG04: required\n", "  BIG04: required\n  BIG08: required\n"))
    told = run(tmp_path, "check", "--maps", str(ROOT / "maps"))
    assert told.exit_code == 1
    line = guide.read_text().splitlines().index("  BIG08: required") + 1
    assert f"{guide}:{line}: BIG08 is required, and nothing makes it (cascade)" in told.stderr
    assert f"add it to the map at {ROOT / 'maps' / 'cascade' / 'invoice-810.yaml'}:" in told.stderr
