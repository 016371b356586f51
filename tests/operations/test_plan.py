"""Plan: what files that are not in force yet would change of real documents."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import msgspec
import pytest
from desk import NOON, NORTHWIND, ROOT, SAMPLES, Desk, Profiles, library

from edi_gateway.clock import MovableClock
from edi_gateway.errors import NeedsPerson
from edi_gateway.mapping.library import Library
from edi_gateway.operations.apply import apply, in_force, maps_in_force
from edi_gateway.operations.plan import Planned, anything, counts, plan
from edi_gateway.operations.plan_documents import Sent, in_files
from edi_gateway.operations.plan_side import Side
from edi_gateway.operations.plan_stored import stored
from edi_gateway.store.payloads import Payloads
from edi_gateway.trading.loader import load

ALL = {"850", "855", "856", "810"}


@pytest.fixture
def maps(tmp_path: Path) -> Path:
    """A copy of the maps that a scene may change."""
    shutil.copytree(ROOT / "maps", tmp_path / "maps")
    return tmp_path / "maps"


@pytest.fixture(scope="module")
def traded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One order answered, shipped and billed, under profiles and maps in force. A plan changes none of it."""
    folder = tmp_path_factory.mktemp("traded")
    desk = Desk(folder / "data", ROOT / "partners", MovableClock(NOON))
    apply(desk.store, ROOT / "partners", ROOT / "maps", by="ann")
    desk.drop("northwind-850-plain.edi")
    desk.later(hours=8)
    assert {one.code for one in desk.sets()} >= ALL
    yield desk
    desk.close()


def planned(desk: Desk, partners: Path, maps: Path = ROOT / "maps") -> list[Planned]:
    before = Side(in_force(desk.store), maps_in_force(desk.store))
    after_maps = library(maps) if maps == ROOT / "maps" else Library.load(maps)
    return list(plan(before, Side(load(partners), after_maps), stored(desk.store, 50)))


def of(code: str, found: list[Planned]) -> Planned:
    (one,) = [each for each in found if each.set == code]
    return one


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text, f"{path} does not say {old!r}"
    path.write_text(text.replace(old, new))


def test_files_that_say_what_is_in_force_change_nothing(traded: Desk, profiles: Profiles) -> None:
    found = planned(traded, profiles.folder)
    assert {one.set for one in found} == ALL
    assert [one for one in found if one.difference.how != "identical"] == []
    assert not anything(found)


def test_the_newest_documents_are_replayed_without_acknowledgments_oldest_first(traded: Desk) -> None:
    assert [one.code for one in stored(traded.store, 50)] == ["850", "855", "856", "810"]
    assert [one.code for one in stored(traded.store, 2)] == ["856", "810"]


def test_another_map_of_what_comes_is_a_business_change_field_by_field(traded: Desk, profiles: Profiles, maps: Path) -> None:
    replace(maps / "northwind" / "850-order.yaml", "[REF*IA, N1*SU/N104]", "N1*SU/N104")
    one = of("850", planned(traded, profiles.folder, maps))
    assert one.difference.how == "business change"
    assert one.difference.lines[0] == "vendor_number: was 700418826, would be missing"
    assert "references[0].value: would be new: 700418826" in one.difference.lines


def test_another_map_of_what_goes_is_a_business_change_element_by_element(traded: Desk, profiles: Profiles, maps: Path) -> None:
    replace(maps / "invoice-810.yaml", "BIG02: number", "BIG02: order_number")
    found = planned(traded, profiles.folder, maps)
    one = of("810", found)
    assert one.difference.how == "business change"
    assert any(line.startswith("BIG02") and "4500881201" in line for line in one.difference.lines)
    assert of("855", found).difference.how == "identical"


def test_the_answer_is_drafted_anew_from_an_order_that_reads_otherwise(traded: Desk, profiles: Profiles, maps: Path) -> None:
    replace(maps / "850-order.yaml", "      price_basis: PO105\n", "")
    lines = of("850", planned(traded, profiles.folder, maps)).difference.lines
    assert any(line.startswith("its 855, PO105") and "was PE, would be missing" in line for line in lines)


