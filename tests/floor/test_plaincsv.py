"""CSV files that are handed in: rows that know where they stand, and every mistake at once, told in one way."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi_gateway.errors import Collected, WrongInput
from edi_gateway.plaincsv import Table, a_day, a_number, read_table

KNOWN = ("item", "quantity", "on", "note")


def table(body: bytes) -> Table:
    return read_table(body, "stock.csv", needed=KNOWN[:2], known=KNOWN)


def mistakes(found: Table) -> list[str]:
    with pytest.raises(Collected) as told:
        found.mistakes.raise_if_any()
    return [str(each) for each in told.value.mistakes]


def test_mistakes_of_all_rows_are_told_at_once_by_file_line_and_column() -> None:
    found = table(b"item,quantity,on\nA,x,2026-02-30\n,1,\nB,2,2026-01-31,more\n")
    taken = [(row.needed("item"), row.take("on", a_day), row.take("quantity", a_number)) for row in found.rows]
    assert taken[2][2] == Decimal(2)
    assert mistakes(found) == [
        "stock.csv:2, column on: '2026-02-30' is no date — write it like 2026-01-31",
        "stock.csv:2, column quantity: 'x' is no number — write it like 1234.50",
        "stock.csv:3, column item: is empty — every row needs it",
        "stock.csv:4: has 1 value more than the heading has columns — put texts with commas into quotes",
    ]


def test_a_row_stands_where_it_begins_though_texts_before_it_have_many_lines() -> None:
    assert [row.line for row in table(b'item,quantity,note\nA,1,"two\nlines"\n\nB,2,\n').rows] == [2, 5]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "stock.csv: is empty — begin it with the heading item,quantity,on,note"),
        (b"item;quantity\n", "stock.csv:1: its columns are separated by ';' — save it with commas between them"),
        (b"item,quantty\n", "stock.csv:1: there is no column 'quantty' — did you mean 'quantity'?"),
        (b"item,quantity,item\n", "stock.csv:1: the column 'item' stands there twice — keep one of them"),
        (
            b"item,quantity\n\xe9,1\n",
            "stock.csv: is no text in UTF-8: invalid continuation byte at byte 14 — save it as CSV UTF-8",
        ),
        (b'item,quantity\n"A"x,1\n', "stock.csv:2: is no CSV: ',' expected after '\"'"),
    ],
)
def test_what_is_no_such_table_is_told_with_what_to_do(body: bytes, said: str) -> None:
    assert mistakes(table(body))[0].startswith(said)


CELLS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12).map(str.strip)


@given(st.lists(st.fixed_dictionaries({"item": CELLS.filter(bool), "quantity": CELLS, "on": st.just(""), "note": CELLS})))
def test_what_a_spreadsheet_writes_is_read_back(rows: list[dict[str, str]]) -> None:
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, KNOWN)
    writer.writeheader()
    writer.writerows(rows)
    found = table(written.getvalue().encode("utf-8-sig"))
    assert [row.cells for row in found.rows] == rows
    assert not found.mistakes


@pytest.mark.parametrize("text", ["1e30", "1e-30", "NaN", "Infinity", "1_000", ""])
def test_a_number_nobody_counts_is_none(text: str) -> None:
    with pytest.raises(WrongInput, match=f"'{text}' is no number"):
        a_number(text)
