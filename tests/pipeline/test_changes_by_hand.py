"""Changes of orders (860) that the ERP has by other means than our posting: nothing is posted twice, and the thread follows."""

from __future__ import annotations

from typing import Any

import pytest
from change_scenes import Made, balances, changed, line, said, thread
from desk import Desk, Profiles
from partner_says import northwind, order

from edi_gateway.erp.base import ChangePosted, Posted
from edi_gateway.errors import NeedsPerson, WrongInput
from edi_gateway.operations.after_restore import RESTORED
from edi_gateway.operations.cutover import load_orders
from edi_gateway.operations.deliver_out_of_band import deliver_out_of_band
from edi_gateway.operations.reconcile import ask_others
from edi_gateway.store import tables

MORE = changed("PO-1", line("QI", 60))


def by_hand(desk: Desk, because: str = "typed into the ERP") -> None:
    """A person brings what is held, and says so."""
    deliver_out_of_band(desk.tools, desk.flow("held").id, because=because, by="ann")
    desk.run()


def posts(desk: Desk) -> list[str]:
    """What is asked of the ERP from now on."""
    asked: list[str] = []
    order, change = desk.erp.post_order, desk.erp.post_change

    def post_order(*about: Any) -> Posted:
        asked.append("order")
        return order(*about)

    def post_change(*about: Any) -> ChangePosted:
        asked.append("change")
        return change(*about)

    desk.erp.post_order, desk.erp.post_change = post_order, post_change  # type: ignore[method-assign]
    return asked


def refuses(desk: Desk, name: str) -> None:
    """The ERP takes none of these from now on."""

    def refuse(*_about: Any) -> Any:
        raise NeedsPerson("is to be done there by hand") if name == "post_change" else WrongInput("the customer is blocked")

    setattr(desk.erp, name, refuse)


def test_a_change_of_an_order_that_was_cut_over_is_never_posted_as_a_new_order(made: Made) -> None:
    desk = made()
    load_orders(desk.tools, "open.edi", northwind(1, order("PO-1")), because="cutover", by="ann")
    asked = posts(desk)
    desk.drop(northwind(2, MORE))
    desk.later(hours=1)
    assert asked == ["change"]
    assert "does not know order PO-1 by our id" in desk.held()[0]
    assert "change it there by hand, then 'hold delivered'" in desk.held()[0]


def test_a_change_of_an_order_that_was_typed_in_is_never_posted_as_a_new_order(made: Made) -> None:
    desk = made()
    takes = desk.erp.post_order
    refuses(desk, "post_order")
    desk.drop(northwind(1, order("PO-1")))
    by_hand(desk)
    desk.erp.post_order = takes  # type: ignore[method-assign]
    asked = posts(desk)
    desk.drop(northwind(2, MORE))
    desk.later(hours=1)
    assert asked == ["change"]
    assert "does not know order PO-1 by our id" in desk.held()[0]


def test_an_order_of_which_our_rules_rejected_every_line_is_posted_as_new_when_a_change_mends_it(
    profiles: Profiles, made: Made
) -> None:
    profiles.replace("northwind", "price_difference: hold", "price_difference: reject")
    desk = made()
    desk.drop(northwind(1, order("PO-1", price="1")))
    desk.later(hours=1)
    asked = posts(desk)
    desk.drop(northwind(2, changed("PO-1", line("PC", 48))))
    desk.later(minutes=10)
    desk.drop(northwind(3, MORE))
    desk.later(hours=12)
    assert desk.held() == []
    assert asked == ["order", "change"]
    assert balances(desk, "ordered", "shipped") == [(60, 60)]


@pytest.mark.parametrize(
    ("answered_by", "answers"), [("865", {"855": [("00", [("IA", "48")])], "865": [("00", [("IA", "60")])]}), ("none", {})]
)
def test_a_change_that_a_person_brought_to_the_erp_changes_the_order_and_is_answered(
    made: Made, answered_by: str, answers: dict[str, Any]
) -> None:
    desk = made(f"changes: {{answered_by: '{answered_by}'}}")
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=1)
    refuses(desk, "post_change")
    desk.drop(northwind(2, MORE))
    by_hand(desk, "changed at the ERP's own screen")
    desk.later(minutes=10)
    assert desk.held() == []
    assert balances(desk, "first_ordered", "changed", "ordered") == [(48, 12, 60)]
    assert [change.taken for change in thread(desk).changes] == ["all"]
    assert {code: said(desk, code) for code in answers} == answers
    assert "what ann brought there: changed at the ERP's own screen" in desk.events("order.changed")[0].text


def test_a_change_that_the_erp_took_before_a_restore_changes_the_order_and_is_answered(made: Made) -> None:
    desk = made("changes: {answered_by: '865'}")
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=1)
    takes = desk.erp.post_change

    def dies(*about: Any) -> ChangePosted:
        takes(*about)
        raise NeedsPerson("the machine died here")

    desk.erp.post_change = dies  # type: ignore[method-assign]
    desk.drop(northwind(2, MORE))
    desk.erp.post_change = takes  # type: ignore[method-assign]
    with desk.store.engine.begin() as connection:
        held = tables.flow.update().where(tables.flow.c.state == "held")
        connection.execute(held.values(because=f"{RESTORED} of 2026-11-17 12:00 UTC, at 'deliver'"))
    ask_others(desk.tools, desk.erps, by="ann")
    desk.run()
    desk.later(hours=12)
    assert desk.held() == []
    assert said(desk, "865") == [("00", [("IA", "60")])]
    assert balances(desk, "ordered", "confirmed", "shipped") == [(60, 60, 60)]
