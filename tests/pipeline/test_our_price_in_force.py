"""An order below our price, taken at our price: the 855 says IP, the invoice bills that price, and no rule is broken."""

from __future__ import annotations

from collections.abc import Callable

from desk import NORTHWIND, Desk, Profiles
from partner_says import northwind, order

from edi_gateway.x12.envelope import Segment

Make = Callable[..., Desk]
ITEM = '  items: {"000044013": {price_difference: our price}}\n'
CHANGES = """\
agreements:
  - set: "860"
    direction: in
    release: 004010VICS
    map: 860-order-change
    acknowledgment: {form: "997", release: 004010VICS, within: 24h}
"""


def taken(profiles: Profiles, make_desk: Make, price: str = "18.4") -> Desk:
    """Lanterns are 18.50; half a percent less is within the tolerance."""
    profiles.replace(NORTHWIND, "\norders:\n", "\norders:\n" + ITEM)
    profiles.replace(NORTHWIND, "agreements:\n", CHANGES)
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1", price=price)))
    desk.later(hours=1)
    return desk


def test_an_order_ten_cents_below_our_price_is_answered_ip_and_billed_at_it(profiles: Profiles, make_desk: Make) -> None:
    desk = taken(profiles, make_desk)
    desk.later(hours=8)
    assert desk.held() == []
    (said,) = desk.sent("855")
    assert (said.one("BAK")[2], said.one("PO1")[4], said.one("ACK")[1]) == ("AC", "18.5", "IP")
    (bill,) = desk.sent("810")
    assert (bill.one("IT1")[4], bill.one("TDS")[1]) == ("18.5", "88800")
    assert f"{desk.order('PO-1').ordered:.2f}" == "888.00"


def test_within_the_tolerance_it_is_taken_at_their_price(profiles: Profiles, make_desk: Make) -> None:
    (said,) = taken(profiles, make_desk, "18.41").sent("855")
    assert (said.one("BAK")[2], said.one("PO1")[4], said.one("ACK")[1]) == ("AD", "18.41", "IA")


def fewer(number: str) -> list[Segment]:
    head = ["BCH", "04", "SA", number, "", "", "20261116", "", "", "", "", "20261117"]
    return [["ST", "860", ""], head, ["POC", "001", "QD", "40", "8", "EA", "18.4", "PE", "IN", "000044013"], ["CTT", "1"]]


def test_a_change_of_quantity_later_keeps_the_price_that_was_answered(profiles: Profiles, make_desk: Make) -> None:
    desk = taken(profiles, make_desk)
    desk.drop(northwind(2, fewer("PO-1")))
    desk.later(minutes=30)
    assert desk.held() == []
    again = desk.sent("855")[-1]
    assert (again.one("PO1")[2], again.one("PO1")[4], again.one("ACK")[1]) == ("40", "18.5", "IP")
