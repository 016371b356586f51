"""``edi-gateway cutover``: open orders come over file by file, and numbers go on where they ended."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from desk import NORTHWIND, Desk, applied_sqlite
from partner_says import northwind, order
from typer.testing import CliRunner, Result

from edi_gateway.cli.main import app
from edi_gateway.errors import WrongInput


@pytest.fixture
def desk(make_desk: Callable[..., Desk], tmp_path: Path) -> Desk:
    """A gateway for which everything is set up, and through which nothing came yet."""
    return make_desk(database=applied_sqlite(tmp_path / "data"))


def cut_over(desk: Desk, *arguments: object) -> Result:
    return CliRunner().invoke(app, ["cutover", *map(str, arguments), "--data", str(desk.folder)], terminal_width=200)


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Two files with open orders, and between them one that holds none."""
    paths = [tmp_path / name for name in ("a.edi", "b.edi", "c.edi")]
    for path, body in zip(paths, (northwind(900, order("PO-1")), b"junk", northwind(901, order("PO-2"))), strict=True):
        path.write_bytes(body)
    return paths


def documents(desk: Desk) -> dict[str, str | None]:
    return {row.business_number: row.document_id for row in desk.sets("850")}


def test_a_file_that_is_wrong_holds_up_none_of_the_others_and_what_is_loaded_is_told(desk: Desk, files: list[Path]) -> None:
    done = cut_over(desk, "orders", *files, "--because", "cutover")
    assert isinstance(done.exception, WrongInput)
    assert str(done.exception).startswith("b.edi")
    made = documents(desk)
    assert made.keys() == {"PO-1", "PO-2"}
    for document in made.values():
        assert str(document) in done.output


def test_the_same_files_again_are_told_with_the_documents_they_became(desk: Desk, files: list[Path]) -> None:
    cut_over(desk, "orders", files[0], "--because", "cutover")
    again = cut_over(desk, "orders", files[0], files[2], "--because", "cutover")
    made = documents(desk)
    assert again.exit_code == 0
    [known] = [line for line in again.output.splitlines() if str(made["PO-1"]) in line]
    assert "was on record already" in known
    assert str(made["PO-2"]) in again.output


def test_an_order_that_another_file_brought_is_told_with_its_document(desk: Desk, tmp_path: Path) -> None:
    for number in (900, 901):
        (tmp_path / f"{number}.edi").write_bytes(northwind(number, order("PO-1")))
    done = cut_over(desk, "orders", tmp_path / "900.edi", tmp_path / "901.edi", "--because", "cutover")
    [document] = documents(desk).values()
    assert "901.edi, set 0001, 850 PO-1: is on record already, as document " + str(document) in str(done.exception)


def test_an_order_that_is_twice_in_a_file_is_told_with_its_other_set(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "900.edi").write_bytes(northwind(900, order("PO-1"), order("PO-2"), order("PO-1")))
    done = cut_over(desk, "orders", tmp_path / "900.edi", "--because", "cutover")
    assert "900.edi, set 0003, 850 PO-1: is in this file twice: set 0001 is the same order — leave one out" in str(done.exception)
    assert documents(desk) == {}


WRONG = {
    "856=402": "no group '856' goes to northwind — give the code on GS01, one of: FA, IN, PR, SH",
    "ZZ=402": "no group 'ZZ' goes to northwind",
    "SH=99999999999": "group SH 99999999999 is none of theirs, which go up to 999999999",
    "PR=²": "'PR=²' says no number",
    "PR=0": "'PR=0' says no number",
}


@pytest.mark.parametrize("group", WRONG)
def test_a_number_that_nothing_would_follow_is_refused(desk: Desk, group: str) -> None:
    done = cut_over(desk, "numbers", NORTHWIND, "--interchange", "4711", "--group", group)
    assert isinstance(done.exception, WrongInput)
    assert WRONG[group] in str(done.exception)
    assert desk.events("numbers.seeded") == []
