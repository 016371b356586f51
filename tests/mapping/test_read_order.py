"""Reading purchase orders with the common map."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from map_scenes import a_set, library

from edi_gateway.documents.base import ItemId, Note, Reference
from edi_gateway.documents.order import Order, StoreQuantity
from edi_gateway.mapping.errors import MapProblem


def read(text: str) -> Order:
    order = library().reading("850-order").read(a_set(text))
    assert isinstance(order, Order)
    return order


HEAD = "ST*850*0001~BEG*00*SA*4501234567**20260105~"
LINE = "PO1*1*12*EA*4.25**UP*012345678905~"


def test_an_order_is_read_in_our_own_words() -> None:
    order = read(HEAD + "CUR*BY*USD~" + LINE + "CTT*1~SE*5*0001~")

    assert order.number == "4501234567"
    assert (order.purpose, order.type) == ("original", "stand-alone")
    assert order.ordered_on == date(2026, 1, 5)
    assert order.currency == "USD"
    line = order.lines[0]
    assert (line.number, line.quantity, line.unit, line.unit_price) == ("1", Decimal(12), "EA", Decimal("4.25"))


def test_a_reference_in_a_line_is_the_lines_and_one_in_the_heading_the_orders() -> None:
    order = read(HEAD + "REF*DP*042~REF*MR*0020~" + LINE + "REF*LI*7~")

    assert order.department == "042"
    assert order.references == (Reference(qualifier="MR", value="0020"),)
    assert order.lines[0].references == (Reference(qualifier="LI", value="7"),)


def test_an_address_belongs_to_the_loop_it_stands_in() -> None:
    order = read(HEAD + "N1*BT*HEAD OFFICE~N3*1 TOWER SQ~N1*ST*STORE 12*92*0012~N3*12 MAIN ST~N4*DENVER*CO*80201~" + LINE)

    assert order.bill_to is not None
    assert order.bill_to.street == "1 TOWER SQ"
    assert order.ship_to is not None
    assert (order.ship_to.street, order.ship_to.city) == ("12 MAIN ST", "DENVER")


def test_each_takes_what_no_line_of_the_map_names() -> None:
    order = read(HEAD + "N1*ST*STORE 12~N1*BY*NORTH~N1*ST*SECOND STORE~" + LINE)

    assert order.ship_to is not None
    assert order.ship_to.name == "STORE 12"
    assert [(party.role, party.name) for party in order.parties] == [("BY", "NORTH"), ("ST", "SECOND STORE")]


def test_item_ids_are_found_wherever_they_stand_and_empty_slots_are_nothing() -> None:
    order = read(HEAD + "PO1*1*12*EA*4.25**IN*0771*UP**VN**UK*10012345678902~")

    assert order.lines[0].item_ids == (ItemId(qualifier="IN", id="0771"), ItemId(qualifier="UK", id="10012345678902"))


def test_lines_without_a_number_are_numbered() -> None:
    order = read(HEAD + "PO1**12*EA*4.25**UP*1~PO1**3*EA*2**UP*2~")

    assert [line.number for line in order.lines] == ["1", "2"]


def test_quantities_by_store_are_kept_with_their_line() -> None:
    order = read(HEAD + LINE + "SDQ*EA*92*0012*7*0013*5~SDQ*EA*92*0044*1~")

    stores = order.lines[0].stores
    assert [(one.store, one.quantity) for one in stores] == [("0012", 7), ("0013", 5), ("0044", 1)]
    assert stores[0] == StoreQuantity(store="0012", quantity=Decimal(7), unit="EA", id_qualifier="92")


def test_a_description_inside_a_sub_line_is_not_the_lines() -> None:
    order = read(HEAD + LINE + "SLN*1**I*2*EA*1~PID*F****PART OF THE SET~" + LINE)

    assert order.lines[0].description == ""
    assert [(part.number, part.quantity, part.description) for part in order.lines[0].sublines] == [("1", 2, "PART OF THE SET")]
    assert order.extras == ()


def test_what_no_rule_speaks_of_is_kept_with_its_place() -> None:
    order = read(HEAD + "CSH*Y~" + LINE + "MAN*GM*1~")

    assert [(extra.position, extra.segment) for extra in order.extras] == [(3, "CSH*Y"), (5, "MAN*GM*1")]


def test_a_currency_inside_a_charge_is_not_the_orders() -> None:
    order = read(HEAD + "SAC*C*D240***500~CUR*BY*CAD~" + LINE)

    assert order.currency == ""
    assert order.charges[0].amount == Decimal("5.00")


def test_a_segment_no_release_knows_does_not_end_the_loop_it_stands_in() -> None:
    order = read(HEAD + "N1*ST*STORE 12~ZZZ*1~N3*12 MAIN ST~" + LINE)

    assert order.ship_to is not None
    assert order.ship_to.street == "12 MAIN ST"
    assert [extra.segment for extra in order.extras] == ["ZZZ*1"]


def test_trailing_blanks_are_no_data_and_leading_zeros_are() -> None:
    order = read(HEAD + "REF*DP*0042  ~REF*IA*   ~" + LINE)

    assert order.department == "0042"
    assert order.vendor_number == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + "PO1*1*TWELVE*EA*4.25~", "segment 3, PO102, lines[0].quantity: 'TWELVE' is no number"),
        (HEAD + LINE + "PO1*2*1_0*EA~", "segment 4, PO102, lines[1].quantity: '1_0' is no number"),
        ("ST*850*1~BEG*00*SA*77**20261301~" + LINE, "segment 2, BEG05, ordered_on: '20261301' is no day of the calendar"),
        ("ST*850*1~BEG*XX*SA*77**20260105~" + LINE, "segment 2, BEG01, purpose: 'XX' is not in the code list 'purposes'"),
        ("ST*850*1~BEG*00*SA***20260105~" + LINE, "BEG03, number: is required and was not sent"),
        (HEAD, "PO1, lines: is required and was not sent"),
    ],
)
def test_what_does_not_fit_is_told_with_segment_place_and_value(text: str, said: str) -> None:
    with pytest.raises(MapProblem) as caught:
        read(text)

    assert said in str(caught.value)
    assert "maps/850-order.yaml:" in str(caught.value)


def test_a_problem_carries_its_parts_for_programs() -> None:
    with pytest.raises(MapProblem) as caught:
        read(HEAD + "PO1*1*TWELVE*EA*4.25~")

    problem = caught.value
    assert (problem.position, problem.place, problem.field, problem.value) == (3, "PO102", "lines[0].quantity", "TWELVE")
    assert problem.rule.startswith(str(library().folder / "850-order.yaml:"))


def test_a_set_of_another_kind_is_refused() -> None:
    with pytest.raises(MapProblem, match="is a 810, and the map reads 850"):
        read("ST*810*0001~BIG*20260105*1~SE*3*0001~")


def test_the_source_a_map_became_can_be_read() -> None:
    assert "def read_lines(" in library().reading("850-order").source


@pytest.mark.parametrize("text", ["MSG*CALL BEFORE DELIVERY~MSG*BE PATIENT~", "MTX**CALL BEFORE DELIVERY~MTX**BE PATIENT~"])
def test_texts_are_joined_whichever_segment_carries_them(text: str) -> None:
    order = read(HEAD + "N9*L1*77*SHIPPING~" + text + LINE)

    assert order.notes == (Note(qualifier="L1", reference="77", title="SHIPPING", text="CALL BEFORE DELIVERY\nBE PATIENT"),)
    assert order.extras == ()


def test_charges_belong_to_the_heading_or_to_their_line() -> None:
    order = read(HEAD + "SAC*C*D240***1050~" + LINE + "SAC*A*C310***200*Z*2.5~")

    assert [(one.kind, one.code, one.amount) for one in order.charges] == [("charge", "D240", Decimal("10.50"))]
    assert [(one.kind, one.amount, one.percent) for one in order.lines[0].charges] == [
        ("allowance", Decimal("2.00"), Decimal("2.5"))
    ]


def test_dates_are_told_apart_by_their_qualifiers() -> None:
    order = read(HEAD + "DTM*001*20260131~DTM*010*20260110*1530~" + LINE + "DTM*002*20260112~")

    assert [(one.qualifier, one.date, one.time) for one in order.dates] == [
        ("001", date(2026, 1, 31), ""),
        ("010", date(2026, 1, 10), "1530"),
    ]
    assert [(one.qualifier, one.date) for one in order.lines[0].dates] == [("002", date(2026, 1, 12))]


def test_prices_beside_the_lines_own_are_kept_by_their_kind() -> None:
    order = read(HEAD + LINE + "CTP**RTL*7.99~CTP**MSR*9.5~")

    assert [(one.qualifier, one.price) for one in order.lines[0].prices] == [("RTL", Decimal("7.99")), ("MSR", Decimal("9.5"))]


def test_a_second_qualifier_and_its_value_are_components_of_a_reference() -> None:
    order = read(HEAD + "REF*MR*0020**IA>00612~" + LINE)

    assert order.references == (Reference(qualifier="MR", value="0020", second_qualifier="IA", second_value="00612"),)


def test_assortments_are_sub_lines_with_ids_of_their_own() -> None:
    order = read(HEAD + LINE + "SLN*1**I*2*EA*1.25***UP*1*VN*A~SLN*2**I*4*EA~")

    [first, second] = order.lines[0].sublines
    assert (first.quantity, first.unit, first.unit_price) == (2, "EA", Decimal("1.25"))
    assert first.item_ids == (ItemId(qualifier="UP", id="1"), ItemId(qualifier="VN", id="A"))
    assert (second.number, second.quantity) == ("2", 4)


def test_an_alternative_that_says_something_else_than_the_one_taken_is_kept() -> None:
    text = HEAD + "CUR*SE*CAD~CUR*BY*USD~" + LINE + "CTT*1~AMT*TT*5~AMT*GV*6~"
    order = read(text)

    assert (order.currency, order.total) == ("USD", 5)
    assert [extra.segment for extra in order.extras] == ["CUR*SE*CAD", "AMT*GV*6"]
    reading = library().reading("850-order")
    assert [one.place for one in reading.unread(a_set(text))] == ["CUR02", "AMT02"]
    assert [str(one.value) for one in reading.trace(a_set(text))[1] if one.made in ("currency", "total")] == ["USD", "5"]


def test_alternatives_that_say_the_same_are_one() -> None:
    assert read(HEAD + LINE + "CTT*1~AMT*TT*5~AMT*GV*5.00~").extras == ()
