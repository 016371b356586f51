"""Cross-references as CSV: what is read is what was written, and every mistake has its line."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi_gateway.errors import Collected, WrongInput
from edi_gateway.trading.cross_reference import KINDS, CrossReference, read_csv, write_csv


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "northwind.csv"


def mistakes(file: Path) -> list[str]:
    with pytest.raises(Collected) as caught:
        read_csv(file)
    return [str(each).removeprefix(f"{file.parent}/") for each in caught.value.mistakes]


def test_a_file_as_a_spreadsheet_saves_it(file):
    file.write_bytes("\ufeffkind,qualifier,code,ours\r\nlocation,92,0423,SHIP-7\r\nitem,,ABC,PB-1\r\n".encode())
    assert read_csv(file) == [
        CrossReference(kind="location", qualifier="92", code="0423", ours="SHIP-7"),
        CrossReference(kind="item", qualifier="", code="ABC", ours="PB-1"),
    ]


def test_every_mistake_is_told_with_its_line_and_nothing_counts(file):
    file.write_text(
        "kind,qualifier,code,ours,valid_from,valid_until\n"
        "place,92,0423,SHIP-7,,\n"
        "location,92,,SHIP-7,,\n"
        "location,92,0424,SHIP-8,2026-13-01,\n"
        "location,92,0425,SHIP-9,2026-07-01,2026-06-30\n"
        "location,92,0426\n"
        "item,IN,1,A,,\n"
        "item,IN,1,B,,\n"
        "item,LONG,2,B,,\n"
    )
    assert mistakes(file) == [
        "northwind.csv:2, column kind: 'place' is not known — write item or location",
        "northwind.csv:3, column code: is empty — every row needs it",
        "northwind.csv:4, column valid_from: '2026-13-01' is no date — write it like 2026-01-31",
        "northwind.csv:5, column valid_until: 2026-06-30 is before valid_from 2026-07-01",
        "northwind.csv:6, column ours: is empty — every row needs it",
        "northwind.csv:8, column code: item IN:1 stands on line 7 already — keep one of the two",
        "northwind.csv:9, column qualifier: is longer than 3 characters",
    ]


def test_a_heading_with_other_words_is_told_with_the_right_ones(file):
    file.write_text("kind,qualifier,cod,ours\n")
    assert mistakes(file) == [
        "northwind.csv:1: there is no column 'cod' — did you mean 'code'?",
        "northwind.csv:1: the column 'code' is missing — the heading is kind,qualifier,code,ours,valid_from,valid_until,note",
    ]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"kind;qualifier;code;ours\n"])
def test_what_is_no_such_file_is_refused_in_a_sentence(file, content):
    file.write_bytes(content)
    with pytest.raises(WrongInput):
        read_csv(file)


WORD = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Z"]), min_size=1, max_size=20)
DAYS = st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1))
ENTRIES = st.builds(
    CrossReference,
    kind=st.sampled_from(KINDS),
    qualifier=st.sampled_from(["", "92", "IN", "UL"]),
    code=WORD,
    ours=WORD,
    valid_from=DAYS,
    note=st.just("") | WORD,
)


@given(st.lists(ENTRIES, unique_by=lambda each: each.key))
def test_what_was_written_is_read_back(tmp_path_factory, entries):
    written = io.StringIO(newline="")
    write_csv(entries, written)
    file = tmp_path_factory.mktemp("xref") / "file.csv"
    file.write_bytes(written.getvalue().encode())
    assert read_csv(file) == entries
