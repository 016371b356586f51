"""Correct, kind by kind: an 856 and an 855 know replacements, an 810 does not; for each there is one unrejected original."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from desk import Desk
from partner_says import accepts, northwind, rejects

from edi_gateway.errors import WrongInput
from edi_gateway.operations.correct import corrected
from edi_gateway.operations.dismiss import dismiss
from edi_gateway.operations.request import Request
from edi_gateway.operations.second_pair import ask
from edi_gateway.store.rows import TransactionRow


@pytest.fixture
def desk(replacing: Desk) -> Desk:
    return replacing


def correct(desk: Desk, row: TransactionRow, change: str) -> None:
    body = corrected(desk.tools, row.id, "", [change])
    arguments = {"document": body}
    ask(desk.tools, Request(operation="correct", transaction=row.id, because="mistyped", by="ann", arguments=arguments))
    desk.run()


def re_envelope(desk: Desk, row: TransactionRow) -> None:
    ask(desk.tools, Request(operation="re-envelope", transaction=row.id, because="mended", by="ann"))
    desk.run()


def answers(desk: Desk, control: int, say: Callable[..., list[list[str]]], group: str, number: int, code: str) -> None:
    desk.drop(northwind(control, say(group, number, code)))


def purposes(desk: Desk) -> list[str]:
    return [sent.one("BSN")[1] for sent in desk.sent("856")]


def test_an_856_they_have_is_replaced_under_its_shipment_id(desk: Desk) -> None:
    answers(desk, 2, accepts, "SH", 1, "856")
    correct(desk, desk.set("856"), "carrier_reference=PRO-77")
    assert desk.held() == []
    assert purposes(desk) == ["00", "05"]
    assert len({sent.one("BSN")[2] for sent in desk.sent("856")}) == 1
    assert [row.acknowledgment for row in desk.sets("856")] == ["accepted", "awaited"]


def test_an_856_they_rejected_goes_as_an_original_and_there_is_one(desk: Desk) -> None:
    answers(desk, 2, rejects, "SH", 1, "856")
    correct(desk, desk.sets("856")[0], "carrier_reference=PRO-77")
    assert purposes(desk) == ["00", "00"]
    with pytest.raises(WrongInput, match="corrected already, by ann"):
        correct(desk, desk.sets("856")[0], "carrier_reference=PRO-78")
    with pytest.raises(WrongInput, match="went again already"):
        re_envelope(desk, desk.sets("856")[0])
    assert purposes(desk) == ["00", "00"]


def test_a_replacement_they_rejected_is_corrected_as_a_replacement(desk: Desk) -> None:
    answers(desk, 2, accepts, "SH", 1, "856")
    correct(desk, desk.set("856"), "carrier_reference=PRO-77")
    answers(desk, 3, rejects, "SH", 2, "856")
    correct(desk, desk.sets("856")[1], "carrier_reference=PRO-78")
    assert purposes(desk) == ["00", "05", "05"]
    assert desk.held() == []


def test_a_replacement_they_rejected_is_re_enveloped_as_a_replacement_once(desk: Desk) -> None:
    correct(desk, desk.set("856"), "carrier_reference=PRO-77")
    answers(desk, 3, rejects, "SH", 2, "856")
    re_envelope(desk, desk.sets("856")[1])
    assert purposes(desk) == ["00", "05", "05"]
    with pytest.raises(WrongInput, match="went again already"):
        re_envelope(desk, desk.sets("856")[1])


def test_a_replacement_of_what_they_rejected_meanwhile_is_an_original_when_they_rejected_it_too(desk: Desk) -> None:
    correct(desk, desk.set("856"), "carrier_reference=PRO-77")
    answers(desk, 3, rejects, "SH", 1, "856")
    answers(desk, 4, rejects, "SH", 2, "856")
    correct(desk, desk.sets("856")[1], "carrier_reference=PRO-78")
    assert purposes(desk) == ["00", "05", "00"]


def test_an_810_that_was_not_rejected_is_not_replaced(desk: Desk) -> None:
    with pytest.raises(WrongInput, match="have the ERP send a credit and a new invoice"):
        correct(desk, desk.set("810"), "bill_of_lading=BOL-12345")


class TestACorrectionThatIsGivenUp:
    """A correction of a rejected document was held, and a person dismissed it."""

    @pytest.fixture
    def given_up(self, desk: Desk) -> Desk:
        answers(desk, 2, rejects, "IN", 1, "810")
        correct(desk, desk.set("810"), "lines.0.quantity=400")
        held = desk.flow("held")
        assert held.stage == "check"
        dismiss(desk.store, held.id, because="mistyped once more", by="ann")
        desk.run()
        return desk

    def test_the_thread_is_the_first_ones_again(self, given_up: Desk) -> None:
        [row] = given_up.sets("810")
        with given_up.store.read() as unit:
            [invoice] = unit.documents.in_thread(given_up.order("PO-1").id, "invoice")
        assert invoice.id == row.document_id

    def test_its_rejection_is_somebodys_work_again(self, given_up: Desk) -> None:
        flow = given_up.flow("held")
        assert (flow.stage, flow.subject) == ("await", f"transaction:{given_up.set('810').id}")

    def test_it_is_corrected_once_more(self, given_up: Desk) -> None:
        correct(given_up, given_up.set("810"), "bill_of_lading=BOL-12345")
        assert [row.acknowledgment for row in given_up.sets("810")] == ["rejected", "awaited"]
        assert given_up.held() == []

    def test_or_goes_again_as_it_was(self, given_up: Desk) -> None:
        re_envelope(given_up, given_up.set("810"))
        assert [row.acknowledgment for row in given_up.sets("810")] == ["rejected", "awaited"]


def test_an_810_they_rejected_goes_corrected_under_its_number(desk: Desk) -> None:
    answers(desk, 2, rejects, "IN", 1, "810")
    correct(desk, desk.set("810"), "bill_of_lading=BOL-12345")
    first, second = (sent.one("BIG")[2] for sent in desk.sent("810"))
    assert first == second
    assert [row.acknowledgment for row in desk.sets("810")] == ["rejected", "awaited"]
    assert desk.held() == []
