"""Maps in folders: names, partners, versions, code lists; both directions of one file."""

from __future__ import annotations

from pathlib import Path

import pytest
from map_scenes import a_set, library

from edi_gateway.documents.order import Order
from edi_gateway.errors import WrongInput
from edi_gateway.mapping.library import Library

ORDER = """\
map: order
reads: {set: 850, releases: [004010]}
writes: order
order:
  number: BEG03
  purpose: BEG01
  ordered_on: BEG05
  lines: {each: PO1, fields: {number: PO101, quantity: PO102, unit: {from: PO103, codes: units}}}
"""
UNITS = "codes: units\nlist: {EA: each, CA: case}\n"
SET = "ST*850*1~BEG*00*SA*77**20260105~PO1*1*5*CT~"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {
        "order.yaml": ORDER,
        "codes/units.yaml": UNITS,
        "acme/order.yaml": "map: order\nextends: order\norder:\n  department: REF*DP\n",
        "acme/codes/units.yaml": "codes: units\nlist: {CT: case}\n",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_names_are_files_and_a_partners_carry_its_folder(folder: Path) -> None:
    assert Library.load(folder).names() == ["acme/order", "order"]


def test_a_partners_code_list_holds_for_its_maps_only(folder: Path) -> None:
    maps = Library.load(folder)

    order = maps.reading("acme/order").read(a_set(SET))
    assert isinstance(order, Order)
    assert order.lines[0].unit == "case"
    with pytest.raises(WrongInput, match="'CT' is not in the code list 'units'"):
        maps.reading("order").read(a_set(SET))


def test_a_partners_codes_hold_for_a_common_map_it_has_no_own_of(folder: Path) -> None:
    (folder / "acme" / "order.yaml").unlink()

    order = Library.load(folder, partner="acme").reading("order").read(a_set(SET))

    assert isinstance(order, Order)
    assert order.lines[0].unit == "case"


def test_a_version_changes_with_what_a_map_says_and_not_with_comments(folder: Path) -> None:
    before = Library.load(folder).reading("acme/order").version

    (folder / "order.yaml").write_text("# a comment\n" + ORDER)
    assert Library.load(folder).reading("acme/order").version == before

    (folder / "codes" / "units.yaml").write_text(UNITS.replace("each", "piece"))
    with_codes = Library.load(folder).reading("acme/order").version
    assert with_codes != before

    (folder / "order.yaml").write_text(ORDER + "  contract: BEG06\n")
    assert Library.load(folder).reading("acme/order").version not in (before, with_codes)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match="no such folder"):
        Library.load(tmp_path / "nowhere")


def test_one_wrong_file_does_not_take_the_others_away(folder: Path) -> None:
    (folder / "broken.yaml").write_text("map: [")
    maps = Library.load(folder)

    assert maps.reading("order").name == "order"
    with pytest.raises(WrongInput, match="is not YAML"):
        maps.reading("broken")


def test_a_map_says_what_it_is() -> None:
    reading, writing = library().reading("850-order"), library().writing("invoice-810")

    assert (reading.kind, reading.set_code, reading.releases) == ("order", "850", ("004010", "005010"))
    assert (writing.kind, writing.set_code, writing.name) == ("invoice", "810", "invoice-810")
    assert len(reading.version) == 64


def test_writing_refuses_another_document_and_another_release() -> None:
    order = library().reading("850-order").read(a_set("ST*850*1~BEG*00*SA*77**20260105~PO1*1*5*EA~"))

    with pytest.raises(WrongInput, match="documents of kind 'invoice', and was given: Order"):
        library().writing("invoice-810").write(order)
    with pytest.raises(WrongInput, match="does not write release 003010"):
        library().writing("850-order").write(order, release="003010")
    assert library().writing("850-order").write(order, release="004010VICS")[0][0] == "BEG"
