"""The forms that answer an order: as long as the order is, and with what was keyed in when one of it was wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from desk import Desk
from partner_says import northwind, order
from visiting import Visitor

from edi_gateway.web import forms

SignedIn = Callable[[str], Visitor]


def long_order(number: str, lines: int) -> list[list[str]]:
    """An 850 of so many lines of lanterns."""
    *head, line, _ = order(number)
    return [*head, *([*line[:1], f"{place:03d}", *line[2:]] for place in range(1, lines + 1)), ["CTT", str(lines)]]


@pytest.fixture
def two_orders(desk: Desk) -> tuple[str, str]:
    """The pages of an order of ten lines, and of one of forty."""
    desk.drop(northwind(1, long_order("SHORT", 10), long_order("LONG", 40)))
    return f"/orders/{desk.order('SHORT').id}", f"/orders/{desk.order('LONG').id}"


def test_a_form_grows_as_the_order_does_and_no_faster(two_orders: tuple[str, str], signed_in: SignedIn) -> None:
    short, long = two_orders
    for code in ("855", "856", "810"):
        few, many = (signed_in("viewer").get(f"{one}/answer/{code}") for one in (short, long))
        assert (few.status_code, many.status_code) == (200, 200)
        assert len(many.content) < 4 * len(few.content), code


def test_each_carton_row_proposes_its_line_and_says_what_that_is_and_what_is_left_of_it(desk: Desk, signed_in: SignedIn) -> None:
    desk.drop("northwind-850-plain.edi")
    page = unescape(signed_in("viewer").get("/orders/1/answer/856").text)
    rows = re.findall(r'<tr><td data-of="Carton">.*?</tr>', page)
    assert [re.findall(r'name="line" value="([^"]*)" list="lines"', row) for row in rows] == [["001"], ["002"], ["003"], ["004"]]
    assert all(re.search(r"<small>[^<]+</small>.*<small>EA, \d+ to ship</small>", row) for row in rows)
    assert page.count('<option value="') == 4


def test_an_answer_about_an_order_of_thousands_of_lines_is_taken(desk: Desk, signed_in: SignedIn) -> None:
    desk.drop(northwind(1, order("PO-1")))
    empty = {f"{what}-{place}": "" for what in ("accepted", "backordered", "rejected", "ship-on") for place in range(5000)}
    answer = signed_in("operator").post("/orders/1/answer/855", **empty, **{"accepted-001": "48"})
    assert answer.status_code == 303
    assert len(desk.events("order.keyed")) == 1


def test_a_form_of_more_fields_than_are_taken_says_so(signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "FIELDS", 3)
    answer = signed_in("operator").post("/documents/saved", name="mine", query="code=850", one="", more="")
    assert (answer.status_code, "the form holds more than 3 fields" in answer.text) == (422, True)


CARTONS = {"carton": ["A", "A", "B"], "line": ["001", "003", "1,x"], "quantity": ["2", "1,5", ""], "weight": ["9.5", "", ""]}
SHIPMENT = {"shipment": "S-777", "carrier": "UPSN", "bill_of_lading": "B", "carrier_reference": "", "delivery_on": "2026-11-25"}
KEYED: list[tuple[str, dict[str, Any]]] = [
    ("answer/855", {"accepted-001": "a dozen", "backordered-001": "36", "ship-on-001": "2026-12-01", "rejected-002": "7"}),
    ("answer/856", {**SHIPMENT, **CARTONS, "sscc": ["", "", "000614141123456789"]}),
    ("try", {**SHIPMENT, **CARTONS, "sscc": ["", "", "000614141123456789"]}),
    ("answer/810", {"invoice": "I-7", "shipment": "S-9", "quantity-001": "12", "price-001": "18,50"}),
]


@pytest.mark.parametrize(("form", "keyed"), KEYED)
def test_a_mistake_in_a_form_costs_nothing_that_was_keyed_in(
    desk: Desk, signed_in: SignedIn, form: str, keyed: dict[str, Any]
) -> None:
    desk.drop("northwind-850-plain.edi")
    answer = signed_in("operator").post(f"/orders/1/{form}", token="keyed-7", **keyed)
    assert answer.status_code == 422
    assert re.search(r'role="alert"><b>[^<]*is no number|role="alert"><b>[^<]*comma groups thousands', unescape(answer.text))
    shown = fields_of(answer.text)
    assert {name: shown[name] for name in keyed} == {name: [one] if isinstance(one, str) else one for name, one in keyed.items()}
    assert shown["token"] == ["keyed-7"]
    assert desk.events("order.keyed") == []


def test_a_mistake_among_many_cartons_is_told_with_its_place(desk: Desk, signed_in: SignedIn) -> None:
    desk.drop("northwind-850-plain.edi")
    rows = {"carton": ["A", "B"], "line": ["001", "003"], "quantity": ["2", "4"], "weight": ["9", "9kg"], "sscc": ["", ""]}
    answer = signed_in("operator").post("/orders/1/answer/856", shipment="S-1", **rows)
    assert "(carton B, weight)" in answer.text


def test_a_quantity_of_no_line_is_told(desk: Desk, signed_in: SignedIn) -> None:
    desk.drop("northwind-850-plain.edi")
    row = {"carton": "A", "line": "", "quantity": "2", "weight": "", "sscc": ""}
    answer = signed_in("operator").post("/orders/1/answer/856", shipment="S-1", **row)
    assert (answer.status_code, "carton A: 2 of no line" in answer.text) == (422, True)


def test_a_replay_that_means_nothing_is_asked_again_with_what_was_filled_in(signed_in: SignedIn) -> None:
    given = {"number": "nope", "since": "2026-11-18T03:30", "zone": "Pacific/Auckland", "because": "they rang", "sends": "yes"}
    answer = signed_in("operator").post("/replays/new", partner="northwind", origin="raw", **given)
    assert answer.status_code == 422
    assert "no set is meant by that" in unescape(answer.text)
    shown = fields_of(answer.text)
    assert {name: shown[name] for name in given} == {name: [one] for name, one in given.items()}
    assert re.findall(r"<option selected>(\w+)", answer.text) == ["northwind", "raw"]
    assert re.findall(r'name="(\w+)" value="yes" checked', answer.text) == ["sends"]


def fields_of(page: str) -> dict[str, list[str]]:
    """The fields of a page's forms as they are filled in."""
    found: dict[str, list[str]] = {}
    for field in re.findall(r"<input [^>]*>", page):
        name, value = (re.search(rf'{what}="([^"]*)"', field) for what in ("name", "value"))
        if name:
            found.setdefault(name[1], []).append(unescape(value[1]) if value else "")
    return found
