"""A shipment to be tried is read from little, and what is wrong in it is told with its place and what to do."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi_gateway.documents.order import Order, OrderLine
from edi_gateway.errors import Collected, GatewayError, WrongInput
from edi_gateway.operations.read_shipment import TRIAL, check_lines, shipped_from_json
from edi_gateway.order_to_cash.facts import Shipped

NOW = datetime(2026, 11, 17, 15, tzinfo=UTC)
ONE = {"line_number": "001", "quantity": 12}
LEAST: dict[str, Any] = {"cartons": [{"contents": [ONE]}]}
ASKED = Order(
    number="PO-1",
    purpose="original",
    ordered_on=NOW.date(),
    lines=(OrderLine(number="001", quantity=Decimal(1), unit="EA"), OrderLine(number="002", quantity=Decimal(1), unit="EA")),
)


def read(given: object) -> Shipped:
    return shipped_from_json(json.dumps(given), now=NOW, where="s.json")


def refused(given: object) -> str:
    with pytest.raises(WrongInput) as told:
        read(given)
    return str(told.value)


def test_cartons_with_what_is_in_them_are_enough() -> None:
    shipped = read(LEAST)
    assert (shipped.at, shipped.shipment, shipped.cartons[0].contents[0].quantity) == (NOW, TRIAL, Decimal(12))


def test_numbers_may_stand_in_quotation_marks_and_are_exact() -> None:
    shipped = read({"cartons": [{"weight": 14.1, "contents": [{"line_number": "001", "quantity": "0.1"}]}]})
    assert (shipped.cartons[0].weight, shipped.cartons[0].contents[0].quantity) == (Decimal("14.1"), Decimal("0.1"))


def test_a_field_nobody_knows_is_refused_with_the_one_that_was_meant() -> None:
    assert refused({**LEAST, "shipmnt": "S1"}) == "s.json: shipmnt: 'shipmnt' is no field here — did you mean 'shipment'?"
    inner = {"cartons": [{"contents": [{**ONE, "qty": 3}]}]}
    assert refused(inner).startswith("s.json: cartons[0].contents[0].qty: 'qty' is no field here — ")


@pytest.mark.parametrize(
    ("given", "place", "do"),
    [
        ({}, "s.json: cartons: 'cartons' is missing", '"cartons": [{"contents"'),
        ({"cartons": []}, "s.json: cartons: 'cartons' is missing", '"cartons": [{"contents"'),
        ({"cartons": {}}, "s.json: cartons: has to be a list", "brackets"),
        ({"cartons": [1]}, "s.json: cartons[0]: has to be an object", "braces"),
        ({"cartons": [{}]}, "s.json: cartons[0].contents: 'contents' is missing", "say what is in it"),
        ({"cartons": [{"contents": [{"quantity": 1}]}]}, "cartons[0].contents[0].line_number: 'line_number' is missing", "PO101"),
        ({**LEAST, "at": "yesterday"}, "s.json: at: this value is not taken", "2026-11-17T15:00:00Z"),
        ({**LEAST, "at": "2026-11-17T15:00:00"}, "has no time zone", "2026-11-17T15:00:00Z"),
        ({**LEAST, "at": "0001-01-01T00:00:00Z"}, "is years away", "2026-11-17T15:00:00Z"),
        ({**LEAST, "carrier": {"scacs": "X"}}, "s.json: carrier.scacs: 'scacs' is no field here", "did you mean 'scac'?"),
        (
            {"cartons": [{"contents": [{**ONE, "quantity": "many"}]}]},
            "cartons[0].contents[0].quantity: this value",
            "a number above 0: 12",
        ),
        ({"cartons": [{"contents": [{**ONE, "quantity": "NaN"}]}]}, "cartons[0].contents[0].quantity: 'NaN' is no number", "12"),
        (
            {"cartons": [{"contents": [{**ONE, "quantity": 0}]}]},
            "cartons[0].contents[0].quantity: '0' is no number",
            "above 0: 12",
        ),
        ({"cartons": [{"contents": [{**ONE, "quantity": -5}]}]}, "contents[0].quantity: '-5' is no number", "above 0: 12"),
        ({"cartons": [{"weight": "-3", "contents": [ONE]}]}, "cartons[0].weight: '-3' is no number", "above 0, in pounds: 14.5"),
        ({"cartons": [{"weight": 0, "contents": [ONE]}]}, "cartons[0].weight: '0' is no number", "above 0, in pounds: 14.5"),
        ([], "s.json: is no shipment", '"cartons"'),
    ],
)
def test_every_mistake_names_the_file_the_place_and_what_to_do(given: object, place: str, do: str) -> None:
    said = refused(given)
    assert place in said
    assert do in said.partition("—")[2]


def test_all_mistakes_of_form_and_values_and_lines_are_told_at_once() -> None:
    first = {"weight": "x", "contents": [{"line_number": "9", "quantity": "y"}, {"quantity": -1}]}
    given = {"shipmnt": "S", "at": "soon", "cartons": [first, {"wieght": 2, "contents": [ONE]}]}
    with pytest.raises(Collected) as told:
        shipped_from_json(json.dumps(given), now=NOW, where="s.json", order=ASKED)
    assert sorted(str(each.where) for each in told.value.mistakes) == [
        "s.json: at",
        "s.json: cartons[0].contents[0].line_number",
        "s.json: cartons[0].contents[0].quantity",
        "s.json: cartons[0].contents[1].line_number",
        "s.json: cartons[0].contents[1].quantity",
        "s.json: cartons[0].weight",
        "s.json: cartons[1].wieght",
        "s.json: shipmnt",
    ]


def test_what_is_no_json_is_told_with_its_line() -> None:
    with pytest.raises(WrongInput, match=r"s.json:2: is no JSON: .* in column 1"):
        shipped_from_json(b'{"cartons":\n}', now=NOW, where="s.json")


def test_a_line_the_order_does_not_have_is_told_with_those_it_has() -> None:
    for number, do in (("1", "write it as the order does: '001'"), ("9", "its lines are 001, 002")):
        with pytest.raises(WrongInput) as told:
            check_lines(read({"cartons": [{"contents": [{**ONE, "line_number": number}]}]}), ASKED, "s.json")
        assert str(told.value) == f"s.json: cartons[0].contents[0].line_number: order PO-1 has no line '{number}' — {do}"


@given(
    st.binary(max_size=60)
    | st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=5), st.lists).map(
        lambda one: json.dumps({"cartons": one, "at": one}).encode()
    )
)
def test_whatever_comes_is_a_shipment_or_told_in_our_words(body: bytes) -> None:
    said = ""
    try:
        shipped_from_json(body, now=NOW)
    except GatewayError as error:
        said = str(error)
    assert "msgspec" not in said
    assert "`" not in said
