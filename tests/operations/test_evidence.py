"""Evidence: everything on record about a document, in one file that explains itself."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest
from desk import Desk
from partner_says import accepts, northwind, order

from edi_gateway.errors import WrongInput
from edi_gateway.views.evidence_bundle import bundle


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
