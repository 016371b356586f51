"""Changes of orders (860): before and after everything, out of order, repeated; and what answers them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from billing_scenes import ship
from change_scenes import Made, balances, changed, line, said, thread, with_stores
from desk import Profiles
from partner_says import northwind, order

from edi_gateway.errors import WrongInput
from edi_gateway.operations.approve import approve_order
from edi_gateway.operations.resume import resume


def test_more_after_our_855_is_taken_and_a_replacing_855_says_so(made: Made) -> None:
    desk = made()
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=1)
    desk.drop(northwind(2, changed("PO-1", line("QI", 60))))
    desk.later(hours=12)
    assert desk.held() == []
    assert said(desk) == [("00", [("IA", "48")]), ("05", [("IA", "60")])]
    assert balances(desk, "first_ordered", "changed", "ordered", "confirmed", "shipped", "billed") == [(48, 12, 60, 60, 60, 60)]


def test_a_reschedule_to_fewer_ships_fewer(made: Made) -> None:
    desk = made()
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=1)
    desk.drop(northwind(2, changed("PO-1", line("RQ", 24))))
    assert (desk.held(), balances(desk, "ordered")) == ([], [(24,)])


def test_another_item_on_a_line_is_held_and_not_said_to_be_taken(made: Made) -> None:
    desk = made("changes: {answered_by: '865'}")
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=1)
    desk.drop(northwind(2, changed("PO-1", line("RZ", 48, item=["IN", "000044026", "UP", "614141001743"]))))
    desk.later(hours=1)
    assert desk.held()[0].startswith("line 001 is item IN 000044013 UP 614141001378, and they say IN 000044026")
    assert desk.codes() == ["997", "855", "997"]


def test_a_deletion_of_another_item_is_held_and_says_that_the_line_would_go(made: Made) -> None:
    desk = made()
    desk.drop(northwind(1, order("PO-1")))
    desk.drop(northwind(2, changed("PO-1", line("DI", 0, item=["IN", "000044026"]))))
    (because,) = desk.held()
    assert because.endswith("and they delete IN 000044026: resumed, line 001 is deleted all the same")
    resume(desk.store, desk.flow("held").id, by="ann")
    desk.run()
    assert balances(desk, "ordered") == [(0,)]


def test_fewer_after_our_855_is_taken(made: Made) -> None:
    desk = made()
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=1)
    desk.drop(northwind(2, changed("PO-1", line("QD", 24))))
    desk.later(hours=12)
    assert said(desk) == [("00", [("IA", "48")]), ("05", [("IA", "24")])]
    assert balances(desk, "changed", "ordered", "shipped", "billed") == [(-24, 24, 24, 24)]


def test_an_865_answers_line_by_line_where_that_is_agreed_and_no_855_says_it_again(made: Made) -> None:
    desk = made("changes: {answered_by: '865'}")
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=1)
    desk.drop(northwind(2, changed("PO-1", line("QI", 60), line("QD", 1, number="009"))))
    desk.later(hours=12)
    assert desk.held() == []
    assert said(desk, "865") == [("00", [("IA", "60"), ("IR", "1")])]
    assert desk.sent("865")[0].one("BCA")[2] == "AC"
    assert said(desk) == [("00", [("IA", "48")])]
    assert balances(desk, "confirmed", "shipped") == [(60, 60)]


def test_a_line_is_added_and_another_deleted(made: Made) -> None:
    desk = made()
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=1)
    new = line("AI", 24, number="002", price="11.25", item=["IN", "000044026", "UP", "614141001743"])
    desk.drop(northwind(2, changed("PO-1", line("DI", 0), new)))
    desk.later(hours=12)
    assert desk.held() == []
    assert said(desk)[1] == ("05", [("ID", "48"), ("IA", "24")])
    assert balances(desk, "first_ordered", "changed", "cancelled", "ordered", "shipped") == [
        (48, 0, 48, 0, 0),
        (0, 24, 0, 24, 24),
    ]


def test_another_price_and_another_date_are_taken(made: Made) -> None:
    desk = made()
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=1)
    desk.drop(northwind(2, changed("PO-1", line("PC", 48, price="18.45"), dates=("001:20261207",))))
    desk.later(hours=12)
    assert desk.held() == []
    assert [answer.one("PO1")[4] for answer in desk.sent("855")] == ["18.5", "18.45"]
    assert [answer.one("IT1")[4] for answer in desk.sent("810")] == ["18.45"]


def test_a_cancelled_order_never_ships(made: Made) -> None:
    desk = made()
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=1)
    desk.drop(northwind(2, changed("PO-1", purpose="01")))
    desk.later(hours=12)
    assert desk.held() == []
    assert desk.order("PO-1").state == "cancelled"
    assert desk.codes() == ["997", "855", "997", "855"]
    assert said(desk)[1] == ("05", [("ID", "48")])


def test_a_cancellation_after_the_goods_left_is_refused_and_told(made: Made) -> None:
    desk = made()
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=8)
    assert "856" in desk.codes()
    desk.drop(northwind(2, changed("PO-1", purpose="01")))
    desk.later(hours=12)
    assert desk.held() == []
    (alert,) = desk.events("order.change_too_late")
    assert "all 48 EA of it have left" in alert.text
    assert balances(desk, "ordered", "shipped", "cancelled") == [(48, 48, 0)]
    assert said(desk)[-1] == ("05", [("IA", "48")])


def test_a_store_that_has_its_goods_is_not_taken_off_the_order_and_the_next_one_still_gets_its_own(made: Made) -> None:
    desk = made()
    desk.drop(northwind(1, with_stores(order("PO-1", quantity=20), "PO1", "0423", "10", "0424", "10")))
    desk.later(minutes=10)
    desk.erp.pending = lambda limit=100: []  # type: ignore[method-assign]  # what leaves is told by hand
    ship(desk, "S1", 10, "0423")
    desk.drop(northwind(2, with_stores(changed("PO-1", line("QD", 10)), "POC", "0424", "10")))
    desk.later(minutes=10)
    assert "10 EA of it have left for store 0423" in desk.events("order.change_too_late")[0].text
    ship(desk, "S2", 10, "0424")
    assert desk.held() == []
    assert [(one.store, int(one.ordered), int(one.shipped)) for one in thread(desk).lines[0].stores] == [
        ("0423", 10, 10),
        ("0424", 10, 10),
    ]


def test_goods_that_left_before_the_erp_could_tell_us_are_not_called_back(made: Made) -> None:
    desk = made("changes: {answered_by: '865'}")
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=1)
    pending, desk.erp.pending = desk.erp.pending, lambda limit=100: []  # type: ignore[method-assign]  # its news are late
    desk.later(hours=8)
    desk.drop(northwind(2, changed("PO-1", line("QD", 6))))
    desk.erp.pending = pending  # type: ignore[method-assign]
    desk.later(hours=8)
    assert desk.held() == []
    assert sum(int(item[2]) for answer in desk.sent("856") for item in answer.all("SN1")) == 48
    assert desk.events("order.change_too_late")[0].text.endswith("48 EA of line 001 have left, and 6 are wanted")
    assert said(desk, "865") == [("00", [("IR", "6")])]


def test_a_change_before_the_erp_has_decided_is_in_the_first_855(made: Made) -> None:
    desk = made()
    desk.drop(northwind(1, order("PO-1")))
    desk.drop(northwind(2, changed("PO-1", line("QI", 60))))
    desk.later(hours=12)
    assert desk.held() == []
    assert said(desk) == [("00", [("IA", "60")])]


def test_a_change_of_an_order_that_waits_for_a_person_changes_it_there(made: Made) -> None:
    desk = made()
    desk.drop(northwind(1, order("PO-1", price="1")))
    assert "ordered at 1" in desk.held()[0]
    desk.drop(northwind(2, changed("PO-1", line("PC", 48))))
    desk.later(hours=12)
    assert desk.held() == []
    assert said(desk) == [("00", [("IA", "48")])]
    assert [answer.one("IT1")[4] for answer in desk.sent("810")] == ["18.5"]


def test_a_change_of_which_nothing_is_taken_leaves_an_order_that_waits_for_a_person_as_it_is(made: Made) -> None:
    desk = made("changes: {answered_by: '865'}")
    desk.drop(northwind(1, order("PO-1", price="1")))
    desk.drop(northwind(2, changed("PO-1", line("QD", 6, number="009"))))
    assert desk.events("order.changed") == []
    assert "is refused: line 009: no such line" in desk.events("order.change_refused")[0].text
    with desk.store.read() as unit:
        (asked,) = unit.approvals.open()
    approve_order(desk.store, asked.id, because="a sample", by="anna")
    desk.later(hours=1)
    assert desk.held() == []
    assert said(desk, "865") == [("00", [("IR", "6")])]
    assert [change.taken for change in thread(desk).changes] == ["nothing"]


def test_an_order_cancelled_while_it_waits_for_a_person_is_never_posted(made: Made) -> None:
    desk = made()
    desk.drop(northwind(1, order("PO-1", price="1")))
    desk.drop(northwind(2, changed("PO-1", purpose="01")))
    desk.later(hours=12)
    assert desk.held() == []
    assert desk.posted() == []
    assert desk.order("PO-1").state == "cancelled"
    assert said(desk) == [("00", [("ID", "48")])]


def test_a_change_that_comes_before_its_order_waits_for_it_and_holds_up_nothing(made: Made) -> None:
    desk = made()
    desk.drop(northwind(1, changed("PO-1", line("QI", 60))))
    assert "the change waits for it" in desk.events("order.change_waits")[0].text
    desk.drop(northwind(2, order("PO-1"), order("PO-2")))
    desk.later(hours=12)
    assert desk.held() == []
    assert desk.posted()[:2] == ["PO-1", "PO-2"]
    assert balances(desk, "ordered", "confirmed", "shipped") == [(60, 60, 60)]


def test_a_change_whose_order_never_comes_is_held_and_goes_on_when_it_does(made: Made) -> None:
    desk = made("changes: {wait: 2h}")
    desk.drop(northwind(1, changed("PO-1", line("QI", 60))))
    desk.later(hours=3)
    assert "order PO-1 of northwind has not come, after 2:00:00" in desk.held()[0]
    desk.drop(northwind(2, order("PO-1")))
    desk.later(hours=12)
    assert desk.held() == []
    assert balances(desk, "ordered", "shipped") == [(60, 60)]


def test_changes_are_applied_in_the_order_of_their_numbers(made: Made) -> None:
    desk = made()
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=1)
    desk.drop(northwind(2, changed("PO-1", line("QI", 72), sequence="2")))
    assert "change 2 of order PO-1 has not come" in desk.events("order.change_waits")[0].text
    desk.drop(northwind(3, changed("PO-1", line("QI", 60), sequence="1")))
    desk.later(hours=12)
    assert desk.held() == []
    assert [one.sequence for one in thread(desk).changes] == ["1", "2"]
    assert balances(desk, "ordered", "shipped") == [(72, 72)]


def test_a_change_that_is_overtaken_waits_for_a_person(made: Made) -> None:
    desk = made()
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=1)
    desk.drop(northwind(2, changed("PO-1", line("QI", 60), sequence="1")))
    desk.drop(northwind(3, changed("PO-1", line("QD", 24), sequence="1")))
    assert "says something else" in desk.held()[0]


def test_a_repeated_change_is_applied_once(made: Made) -> None:
    desk = made()
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=1)
    desk.drop(northwind(2, changed("PO-1", line("QI", 60), sequence="1")))
    desk.drop(northwind(3, changed("PO-1", line("QI", 60), sequence="1")))
    desk.later(hours=12)
    assert len(desk.events("order.change_repeated")) == 1
    assert len(thread(desk).changes) == 1
    assert balances(desk, "ordered", "shipped") == [(60, 60)]


def test_a_change_to_more_than_anybody_orders_is_not_approved(made: Made) -> None:
    desk = made()
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=1)
    desk.drop(northwind(2, changed("PO-1", ["001", "QI", "614141001378", "48", *line("QI", 48)[4:]])))
    for _ in range(2):
        assert desk.flow("held").because.startswith("line 001: 614141001378 EA come to more than anybody orders")
        resume(desk.store, desk.flow("held").id, by="ann")
        desk.run()
    assert balances(desk, "ordered") == [(48,)]


def test_a_price_we_do_not_sell_at_is_held_until_a_person_agrees(made: Made) -> None:
    desk = made()
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=1)
    desk.drop(northwind(2, changed("PO-1", line("PC", 48, price="1"))))
    assert "ordered at 1 for one EA" in desk.held()[0]
    desk.later(hours=8)
    assert "856" in desk.codes()  # goods that left are told of
    resume(desk.store, desk.flow("held").id, by="operator")
    desk.later(hours=12)


def test_a_quantity_that_goes_the_wrong_way_is_asked_about(made: Made) -> None:
    desk = made()
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=1)
    desk.drop(northwind(2, changed("PO-1", line("QI", 12))))
    assert "quantity increase to 12, and 48 are ordered" in desk.held()[0]


def test_a_buyer_may_say_the_difference_where_the_profile_says_so(made: Made) -> None:
    desk = made("changes: {quantities: difference}")
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=1)
    desk.drop(northwind(2, changed("PO-1", line("QI", 12))))
    desk.later(hours=12)
    assert balances(desk, "ordered", "shipped") == [(60, 60)]


def test_stores_that_may_differ_in_an_order_may_differ_in_its_change(profiles: Profiles, made: Made) -> None:
    profiles.replace("northwind", "  credit_exceeded: hold\n", "  credit_exceeded: hold\n  stores_differ: accept\n")
    desk = made()
    desk.drop(northwind(1, with_stores(order("PO-1", quantity=20), "PO1", "0423", "10", "0424", "10")))
    desk.later(hours=1)
    desk.drop(northwind(2, with_stores(changed("PO-1", line("QI", 30)), "POC", "0423", "10", "0424", "15")))
    assert (desk.held(), balances(desk, "ordered")) == ([], [(30,)])


def test_what_is_not_in_stock_of_more_is_said_to_come_later(made: Made) -> None:
    desk = made("changes: {answered_by: '865'}")
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=1)
    desk.drop(northwind(2, changed("PO-1", line("QI", 500))))
    desk.later(minutes=30)
    assert said(desk, "865") == [("00", [("IA", "480"), ("IB", "20")])]
    assert thread(desk).lines[0].backordered == Decimal(20)


def test_an_approval_of_an_order_is_refused_once_the_buyer_has_changed_it(made: Made) -> None:
    desk = made()
    desk.drop(northwind(1, order("PO-1", price="1")))
    with desk.store.read() as unit:
        (asked,) = unit.approvals.open()
    desk.drop(northwind(2, changed("PO-1", line("QI", 60, price="1"))))
    with pytest.raises(WrongInput, match="the order changed since approval"):
        approve_order(desk.store, asked.id, because="fine", by="anna")
    assert "ordered at 1" in desk.held()[0]
