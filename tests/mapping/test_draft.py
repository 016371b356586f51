"""A starter map asks about everything it does not know, and fails until it is answered."""

from __future__ import annotations

from pathlib import Path

import pytest
from map_scenes import PROJECT, a_set, library

from edi_gateway.errors import Collected, WrongInput
from edi_gateway.mapping.draft import draft
from edi_gateway.mapping.library import Library

SAMPLE = a_set("ST*850*1~BEG*00*SA*77**20260105~CSH*Y~REF*DP*042~PO1*1*5*EA~IT8*BK~IT8*BO~SE*7*1~")


def with_draft(folder: Path, text: str) -> Library:
    (folder / "codes").mkdir()
    for path in [*(PROJECT / "maps").glob("*.yaml"), *(PROJECT / "maps" / "codes").glob("*.yaml")]:
        (folder / path.relative_to(PROJECT / "maps")).write_text(path.read_text())
    (folder / "acme").mkdir()
    (folder / "acme" / "order.yaml").write_text(text)
    return Library.load(folder)


def test_a_draft_extends_the_common_map_and_asks_only_what_that_leaves_open() -> None:
    lines = draft(library(), SAMPLE, "order").splitlines()

    assert lines[1:4] == ["map: order", "extends: 850-order", "reads: {set: 850, releases: [004010]}"]
    assert [line.strip() for line in lines if "?" in line] == [
        '"? CSH01": CSH01   # Y; segment 3',
        '"? IT801": IT801   # BK, BO; 2 times, first in segment 6',
    ]


def test_a_draft_fails_the_check_with_each_question_until_it_is_answered(tmp_path: Path) -> None:
    text = draft(library(), SAMPLE, "order")
    maps = with_draft(tmp_path, text)

    with pytest.raises(Collected, match=r"'[?] CSH01' is an open question"):
        maps.check("acme/order")
    answered = text.replace('"? CSH01": CSH01', "promotion: CSH01").replace('  "? IT801": IT801', "ignores: [IT801]  ")
    (tmp_path / "acme" / "order.yaml").write_text(answered)
    Library.load(tmp_path).check("acme/order")


def test_a_draft_for_a_set_that_is_written_asks_where_its_elements_come_from() -> None:
    sample = a_set("ST*810*1~BIG*20260105*1**77~NTE*GEN*X~IT1*1*5*EA*2~PKG*F****BOX~TDS*1000~SE*7*1~")

    lines = draft(library(), sample, "invoice").splitlines()

    assert "writes: {set: 810, releases: [004010]}" in lines
    assert '  PKG01: "?"   # F; segment 5' in lines


def test_a_draft_without_a_map_to_begin_with_asks_about_every_element() -> None:
    lines = draft(library(), a_set("ST*840*1~BQT*00*7*20260105~REF*DP*042~PO1*1*5*EA***UP*1~SE*4*1~"), "quote").splitlines()

    assert [line.split(":")[0].strip() for line in lines if line.startswith("  ")] == [
        '"? BQT01"',
        '"? BQT02"',
        '"? BQT03"',
        '"? REF*DP/02"',
        '"? PO101"',
        '"? PO102"',
        '"? PO103"',
        '"? PO1*"',
    ]


def test_a_sample_the_common_map_refuses_is_asked_about_where_it_is_refused() -> None:
    text = draft(library(), a_set("ST*850*1~BEG*00*SA*77**20260105~PO1*1*FIVE*EA~SE*4*1~"), "order")

    assert "refuses the sample: segment 3, PO102" in text
    assert '"? PO102": PO102' in text


def test_a_base_for_another_set_is_refused() -> None:
    with pytest.raises(WrongInput, match="map invoice-810 is for 810, and the sample is a 850"):
        draft(library(), SAMPLE, "order", "invoice-810")
