"""``invoice`` and ``shipment import``: what a person sees of invoices and does with them, and what leaves by a file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from desk import Desk, applied_sqlite
from desk_fixtures import desk, make_desk, profiles
from partner_says import northwind, order, remittance
from typer.testing import CliRunner, Result

from edi_gateway.cli.main import app
from edi_gateway.errors import WrongInput

__all__ = ["desk", "make_desk", "profiles"]

INVOICE = "00090001"


@pytest.fixture
def billed(make_desk: Callable[..., Desk], tmp_path: Path) -> Desk:
    """One order of 888.00, shipped and billed, in a store where everything is applied."""
    desk = make_desk(database=applied_sqlite(tmp_path / "data"))
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=6)
    return desk


def run(desk: Desk, *words: object) -> Result:
    return CliRunner().invoke(app, [*map(str, words), "--data", str(desk.folder)], env={"COLUMNS": "200"})


def says(desk: Desk, *words: object) -> str:
    """What a command prints; it has to end well."""
    done = run(desk, *words)
    assert done.exit_code == 0, done.output + str(done.exception)
    return done.output


def test_an_invoice_is_listed_and_shown_to_the_cent(billed: Desk) -> None:
    [row] = json.loads(says(billed, "invoice", "list", "--json"))
    assert (row["number"], row["total"], row["open"], row["kind"]) == (INVOICE, "888.00", "888.00", "invoice")
    shown = says(billed, "invoice", "show", INVOICE)
    assert "total 888.00 USD" in shown
    assert "PO-1" in shown


def test_a_credit_note_is_put_on_its_way_by_a_command(billed: Desk) -> None:
    assert f"credit note {INVOICE}-C1 of invoice {INVOICE}" in says(billed, "invoice", "credit", INVOICE, "--line", "001=8")
    assert [flow.stage for flow in billed.flows("ready")] == ["draft"]


def test_a_disputed_case_stays_in_the_list_until_it_is_closed(billed: Desk) -> None:
    billed.drop(northwind(2, remittance("NW-T1", (INVOICE, "880"))))
    says(billed, "case", "dispute", 1, "--because", "no claim number; they were told")
    assert [row["state"] for row in json.loads(says(billed, "case", "list", "--json"))] == ["disputed"]
    says(billed, "case", "recover", 1, "--because", "it came with the next one")
    assert json.loads(says(billed, "case", "list", "--json")) == []


@pytest.mark.parametrize("line", ["001", "001=x", "001=0", "001=NaN", "=4", "001=4@0", "001=4@x", "001=4@NaN"])
def test_a_line_to_credit_that_says_nothing_is_refused_in_a_sentence(billed: Desk, line: str) -> None:
    done = run(billed, "invoice", "credit", INVOICE, "--line", line)
    assert isinstance(done.exception, WrongInput)
    assert f"'{line}' is no line to credit" in str(done.exception)


def test_what_has_left_is_neither_released_nor_withheld(billed: Desk) -> None:
    for words in (("release", INVOICE), ("hold", INVOICE, "--because", "a dispute")):
        assert "no draft any more" in str(run(billed, "invoice", *words).exception)


def test_a_file_of_shipments_is_imported_by_a_command_and_one_that_cannot_be_read_is_told(billed: Desk, tmp_path: Path) -> None:
    billed.drop(northwind(2, order("PO-2", quantity=12)))
    billed.later(minutes=10)
    file = tmp_path / "shipments.csv"
    file.write_text("shipment,order,line,quantity,carton\nS9,PO-2,001,12,A\n")
    assert "shipment S9 of PO-2, 1 carton" in says(billed, "shipment", "import", file)
    assert "on record already" in says(billed, "shipment", "import", file)
    assert "cannot be read" in str(run(billed, "shipment", "import", tmp_path / "none.csv").exception)
    file.write_bytes(b"\xff\xfe")
    assert "no text in UTF-8" in str(run(billed, "shipment", "import", file).exception)


def test_what_no_bank_books_is_no_deposit(billed: Desk) -> None:
    done = run(billed, "deposit", "add", "NW-T1", "888.004", "--on", "2026-12-22")
    assert "'888.004' is no amount to the cent" in str(done.exception)
    assert json.loads(says(billed, "deposit", "list", "--json")) == []
