"""An 824 we receive: what their application made of what we sent counts as a 997's verdict does, and more than its acceptance."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from desk import NORTHWIND, Desk, Profiles
from partner_says import accepts, northwind, rejects

from edi_gateway.errors import WrongInput
from edi_gateway.operations.request import Request
from edi_gateway.operations.resume import resume
from edi_gateway.operations.second_pair import ask
from edi_gateway.x12.envelope import Segment

AGREED = """
  - {set: "824", direction: in, release: 004010VICS, map: 824-application-advice}
"""


@pytest.fixture
def desk(goes_on_with_it: Callable[[], Desk], profiles: Profiles) -> Desk:
    """An order's 855, 856 and 810 have left, and none of them is answered; an 824 is agreed for."""
    profiles.replace(NORTHWIND, "agreements:\n", f"agreements:{AGREED}")
    return goes_on_with_it()


def advice(number: str, *said: Segment) -> list[Segment]:
    return [["ST", "824", ""], ["BGN", "11", number, "20261117", "1430"], *said]


def of_invoice(desk: Desk, outcome: str, *more: str) -> Segment:
    return ["OTI", outcome, "IV", desk.set("810").business_number, *more]


def test_a_rejection_becomes_work_with_their_error_at_our_segment(desk: Desk) -> None:
    place = [segment[0] for segment in desk.sent("810")[0].segments[2:]].index("IT1") + 1  # behind ISA and GS
    wrong = ["TED", "024", "PRICE DIFFERS", "IT1", str(place), "4", "", "18.5", "18"]
    desk.drop(northwind(2, advice("A1", of_invoice(desk, "TR"), wrong)))
    row, flow = desk.set("810"), desk.flow("held")
    assert row.acknowledgment == "rejected"
    assert (flow.stage, flow.subject) == ("await", f"transaction:{row.id}")
    assert f"segment {place} IT1, IT104: PRICE DIFFERS; '18.5' is wrong; it should be '18'" in flow.because
    assert "(their code 024); ours: IT1*" in flow.because
    assert "in which IT104 is '18.5'" in flow.because
    assert f"— 'edi-gateway document correct {row.id}' sends it mended" in flow.because


def test_a_segment_without_a_place_is_found_by_its_tag(desk: Desk) -> None:
    desk.drop(northwind(2, advice("A1", of_invoice(desk, "TR"), ["TED", "024", "", "BIG"])))
    assert f"ours: BIG*20261117*{desk.set('810').business_number}" in desk.held()[0]


def test_what_was_rejected_goes_again_as_after_a_997(desk: Desk) -> None:
    desk.drop(northwind(2, advice("A1", of_invoice(desk, "TR"))))
    first = desk.set("810")
    ask(desk.tools, Request(operation="re-envelope", transaction=first.id, because="their table is mended", by="ann"))
    desk.run()
    assert [row.acknowledgment for row in desk.sets("810")] == ["rejected", "awaited"]
    assert desk.held() == []


def test_an_acceptance_answers_what_was_not_answered(desk: Desk) -> None:
    desk.drop(northwind(2, advice("A1", of_invoice(desk, "TA"))))
    assert desk.set("810").acknowledgment == "accepted"
    assert {desk.set("855").acknowledgment, desk.set("856").acknowledgment} == {"awaited"}
    assert "with advice A1 (824): accepted" in desk.events("set.advised")[0].text


def test_an_acceptance_with_errors_is_no_work(desk: Desk) -> None:
    desk.drop(northwind(2, advice("A1", of_invoice(desk, "TE"), ["TED", "024", "DATE IS ODD"])))
    assert desk.set("810").acknowledgment == "accepted with errors"
    assert "DATE IS ODD" in desk.set("810").partner_findings
    assert desk.held() == []


def test_a_997_that_accepts_takes_back_nothing_their_application_said(desk: Desk) -> None:
    desk.drop(northwind(2, advice("A1", of_invoice(desk, "TR"))))
    desk.drop(northwind(3, accepts("IN", 1, "810")))
    assert desk.set("810").acknowledgment == "rejected"
    assert len(desk.held()) == 1
    assert "what their application said stands: rejected" in desk.events("set.acknowledged")[-1].text


def test_a_rejection_after_a_997_that_accepted_counts(desk: Desk) -> None:
    desk.drop(northwind(2, accepts("IN", 1, "810")))
    assert desk.set("810").acknowledgment == "accepted"
    desk.drop(northwind(3, advice("A1", of_invoice(desk, "TR"))))
    assert desk.set("810").acknowledgment == "rejected"
    assert "answered 810" in desk.held()[0]


def test_a_997_that_rejects_counts_after_an_advice(desk: Desk) -> None:
    desk.drop(northwind(2, advice("A1", of_invoice(desk, "TE"))))
    desk.drop(northwind(3, rejects("IN", 1, "810")))
    assert desk.set("810").acknowledgment == "rejected"


def test_control_numbers_say_which_set_is_meant(desk: Desk) -> None:
    item = ["OTI", "TR", "PO", "PO-1", "", "", "", "", "000000001", "0001", "856"]
    desk.drop(northwind(2, advice("A1", item)))
    assert desk.set("856").acknowledgment == "rejected"
    assert {desk.set("855").acknowledgment, desk.set("810").acknowledgment} == {"awaited"}