def test_another_map_of_the_856_is_a_business_change_of_it_alone(traded: Desk, profiles: Profiles, maps: Path) -> None:
    replace(maps / "ship-notice-856.yaml", "BSN02: shipment", "BSN02: bill_of_lading")
    found = planned(traded, profiles.folder, maps)
    one = of("856", found)
    assert one.difference.how == "business change"
    assert any(line.startswith("BSN02") for line in one.difference.lines)
    assert [each.set for each in found if each.difference.how != "identical"] == ["856"]


def test_an_856_is_drafted_anew_from_what_the_erp_told_as_the_profile_wants_it_now(traded: Desk, profiles: Profiles) -> None:
    replace(profiles.folder / "_ourselves.yaml", "city: Owatonna", "city: Faribault")
    one = of("856", planned(traded, profiles.folder))
    assert one.difference.how == "business change"
    assert [
        line for line in one.difference.lines if line.startswith("N401") and line.endswith("was Owatonna, would be Faribault")
    ]


def test_856_and_810_are_drafted_anew_from_an_order_that_reads_otherwise(traded: Desk, profiles: Profiles, maps: Path) -> None:
    path = maps / "850-order.yaml"
    path.write_text(path.read_text().replace("      name:         N102\n", "", 1))  # of the ship-to
    found = planned(traded, profiles.folder, maps)
    for code in ("856", "810"):
        assert of(code, found).difference.lines == ("N102 Name: was NORTHWIND STORES DC 0610, would be missing",)


def test_what_could_not_be_drafted_any_more_fails(traded: Desk, profiles: Profiles, maps: Path) -> None:
    replace(maps / "850-order.yaml", "{from: PO101, count: PO1}", "{count: PO1}")
    one = of("856", planned(traded, profiles.folder, maps))
    assert one.difference.how == "now fails"
    assert one.difference.lines[0].startswith("it could not be drafted: ")


def test_what_was_corrected_by_a_person_is_written_again_as_it_went(traded: Desk, profiles: Profiles) -> None:
    (sent,) = [each for each in stored(traded.store, 50) if each.code == "856"]
    assert isinstance(sent, Sent)
    corrected = sent._replace(document=msgspec.structs.replace(sent.document, carrier_reference="PRO7"))
    replace(profiles.folder / "_ourselves.yaml", "city: Owatonna", "city: Faribault")
    before, after = Side(in_force(traded.store), maps_in_force(traded.store)), Side(load(profiles.folder), library(ROOT / "maps"))
    (one,) = plan(before, after, [corrected])
    assert one.difference.how == "identical"


def test_an_order_whose_answer_would_be_held_from_now_on_says_so(traded: Desk, profiles: Profiles, maps: Path) -> None:
    replace(maps / "northwind" / "850-order.yaml", "[REF*IA, N1*SU/N104]", "N1*SU/N104")
    guide = profiles.folder / NORTHWIND / "guides" / "855.yaml"
    guide.write_text(guide.read_text() + "\n  BAK08: required\n")
    lines = of("850", planned(traded, profiles.folder, maps)).difference.lines
    assert any(line.startswith("its 855: was written, would be held: it would break the partner's guide") for line in lines)


def test_other_delimiters_are_formatting(traded: Desk, profiles: Profiles) -> None:
    profiles.replace(NORTHWIND, 'element: "*"', 'element: "|"')
    found = planned(traded, profiles.folder)
    assert counts(found) == {"identical": 1, "formatting": 3}
    assert anything(found)


def test_another_receiver_is_no_matter_of_form(traded: Desk, profiles: Profiles) -> None:
    profiles.replace(NORTHWIND, "interchange: [08:7005551200]", "interchange: [08:7005551299, 08:7005551200]")
    one = of("810", planned(traded, profiles.folder))
    assert one.difference.how == "business change"
    assert "08:7005551299" in one.difference.lines[0]


def test_a_guide_that_asks_for_more_makes_what_goes_fail(traded: Desk, profiles: Profiles) -> None:
    guide = profiles.folder / NORTHWIND / "guides" / "810.yaml"
    guide.write_text(guide.read_text() + "\n  BIG05: required\n")
    one = of("810", planned(traded, profiles.folder))
    assert one.difference.how == "now fails"
    assert "guide" in one.difference.lines[0]


