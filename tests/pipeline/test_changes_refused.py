"""Changes of orders (860) that a person refuses: nothing of them is taken, the buyer is answered, the order stays as it is."""

from __future__ import annotations

import pytest
from change_scenes import Made, balances, changed, line, said, thread
from desk import Desk
from partner_says import northwind, order

from edi_gateway.errors import WrongInput
from edi_gateway.operations.answer_approval import refuse_approval
from edi_gateway.operations.approve import approve_order
from edi_gateway.operations.cutover import load_orders
from edi_gateway.operations.reject_hold import reject_hold

BY_865 = "changes: {answered_by: '865'}"
TOO_LARGE = changed("PO-1", ["001", "QI", "614141001378", "48", *line("QI", 48)[4:]])


def refuse(desk: Desk, because: str = "its quantity is a UPC") -> str:
    text = reject_hold(desk.tools, desk.flow("held").id, because=because, by="ann")
    desk.later(hours=12)
    return text


def test_a_change_to_more_than_anybody_orders_is_refused_by_an_865(made: Made) -> None:
    desk = made(BY_865)
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=1)
    desk.drop(northwind(2, TOO_LARGE))
    assert refuse(desk) == "the change of order PO-1 is refused; an 865 says so"
    [answer] = desk.sent("865")
    assert (answer.one("BCA")[2], answer.one("ACK")[1]) == ("RD", "IR")
    assert "its quantity is a UPC" in answer.body.decode()
    assert (desk.held(), balances(desk, "ordered", "shipped")) == ([], [(48, 48)])
    assert [(each.taken, each.because) for each in thread(desk).changes] == [("nothing", "its quantity is a UPC")]
    assert [event.actor for event in desk.events("flow.refused")] == ["ann"]


@pytest.mark.parametrize(
    ("more", "told", "answers"),
    [
        ("", "an 855 says the order as it stands", [("00", [("IA", "48")]), ("05", [("IA", "48")])]),
        ("changes: {answered_by: none}", "nothing is agreed that says so: tell the partner", [("00", [("IA", "48")])]),
    ],
)
def test_who_has_no_865_of_us_is_answered_as_agreed(made: Made, more: str, told: str, answers: list[object]) -> None:
    desk = made(more)
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=1)
    desk.drop(northwind(2, TOO_LARGE))
    assert refuse(desk) == f"the change of order PO-1 is refused; {told}"
    assert (desk.held(), said(desk)) == ([], answers)


def test_a_change_of_an_order_that_waits_for_a_person_is_refused_and_the_order_waits_on(made: Made) -> None:
    desk = made(BY_865)
    desk.drop(northwind(1, order("PO-1", price="1")))
    desk.drop(northwind(2, changed("PO-1", line("QI", 6))))  # an increase to fewer
    change = next(flow for flow in desk.flows("held") if "increase" in flow.because)
    reject_hold(desk.tools, change.id, because="what do they want", by="ann")
    desk.later(hours=1)
    assert ["ordered at 1" in held for held in desk.held()] == [True]
    with desk.store.read() as unit:
        (asked,) = unit.approvals.open()
    approve_order(desk.store, asked.id, because="a sample", by="anna")
    desk.later(hours=1)
    assert said(desk, "865") == [("00", [("IR", "6")])]
    assert balances(desk, "ordered") == [(48,)]


def test_whoever_may_not_approve_a_change_refuses_it_by_its_approval(made: Made) -> None:
    desk = made(BY_865)
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=1)
    desk.drop(northwind(2, changed("PO-1", line("PC", 48, price="1"))))
    with desk.store.read() as unit:
        (asked,) = unit.approvals.open()
    refuse_approval(desk.tools, asked.id, because="not at this price", by="anna")
    desk.later(hours=1)
    assert (desk.held(), said(desk, "865")) == ([], [("00", [("IR", "48")])])
    with desk.store.read() as unit:
        assert unit.approvals.open() == []


def test_a_change_that_names_no_line_is_refused_as_a_whole(made: Made) -> None:
    desk = made(BY_865)
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=1)
    desk.drop(northwind(2, changed("PO-1")))
    assert "it names no line" in desk.held()[0]
    refuse(desk, "it says nothing")
    [answer] = desk.sent("865")
    assert (answer.one("BCA")[2], answer.all("ACK")) == ("RD", [])


def test_a_change_whose_order_has_not_come_is_not_refused(made: Made) -> None:
    desk = made("changes: {wait: 1h, answered_by: '865'}")
    desk.drop(northwind(1, TOO_LARGE))
    desk.later(hours=2)
    with pytest.raises(WrongInput, match="order PO-1 of northwind has not come"):
        refuse(desk)
    assert len(desk.held()) == 1


def test_a_change_that_is_to_be_made_in_the_erp_by_hand_may_be_refused_instead(made: Made) -> None:
    desk = made(BY_865)
    load_orders(desk.tools, "open.edi", northwind(1, order("PO-1")), because="cutover", by="ann")
    desk.drop(northwind(2, changed("PO-1", line("QI", 60))))
    desk.later(hours=1)
    refuse(desk, "they are picked")
    assert (desk.held(), said(desk, "865")) == ([], [("00", [("IR", "60")])])
    assert balances(desk, "ordered") == [(48,)]


def test_a_change_that_the_erp_may_have_is_not_refused(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = made(BY_865)
    load_orders(desk.tools, "open.edi", northwind(1, order("PO-1")), because="cutover", by="ann")
    desk.drop(northwind(2, changed("PO-1", line("QI", 60))))
    desk.later(hours=1)
    monkeypatch.setattr("edi_gateway.store.attempts.Attempts.in_doubt", lambda *_: True)
    with pytest.raises(WrongInput, match="the ERP may have it"):
        refuse(desk)
    assert len(desk.held()) == 1
