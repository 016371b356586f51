"""The files of the presets hold together, and say where their facts are from."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from desk import ROOT, library
from typer.testing import CliRunner

from edi_gateway.cli.main import app
from edi_gateway.trading.agreement import Agreement
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.loader import load
from edi_gateway.x12 import standard
from edi_gateway.x12.envelope import TransactionSet
from edi_gateway.x12.guide import over
from edi_gateway.x12.reader import read
from edi_gateway.x12.validation import Policy, checker

PRESETS = ROOT / "presets"
PROFILES = sorted(PRESETS.glob("*/partner.yaml"))
SENT = [path for profile in PROFILES for path in sorted((ROOT / "sample_docs" / profile.parent.name).glob("*.edi"))]
WITHOUT_GUIDE = {"812", "824", "864"}  # read as they come: nothing is narrowed
NOT_MAPPED = re.compile("SAC|CTT|CSH")  # made only where agreed; checked, not read; kept as an extra
SOURCES = re.compile(
    "Walmart|Macy|JCPenney|Tractor Supply|Amazon|Home Depot|Lowe|Kroger|CVS|Costco|PlainEDI|Boldvan|COEdition|analyst knowledge"
)


@pytest.fixture(scope="module")
def directory() -> Directory:
    return load(PRESETS, library(ROOT / "maps").names())


def test_partner_check_finds_nothing_wrong() -> None:
    told = CliRunner().invoke(app, ["partner", "check", "--partners", str(PRESETS), "--maps", str(ROOT / "maps")])
    assert told.exit_code == 0, told.output
    assert "partners: 5, connections: 3" in told.output


def test_what_is_agreed_is_narrowed_by_a_guide_and_read_or_made_by_its_map(directory: Directory) -> None:
    maps = library(ROOT / "maps")
    for partner in directory.partners:
        for agreement in partner.agreements:
            guide = directory.guide(partner, agreement)
            assert (guide is None) == (agreement.set in WITHOUT_GUIDE), (partner.name, agreement.set)
            if guide is not None:
                against = maps.reads_against if agreement.direction == "in" else maps.against
                notes = [str(note) for note in against(agreement.map, guide) if not NOT_MAPPED.search(str(note))]
                assert notes == [], (partner.name, agreement.set)


def test_no_guide_lies_unused(directory: Directory) -> None:
    used = {(partner.name, agreement.guide) for partner in directory.partners for agreement in partner.agreements}
    assert directory.guides.keys() - used == set()


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.parent.name)
def test_a_profile_says_what_it_is_and_whose_facts_it_holds(path: Path) -> None:
    head = path.read_text().partition("\nname:")[0]
    assert head.startswith("# Preset: ")
    assert "each with its source" in head


@pytest.mark.parametrize("path", sorted(PRESETS.glob("*/guides/*.yaml")), ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_a_guide_says_in_its_first_lines_where_its_rules_are_from(path: Path) -> None:
    head = path.read_text().partition("\nguide:")[0]
    assert SOURCES.search(head), head


def test_three_retailers_come_by_the_van_and_two_of_them_under_one_interchange_id(directory: Directory) -> None:
    assert directory.connection("larkspur-van").senders == ("corliss", "hearthline", "bulwark")
    ids = {name: directory.partner(name).interchange for name in ("corliss", "hearthline", "bulwark")}
    assert ids["hearthline"] == ids["bulwark"] != ids["corliss"]
    assert directory.partner("hearthline").group != directory.partner("bulwark").group


def test_the_presets_differ_in_what_partners_differ_in(directory: Directory) -> None:
    structures = {partner.answers.ship_notice_structure for partner in directory.partners}
    assert len(structures) == 4
    assert {partner.interchange_version for partner in directory.partners} == {"00401", "00501"}
    assert len({partner.marks.delimiters() for partner in directory.partners}) == 5
    assert {each.release for partner in directory.partners for each in partner.agreements if each.direction == "out"} == {
        "004010",
        "004010VICS",
        "005010",
        "005010VICS",
    }


@pytest.mark.parametrize(
    "path", sorted((ROOT / "sample_docs").glob("*/8*-*.edi")), ids=lambda path: f"{path.parts[-2]}-{path.stem}"
)
def test_a_sample_keeps_the_guide_of_its_preset_and_is_read_by_its_map(directory: Directory, path: Path) -> None:
    partner = directory.partner(path.parent.name)
    (set_,) = [event for event in read(path.read_bytes()) if isinstance(event, TransactionSet)]
    agreement = directory.agreement(partner, set_.code, "in", set_.release, "production")
    assert isinstance(agreement, Agreement)
    definition = standard.load(set_.code, agreement.release[:6])
    guide = directory.guide(partner, agreement)
    assert guide is not None
    assert [*set_.findings, *checker(definition, Policy(), over(guide, definition)).check(set_)] == []
    assert library(ROOT / "maps").reading(agreement.map).read(set_)