def test_an_agreement_taken_away_makes_what_comes_fail(traded: Desk, profiles: Profiles) -> None:
    profiles.replace(
        NORTHWIND, '- set: "850"\n    direction: in\n', '- set: "850"\n    direction: in\n    valid_until: 2026-01-31\n'
    )
    one = of("850", planned(traded, profiles.folder))
    assert one.difference.how == "now fails"
    assert one.difference.lines[0].startswith("no agreement for 850 004010VICS from northwind")


def test_rules_are_replayed_over_what_the_erp_had_said(traded: Desk, profiles: Profiles) -> None:
    profiles.replace(NORTHWIND, "  unknown_item: reject", '  unknown_item: reject\n  minimum_order: "100000"')
    one = of("850", planned(traded, profiles.folder))
    assert one.difference.how == "business change"
    assert "held by rules" in one.difference.lines[-1]


def test_a_file_comes_when_the_clock_says() -> None:
    (one,) = in_files(SAMPLES / "northwind-850-plain.edi", MovableClock(NOON))
    assert one.at == NOON


def test_severities_change_what_is_rejected(profiles: Profiles) -> None:
    before = Side(load(profiles.folder), library(ROOT / "maps"))
    profiles.severities(NORTHWIND, set_segment_count="warn")
    after = before._replace(directory=load(profiles.folder))
    (one,) = plan(before, after, in_files(SAMPLES / "northwind-850-wrong-count.edi"))
    assert one.difference.how == "now passes"
    assert "rejected" in one.difference.lines[0]


def test_a_folder_of_files_is_replayed_as_if_it_came_today(profiles: Profiles, maps: Path) -> None:
    replace(maps / "northwind" / "850-order.yaml", "[REF*IA, N1*SU/N104]", "N1*SU/N104")
    before, after = Side(load(profiles.folder), library(ROOT / "maps")), Side(load(profiles.folder), Library.load(maps))
    (one,) = plan(before, after, in_files(SAMPLES / "northwind-850-plain.edi"))
    assert (one.name, one.partner, one.direction) == ("northwind-850-plain.edi", NORTHWIND, "in")
    assert one.difference.how == "business change"


def test_a_file_of_ours_is_read_back_and_written_again(traded: Desk, profiles: Profiles, maps: Path) -> None:
    replace(maps / "invoice-810.yaml", "BIG02: number", "BIG02: order_number")
    (invoice,) = traded.folder.glob("mailboxes/northwind/outbox/810*.edi")
    before, after = Side(load(profiles.folder), library(ROOT / "maps")), Side(load(profiles.folder), Library.load(maps))
    (one,) = plan(before, after, in_files(invoice))
    assert (one.direction, one.difference.how) == ("out", "business change")


def test_where_nothing_is_in_force_it_is_told_what_would_pass(profiles: Profiles) -> None:
    before, after = Side(None, Library.of({})), Side(load(profiles.folder), library(ROOT / "maps"))
    (good,) = plan(before, after, in_files(SAMPLES / "northwind-850-plain.edi"))
    (bad,) = plan(before, after, in_files(SAMPLES / "unknown-sender-850.edi"))
    assert (good.difference.how, bad.difference.how) == ("now passes", "fails as before")
    assert "nobody has interchange id" in bad.difference.lines[1]


def test_a_plan_writes_nothing(traded: Desk, profiles: Profiles) -> None:
    profiles.replace(NORTHWIND, "currency: USD", "currency: CAD")
    events, sets = len(traded.events()), len(traded.sets())
    planned(traded, profiles.folder)
    assert (len(traded.events()), len(traded.sets())) == (events, sets)
    assert in_force(traded.store).partner(NORTHWIND).currency == "USD"  # type: ignore[union-attr]  # it was applied


def test_what_was_removed_is_told_and_changes_nothing(traded: Desk, profiles: Profiles, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(_payloads: Payloads, sha256: str) -> BinaryIO:
        raise NeedsPerson(f"payload {sha256} was removed")

    monkeypatch.setattr(Payloads, "open", gone)
    found = planned(traded, profiles.folder)
    assert (of("850", found).difference.how, of("855", found).difference.how) == ("not replayed", "identical")
    assert not anything(found)
