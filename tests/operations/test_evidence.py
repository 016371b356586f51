"""Evidence: everything on record about a document, in one file that explains itself."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest
from desk import Desk
from partner_says import accepts, northwind, order, rejects

from edi_gateway.errors import WrongInput
from edi_gateway.store.rows import TransactionRow
from edi_gateway.views.dispute import dispute
from edi_gateway.views.evidence import on_record
from edi_gateway.views.evidence_bundle import bundle
from edi_gateway.views.set_relatives import answers_of


@pytest.fixture
def opened(desk: Desk, tmp_path: Path) -> ZipFile:
    """The bundle of an order that was posted, answered and accepted."""
    desk.drop(northwind(1, order("PO-1")))
    desk.later(minutes=10)
    desk.drop(northwind(2, accepts("PR", 1, "855")))
    desk.drop(northwind(3, order("PO-2")))
    bundle(desk.store, "PO-1", tmp_path / "evidence.zip")
    return ZipFile(tmp_path / "evidence.zip")


def test_it_holds_the_bytes_that_came_and_went_and_both_acknowledgments(opened: ZipFile) -> None:
    payloads = [opened.read(name) for name in opened.namelist() if name.startswith("payloads/")]
    assert northwind(1, order("PO-1")) in payloads
    assert northwind(2, accepts("PR", 1, "855")) in payloads
    kinds = {code for body in payloads for code in ("850", "855", "997") if f"ST*{code}".encode() in body}
    assert kinds == {"850", "855", "997"}
    assert not any(b"PO-2" in body for body in payloads)


def test_every_hash_in_it_is_right(opened: ZipFile) -> None:
    lines = opened.read("SHA256SUMS").decode().splitlines()
    assert len(lines) > 5
    for line in lines:
        digest, name = line.split("  ", 1)
        assert sha256(opened.read(name)).hexdigest() == digest


def test_its_page_tells_what_happened_and_its_data_says_the_same(opened: ZipFile) -> None:
    page, found = opened.read("index.html").decode(), json.loads(opened.read("evidence.json"))
    assert all(event["hash"][:16] in page for event in found["events"])
    assert {one["acknowledgment"] for one in found["sets"] if one["code"] == "855"} == {"accepted"}
    assert [one["outcome"] for one in found["attempts"]] == ["done"] * len(found["attempts"])
    assert len(found["attempts"]) >= 2


def test_nothing_is_made_of_nothing(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match="nothing is on record about 'PO-9'"):
        bundle(desk.store, "PO-9", tmp_path / "evidence.zip")
    assert not (tmp_path / "evidence.zip").exists()


def test_a_997_that_answers_another_group_of_the_same_number_proves_nothing(desk: Desk, tmp_path: Path) -> None:
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=8)
    assert {sent.one("GS")[6] for sent in (*desk.sent("855"), *desk.sent("856"))} == {"1"}  # numbers are counted for each kind
    desk.drop(northwind(2, accepts("PR", 1, "855")))
    dispute(desk.store, "PO-1", tmp_path / "dispute.zip")
    facts = json.loads(ZipFile(tmp_path / "dispute.zip").read("facts.json"))
    told = {fact["code"]: fact["answered_in"] for fact in facts["sets"]}
    assert (told["855"], told["856"], told["810"]) == ("000000002", "", "")
    beside = {one.code: _answers(desk, one) for one in desk.sets(direction="out")}
    assert beside["855"] == [desk.set("997", "in").id]
    assert beside["856"] == beside["810"] == []
    bundled = on_record(desk.store, f"transaction:{desk.set('856').id}").sets
    assert ("in", "997") not in {(row.direction, row.code) for row in bundled}


def test_the_last_997_about_a_set_is_the_one_that_counts(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1")))
    desk.later(minutes=10)
    desk.drop(northwind(2, rejects("PR", 1, "855")))
    desk.drop(northwind(3, accepts("PR", 1, "855")))
    assert _answers(desk, desk.set("855")) == [desk.sets("997", "in")[-1].id]


def _answers(desk: Desk, one: TransactionRow) -> list[int]:
    with desk.store.read() as unit, desk.store.reading() as connection:
        return answers_of(connection, one, unit.interchanges.group(one.group_id or 0))
