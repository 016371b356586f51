"""Compliance packs: what is wrong in one is told with its line, what one does not say is as in the base pack."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from edi_gateway.trading.compliance.catalog import CATALOG, CHECKED, HELD_BY
from edi_gateway.trading.compliance.clock import due, half_time
from edi_gateway.trading.compliance.pack import CompliancePack, Rules
from edi_gateway.trading.compliance.reading import base_pack
from edi_gateway.trading.compliance.reference import compliance_reference
from edi_gateway.trading.compliance.stake import at_stake
from edi_gateway.trading.export import files
from edi_gateway.trading.loader import load

ROOT = Path(__file__).parents[2]
STUDY = ROOT.parent / "shared" / "COMPLIANCE.md"
PACK = """\
pack: Acme vendor manual
source: Vendor Manual, edition 7
dated: 2026-03-01
rules:
  R09: {within: 1h, fee: "150", source: "Vendor Manual §4"}
  R13: {weight_tolerance_percent: "5"}
  R16: {does: block}
"""
NOON = datetime(2026, 11, 17, 18, tzinfo=UTC)  # a Tuesday


def packed(world, text: str = PACK) -> CompliancePack:
    world.write("acme/compliance.yaml", text)
    return world.load().pack("acme")


def mistake(world, *changes: tuple[str, str]) -> str:
    text = PACK
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    world.write("acme/compliance.yaml", text)
    return world.mistake()


def test_an_unknown_rule_is_told_with_its_line_and_the_nearest_one(world) -> None:
    said = mistake(world, ("R16:", "R61:"))
    assert said.startswith("acme/compliance.yaml:7: 'R61' is not known here")


def test_a_parameter_the_rule_does_not_have_is_told_with_its_line(world) -> None:
    said = mistake(world, ("weight_tolerance_percent", "weight_tolerance"))
    assert said == ("acme/compliance.yaml:6: 'weight_tolerance' is not known here — did you mean 'weight_tolerance_percent'?")


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("within: 1h", "within: soon", 5, "'soon' is no duration"),
        ("does: block", "does: stop", 7, "'stop' is not known"),
        ('"5"', "heavy", 6, "'heavy' will not do"),
        ("does: block", "pattern: '[0-9'", 7, "is no regular expression"),
        ("dated: 2026-03-01", "dated: last spring", 3, "'last spring' will not do"),
        ("R13: {weight_tolerance_percent", "R14: {prefixes", 6, "a list is wanted"),
        ("R16: {does: block", "R31: {does: off", 7, "'off' is not known"),
        ("R16: {does: block", "R04: {does: block", 7, "'block' is not known"),
    ],
)
def test_a_wrong_value_is_told_with_its_line(world, old: str, new: str, line: int, what: str) -> None:
    said = mistake(world, (old, new))
    assert said.startswith(f"acme/compliance.yaml:{line}: ")
    assert what in said


def test_a_structure_the_profile_writes_and_they_do_not_take_is_a_mistake(world) -> None:
    said = mistake(world, ('R13: {weight_tolerance_percent: "5"}', 'R11: {structures: ["shipment, order, item"]}'))
    assert said.startswith("acme/compliance.yaml:6: the profile writes 'shipment, order, pack, item', which they do not take")


def test_what_a_pack_does_not_say_is_as_in_the_base_pack_with_the_base_pack_s_source(world) -> None:
    pack, base = packed(world), base_pack()
    assert pack.rules.R18 == base.rules.R18
    assert pack.source_of("R18") == base.source_of("R18")
    assert pack.rules.R16.does == "block"
    assert pack.rules.R16.bill_of_lading == base.rules.R16.bill_of_lading
    assert pack.source_of("R16") == "Vendor Manual, edition 7, 2026-03-01"
    assert pack.source_of("R09") == "Vendor Manual §4, 2026-03-01"


def test_a_partner_without_a_pack_has_the_base_pack(world) -> None:
    assert world.load().pack("acme") == base_pack()


def test_a_pack_written_and_read_again_is_the_same(world, tmp_path: Path) -> None:
    for folder in (ROOT / "presets", world.folder):
        world.write("acme/compliance.yaml", PACK + '  R05: {}\n  R07: {does: warn, days: 7}\n  R18: {gtin: "off"}\n')
        known = load(folder)
        written = tmp_path / f"written-{folder.name}"
        for file in files(known):
            (written / file.path).parent.mkdir(parents=True, exist_ok=True)
            (written / file.path).write_text(file.text)
        assert load(written).packs == known.packs


def test_every_preset_has_a_pack_with_fees_and_an_edition() -> None:
    known = load(ROOT / "presets")
    assert known.packs.keys() == {partner.name for partner in known.partners}
    for pack in known.packs.values():
        assert "invented" in pack.source
        assert any(pack.terms(rule).stake for rule in Rules.model_fields)


# -- deadlines and what is at stake ---------------------------------------------------------------------------------------------


def test_a_deadline_of_the_pack_goes_before_that_of_the_profile(world) -> None:
    world.write("acme/compliance.yaml", PACK)
    directory = world.load()
    partner, pack = directory.partner("acme"), directory.pack("acme")
    assert due(partner, pack, "856", NOON) == NOON + timedelta(hours=1)
    assert half_time(partner, pack, "856", NOON) == NOON + timedelta(minutes=30)
    assert due(partner, pack, "855", NOON) == NOON + timedelta(hours=24)  # the profile's
    assert due(partner, pack, "810", NOON) is None


def test_the_earlier_of_two_deadlines_counts_and_the_next_morning_is_that_of_their_place(world) -> None:
    world.change("acme/partner.yaml", "title: Acme Stores\n", "title: Acme Stores\ntime_zone: America/Chicago\n")
    world.write("acme/compliance.yaml", PACK.replace("within: 1h", "within: 30h, next_day_by: '06:00'"))
    directory = world.load()
    partner, pack = directory.partner("acme"), directory.pack("acme")
    assert due(partner, pack, "856", NOON) == datetime(2026, 11, 18, 12, tzinfo=UTC)
    late = datetime(2026, 11, 18, 4, tzinfo=UTC)  # still Tuesday in Chicago
    assert due(partner, pack, "856", late) == datetime(2026, 11, 18, 12, tzinfo=UTC)


def test_what_a_rule_costs_is_said_and_nothing_where_nobody_knows(world) -> None:
    pack = packed(world, PACK + '  R22: {fee_percent: "2", fee: "10", per: line}\n')
    assert at_stake(pack, "R09", "USD") == "; at stake by R09: 150 per document (USD)"
    assert at_stake(pack, "R22", "USD") == "; at stake by R22: 2% of the goods and 10 per line (USD)"
    assert at_stake(pack, "R04", "USD") == ""


# -- every rule -----------------------------------------------------------------------------------------------------------------

PROVEN_BY = {
    "R01": "tests/pipeline/test_half_times.py::test_a_997_that_cannot_be_written_is_told_at_half_time_and_when_it_is_late",
    "R02": "tests/x12/test_acknowledgment.py::test_ak9_counts_what_was_declared_received_and_accepted",
    "R03": "tests/pipeline/test_half_times.py::test_at_half_time_it_is_told_once_that_no_acknowledgment_came",
    "R04": "tests/pipeline/test_deadlines.py::test_its_deadline_may_be_counted_in_working_hours",
    "R07": "tests/operations/test_confirmation_rates.py::test_an_item_below_the_threshold_is_told_once_a_week",
    "R15": "tests/order_to_cash/test_compliance_terms.py::test_labels_are_those_of_the_pack_record_that_the_856_tells",
    "R28": "tests/pipeline/test_duplicates.py::test_the_same_order_in_a_new_interchange_is_accepted_by_997_and_held",
    "R29": "tests/operations/test_silence.py::test_a_partner_that_is_silent_for_longer_than_agreed_is_told_once",
    "R30": "tests/pipeline/test_what_happens.py::test_test_usage_reaches_only_the_test_erp",
    "R31": "tests/store/test_numbers_of_many.py::test_eight_processes_with_a_thousand_documents_each_leave_no_gap",
}


def test_every_rule_is_looked_at_before_documents_leave_or_held_by_something_named() -> None:
    looked_at = {rule for rules in CHECKED.values() for rule in rules}
    for rule, facts in CATALOG.items():
        if facts.kind != "post":
            assert rule in looked_at or rule in HELD_BY, rule
            assert rule in Rules.model_fields
    assert looked_at & HELD_BY.keys() == {"R04", "R07"}  # on the clock, and when a document is looked at


def test_what_holds_the_others_is_proven_by_a_test() -> None:
    assert PROVEN_BY.keys() == HELD_BY.keys()
    for rule, named in PROVEN_BY.items():
        file, _, test = named.partition("::")
        assert f"def {test}" in (ROOT / file).read_text(), rule


@pytest.mark.skipif(not STUDY.exists(), reason="the study of retail compliance is not beside the project")
def test_every_rule_of_the_study_is_ours_under_the_same_number_and_kind() -> None:
    study = dict(re.findall(r"(?m)^\| (R\d\d) \| (pre|watch|post) \|", STUDY.read_text()))
    assert len(study) == 32
    assert {rule: facts.kind for rule, facts in CATALOG.items()} == study


def test_the_reference_of_rules_is_what_the_catalog_and_the_models_say() -> None:
    page = (ROOT / "docs" / "reference" / "compliance.md").read_text()
    assert page == compliance_reference(), "run tools/document_compliance"
