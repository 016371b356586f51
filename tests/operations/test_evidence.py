"""Evidence: everything on record about a document, in one file that explains itself."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest
import sqlalchemy as sa
from desk import Desk
from partner_says import accepts, northwind, order, rejects

from edi_gateway.errors import WrongInput
from edi_gateway.store.as2_messages import Kept
from edi_gateway.store.documents import new_document_id
from edi_gateway.store.rows import DocumentRow, TransactionRow
from edi_gateway.store.tables import functional_group
from edi_gateway.views.dispute import dispute
from edi_gateway.views.evidence import on_record
from edi_gateway.views.evidence_bundle import bundle
from edi_gateway.views.evidence_file import document_name
from edi_gateway.views.set_page import set_page
from edi_gateway.views.set_relatives import answers_of
from edi_gateway.views.their_answers import answers_to


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


def test_every_hash_in_it_is_right_and_no_file_is_without_one(opened: ZipFile) -> None:
    lines = opened.read("SHA256SUMS").decode().splitlines()
    assert len(lines) > 5
    assert {line.split("  ", 1)[1] for line in lines} == set(opened.namelist()) - {"SHA256SUMS"}
    for line in lines:
        digest, name = line.split("  ", 1)
        assert sha256(opened.read(name)).hexdigest() == digest


def test_its_page_tells_what_happened_and_its_data_says_the_same(opened: ZipFile) -> None:
    page, found = opened.read("index.html").decode(), json.loads(opened.read("evidence.json"))
    assert all(event["hash"][:16] in page for event in found["events"])
    assert {one["acknowledgment"] for one in found["sets"] if one["code"] == "855"} == {"accepted"}
    assert [one["outcome"] for one in found["attempts"]] == ["done"] * len(found["attempts"])
    assert len(found["attempts"]) >= 2


def test_the_as2_receipts_of_what_went_and_came_are_in_the_bundle_and_in_the_dispute_pack(desk: Desk, tmp_path: Path) -> None:
    desk.drop(northwind(1, order("PO-1")))
    desk.later(minutes=10)
    sent = next(one for one in desk.transmissions("out") if one.name.startswith("855"))
    (came,) = desk.transmissions("in")
    between = {"fields": "[]", "state": "confirmed"}
    with desk.store.write() as unit:
        unit.transmissions.change(came.id, identity="as2|<a|b@them>|1")
        ours, theirs = (Kept.of(200, {"Content-Type": "multipart/signed", "Authorization": "x"}.items(), one) for one in _MDNS)
        of = {"direction": "out", "sender": "U", "receiver": "N", "message_id": "<1@us>"}
        unit.as2_messages.put(**of, connection=sent.connection, name=sent.name, receipt=theirs, **between)
        of = {"direction": "in", "sender": "N", "receiver": "U", "message_id": "<a|b@them>"}
        unit.as2_messages.put(**of, connection=came.connection, answer=ours, **between)
    bundle(desk.store, "PO-1", tmp_path / "evidence.zip")
    dispute(desk.store, "PO-1", tmp_path / "dispute.zip")
    for each in ("evidence.zip", "dispute.zip"):
        held = ZipFile(tmp_path / each)
        found = [held.read(name) for name in held.namelist() if name.startswith("receipts/")]
        assert sorted(found) == [b"Content-Type: multipart/signed\r\n\r\n" + one for one in _MDNS]


_MDNS = (b"our MDN", b"their MDN")


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


def test_every_997_about_a_group_is_in_the_bundle_and_in_the_dispute_pack(desk: Desk, tmp_path: Path) -> None:
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=8)
    said = [accepts("PR", 1, "855"), rejects("PR", 1, "855"), accepts("PR", 1, "855")]
    came = [northwind(number, one) for number, one in enumerate(said, 2)]
    another = northwind(9, accepts("SH", 1, "856"))  # of the same number
    for each in (*came, another):
        desk.drop(each)
    bundle(desk.store, f"transaction:{desk.set('855').id}", tmp_path / "evidence.zip")
    held = ZipFile(tmp_path / "evidence.zip")
    payloads = [held.read(name) for name in held.namelist() if name.startswith("payloads/")]
    assert [each in payloads for each in (*came, another)] == [True, True, True, False]
    assert _answered_in(desk, tmp_path / "dispute.zip", "855") == ["000000002", "000000003", "000000004"]
    first = desk.sets("997", "in")[0].id
    assert [one.code for one in set_page(desk.store, first).answers] == ["855"]


def test_what_was_answered_before_groups_had_links_still_reads_as_answered(desk: Desk, tmp_path: Path) -> None:
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=8)
    desk.drop(northwind(2, accepts("PR", 1, "855")))
    desk.drop(northwind(3, accepts("SH", 1, "856")))
    with desk.store.engine.begin() as connection:
        connection.execute(sa.update(functional_group).values(answered_by=None))
    assert _answered_in(desk, tmp_path / "dispute.zip", "855") == ["000000002"]
    ours, theirs = desk.set("856"), desk.sets("997", "in")[1]
    assert [one.id for one in set_page(desk.store, ours.id).answers] == [theirs.id]
    assert [one.id for one in set_page(desk.store, theirs.id).answers] == [ours.id]
    assert set_page(desk.store, desk.set("810").id).answers == []


def test_a_997_is_about_the_group_that_had_gone_when_it_came(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1")))
    desk.later(minutes=10)
    desk.drop(northwind(2, accepts("PR", 1, "855")))
    desk.later(minutes=10)
    desk.drop(northwind(3, order("PO-2")))
    desk.later(minutes=10)
    first, second = (one.group_id for one in desk.sets("855"))
    with desk.store.engine.begin() as connection:  # as where numbers began anew
        connection.execute(sa.update(functional_group).where(functional_group.c.id == second).values(control_number="1"))
    with desk.store.read() as unit:
        groups = [unit.interchanges.group(each or 0) for each in (first, second)]
    assert [len(answers_to(desk.store, each)) for each in groups] == [1, 0]


def _answered_in(desk: Desk, to: Path, code: str) -> list[str]:
    dispute(desk.store, "PO-1", to)
    facts = json.loads(ZipFile(to).read("facts.json"))
    (answers,) = [fact["answers"] for fact in facts["sets"] if fact["code"] == code]
    return [one["interchange"] for one in answers]


def _answers(desk: Desk, one: TransactionRow) -> list[int]:
    with desk.store.read() as unit, desk.store.reading() as connection:
        return answers_of(connection, one, unit.interchanges.group(one.group_id or 0))


def test_documents_of_one_kind_number_and_moment_are_files_of_their_own() -> None:
    at = datetime(2026, 11, 17, 12, tzinfo=UTC)
    names = {document_name(document("order", "PO-1", new_document_id(at, nth))) for nth in range(3)}
    assert len(names) == 3
    assert all(name.startswith("documents/order-PO-1-") for name in names)


def document(kind: str, number: str, id: str) -> DocumentRow:
    """A document on record, as far as its name goes."""
    known = {"id": id, "kind": kind, "number": number, "thread_id": None, "at": datetime(2026, 11, 17, tzinfo=UTC)}
    return DocumentRow(**{**dict.fromkeys(DocumentRow.__struct_fields__, ""), **known})
