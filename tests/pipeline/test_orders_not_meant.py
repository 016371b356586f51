"""A document that looks like an order or a change, and asks for neither, waits for a person before anything is done."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from change_scenes import Made, balances, changed, line, thread
from desk import NORTHWIND, Desk, Profiles
from partner_says import northwind, order

from edi_gateway.operations.dismiss import dismiss
from edi_gateway.operations.resume import resume
from edi_gateway.x12.envelope import Segment


def said(number: str, *, purpose: str = "00", type: str = "SA") -> list[Segment]:
    """An 850 of this purpose (BEG01) and type (BEG02)."""
    st, beg, *rest = order(number)
    return [st, ["BEG", purpose, type, *beg[3:]], *rest]


def test_a_cancellation_of_an_order_that_never_came_is_not_shipped(desk: Desk) -> None:
    desk.drop(northwind(1, said("PO-1", purpose="01")))
    desk.later(hours=1)
    assert desk.held()[0].startswith("it came as 'cancellation', and there is no order PO-1 on record")
    assert (desk.posted(), desk.codes()) == ([], ["997"])
    dismiss(desk.store, desk.flow("held").id, because="they know", by="ann")
    desk.later(hours=1)
    assert desk.posted() == []


def test_a_cancellation_that_names_no_place_tells_of_the_order_of_its_number_that_is_on_record(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1")))
    desk.drop(northwind(2, [one for one in said("PO-1", purpose="01") if one[0] not in ("N1", "N3", "N4")]))
    assert f"there is an order PO-1 on record (document {thread(desk).document_id})" in desk.held()[0]


def test_a_cancellation_of_an_order_that_waits_for_a_person_itself_tells_of_it(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1", price="15")))
    first = desk.flow("held")
    desk.drop(northwind(2, said("PO-1", purpose="01")))
    (because,) = (flow.because for flow in desk.flows("held") if flow.id != first.id)
    assert f"there is an order PO-1 on record (document {first.subject_id}), which stays as it is" in because


def test_a_replacement_whose_order_never_came_is_an_order_once_a_person_says_so(desk: Desk) -> None:
    desk.drop(northwind(1, said("PO-1", purpose="05")))
    resume(desk.store, desk.flow("held").id, by="ann")
    desk.later(hours=1)
    assert (desk.held(), desk.posted()) == ([], ["PO-1"])


@pytest.mark.parametrize(("type", "words"), [("IN", "a copy for information"), ("BE", "no firm commitment")])
def test_an_order_that_is_not_firm_is_held(type: str, words: str, desk: Desk) -> None:
    desk.drop(northwind(1, said("PO-1", type=type)))
    assert words in desk.held()[0]
    assert desk.posted() == []


def test_a_copy_for_information_of_a_known_order_is_not_refused_by_an_855(
    profiles: Profiles, make_desk: Callable[..., Desk]
) -> None:
    profiles.replace(NORTHWIND, "  order: hold", "  order: refuse")
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=1)
    desk.drop(northwind(2, said("PO-1", type="IN")))
    desk.later(hours=1)
    assert "is on record already" in desk.held()[0]
    assert desk.codes() == ["997", "855", "997"]


def test_a_draft_of_a_change_changes_nothing_until_a_person_says_so(made: Made) -> None:
    desk = made()
    desk.drop(northwind(1, order("PO-1")))
    desk.drop(northwind(2, changed("PO-1", line("QD", 12), purpose="24")))
    assert desk.held()[0].startswith("it came as 'draft', which asks for no change")
    assert balances(desk, "ordered") == [(48,)]
    resume(desk.store, desk.flow("held").id, by="ann")
    desk.run()
    assert (desk.held(), balances(desk, "ordered")) == ([], [(12,)])


TOO_MANY = [["PO1", "001", "614141001378", *one[3:]] if one[:2] == ["PO1", "001"] else one for one in order("PO-1")]


@pytest.mark.parametrize("held", [said("PO-1", purpose="05"), said("PO-1", type="IN"), TOO_MANY])
def test_an_order_cancelled_while_it_waits_for_a_person_is_never_posted_whatever_it_waits_for(
    held: list[Segment], made: Made
) -> None:
    desk = made()
    desk.drop(northwind(1, held))
    desk.drop(northwind(2, changed("PO-1", purpose="01")))
    desk.later(hours=1)
    assert (desk.held(), desk.posted(), balances(desk, "ordered")) == ([], [], [(0,)])


def test_a_cancellation_passes_by_a_repetition_that_waits_for_a_person(made: Made) -> None:
    desk = made()
    desk.drop(northwind(1, order("PO-1")))
    desk.run()
    desk.drop(northwind(2, order("PO-1")))
    desk.drop(northwind(3, changed("PO-1", purpose="01")))
    assert "is on record already" in desk.held()[0]
    assert balances(desk, "ordered") == [(0,)]


def test_a_cancellation_is_of_the_order_that_waits_and_not_of_its_copy_that_waits_too(made: Made) -> None:
    desk = made()
    desk.drop(northwind(1, order("PO-1", price="15")))
    first = desk.flow("held").subject_id
    desk.drop(northwind(2, said("PO-1", type="IN")))
    desk.drop(northwind(3, changed("PO-1", purpose="01")))
    assert (thread(desk).document_id, balances(desk, "ordered")) == (first, [(0,)])
    assert "a copy for information" in desk.held()[0]


def test_a_cancellation_that_says_no_quantities_is_no_order_of_nothing(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1", price="15")))
    nothing = [[*one[:2], "0", *one[3:]] if one[0] == "PO1" else one for one in said("PO-1", purpose="01")]
    desk.drop(northwind(2, nothing))
    assert any("came as 'cancellation'" in because for because in desk.held())
    resume(desk.store, desk.flows("held")[0].id, by="ann")
    desk.later(hours=1)
    assert desk.posted() == ["PO-1"]


def test_of_copies_that_come_twice_neither_is_an_order_for_the_other(desk: Desk) -> None:
    for control in (1, 2):
        desk.drop(northwind(control, said("PO-1", purpose="05")))
    assert all("there is no order PO-1 on record" in because for because in desk.held())
    resume(desk.store, desk.flows("held")[0].id, by="ann")
    desk.later(hours=1)
    assert desk.posted() == ["PO-1"]