def test_a_rejected_item_of_a_document_rejects_a_part_of_it(desk: Desk) -> None:
    numbers = ["", "", "", "", "1", "0001", "810"]
    desk.drop(northwind(2, advice("A1", of_invoice(desk, "TA", *numbers), ["OTI", "IR", "IN", "000044013", *numbers])))
    assert desk.set("810").acknowledgment == "partially accepted"
    assert "their application says: item rejected" in desk.held()[0]


def test_what_they_have_in_part_is_not_sent_as_an_original_again(desk: Desk) -> None:
    desk.drop(northwind(2, advice("A1", of_invoice(desk, "TP"))))
    with pytest.raises(WrongInput, match="did not reject"):
        ask(desk.tools, Request(operation="re-envelope", transaction=desk.set("810").id, because="x", by="ann"))


def test_an_acceptance_of_a_rejected_set_after_another_took_its_place_is_told(desk: Desk) -> None:
    desk.drop(northwind(2, rejects("IN", 1, "810")))
    ask(desk.tools, Request(operation="re-envelope", transaction=desk.set("810").id, because="mended", by="ann"))
    desk.run()
    number = desk.sets("810")[0].business_number
    desk.drop(northwind(3, advice("A1", ["OTI", "TA", "IV", number, "", "", "", "", "1", "0001", "810"])))
    assert [row.acknowledgment for row in desk.sets("810")] == ["accepted", "awaited"]
    assert "after it was rejected; set" in desk.events("set.accepted_late")[0].text


def test_one_advice_counts_once(desk: Desk) -> None:
    said = advice("A1", of_invoice(desk, "TR"))
    desk.drop(northwind(2, said))
    ask(desk.tools, Request(operation="re-envelope", transaction=desk.set("810").id, because="mended", by="ann"))
    desk.run()
    desk.drop(northwind(3, said))
    assert desk.sets("810")[-1].acknowledgment == "awaited"
    assert len(desk.events("advice.repeated")) == 1


NIGHTLY = {"before": "1800", "after": "2330"}


@pytest.mark.parametrize(("made", "verdicts"), [("before", ["rejected", "awaited"]), ("after", ["rejected", "rejected"])])
def test_by_business_number_alone_it_is_about_the_newest_that_left_before_it_was_made(
    desk: Desk, made: str, verdicts: list[str]
) -> None:
    desk.drop(northwind(2, rejects("IN", 1, "810")))
    desk.later(hours=3)  # 20:00 of Northwind's day
    first = desk.set("810")
    ask(desk.tools, Request(operation="re-envelope", transaction=first.id, because="mended", by="ann"))
    desk.later(hours=4)
    said = [["ST", "824", ""], ["BGN", "11", "A2", "20261117", NIGHTLY[made]], ["OTI", "TR", "IV", first.business_number]]
    desk.drop(northwind(3, said))
    assert [row.acknowledgment for row in desk.sets("810")] == verdicts


def test_one_that_tells_no_time_of_day_is_of_the_end_of_that_day(desk: Desk) -> None:
    desk.drop(northwind(2, rejects("IN", 1, "810")))
    first = desk.set("810")
    ask(desk.tools, Request(operation="re-envelope", transaction=first.id, because="mended", by="ann"))
    desk.run()
    desk.drop(northwind(3, [["ST", "824", ""], ["BGN", "11", "A2", "20261117"], ["OTI", "TR", "IV", first.business_number]]))
    assert [row.acknowledgment for row in desk.sets("810")] == ["rejected", "rejected"]


def test_what_has_not_left_is_nothing_they_can_speak_of(desk: Desk) -> None:
    invoice = desk.set("810")
    with desk.store.write() as unit:
        unit.transactions.change(invoice.id, delivery="pending")
    desk.drop(northwind(2, advice("A1", of_invoice(desk, "TR"))))
    assert desk.set("810").acknowledgment == "awaited"
    assert "of nothing we know to have sent" in desk.held()[0]


def test_a_rejection_of_nothing_we_sent_is_a_persons_and_ends_when_resumed(desk: Desk) -> None:
    desk.drop(northwind(2, advice("A1", ["OTI", "TR", "IV", "4711"])))
    assert "of nothing we know to have sent, or in no word we know: rejected of IV 4711" in desk.held()[0]
    resume(desk.store, desk.flow("held").id, by="ann")
    desk.run()
    assert desk.held() == []
    assert desk.set("810").acknowledgment == "awaited"


def test_an_acceptance_of_nothing_we_sent_is_told(desk: Desk) -> None:
    desk.drop(northwind(2, advice("A1", ["OTI", "TA", "IV", "4711"])))
    assert desk.held() == []
    assert "accepted of IV 4711" in desk.events("advice.orphan")[0].text


def test_a_word_that_is_no_verdict_is_never_taken_for_an_acceptance(desk: Desk) -> None:
    desk.drop(northwind(2, advice("A1", of_invoice(desk, "ZZ"))))
    assert desk.set("810").acknowledgment == "awaited"
    assert len(desk.held()) == 1
