"""The three-way match, from the buyer's side: what it ordered, what it was told, what it is asked to pay."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from square import LABELS, Square, confirmation, deal, invoice, item, notice, order, partner

from edi_gateway.documents.base import Charge, DateOf, ItemId, Terms
from edi_gateway.documents.order_acknowledgment import LineDecision, OrderAcknowledgment
from edi_gateway.documents.party import Party
from edi_gateway.documents.ship_notice import Pack, ShipNotice

change = msgspec.structs.replace


@pytest.fixture
def square(tmp_path: Path) -> Square:
    return Square(tmp_path)


def change_line(answer: OrderAcknowledgment, **changes: object) -> OrderAcknowledgment:
    """The same order acknowledgment, with another first line."""
    first, *others = answer.lines
    return change(answer, lines=(change(first, **changes), *others))


def change_pack(told: ShipNotice, **changes: object) -> ShipNotice:
    """The same ship notice, with another first pack."""
    (shipped,) = told.orders
    first, *others = shipped.packs
    return change(told, orders=(change(shipped, packs=(change(first, **changes), *others)),))


def test_a_deal_as_agreed_gives_nothing_to_complain_about(square: Square) -> None:
    placed = deal(square)
    square.write(invoice(placed))
    square.buyer.look()
    assert square.buyer.complaints() == []
    account = square.buyer.ledger.orders[placed.number]
    assert (account.shipped("1"), account.billed("1")) == (Decimal(24), Decimal(24))


# Any answer


def test_an_answer_to_an_order_never_placed_is_a_complaint(square: Square) -> None:
    square.write(confirmation(order("PO-9999")))
    square.buyer.look()
    assert square.kinds() == ["order.unknown"]


def test_an_order_number_without_its_leading_zeros_is_another_number(square: Square) -> None:
    square.buyer.order(order("00417"))
    square.acknowledge()
    square.write(confirmation(order("417")))
    square.buyer.look()
    (complaint,) = square.buyer.complaints()
    assert complaint.kind == "order.unknown"
    assert "we wrote 00417" in complaint.text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("department", "42"),
        ("vendor_number", "45190"),
        ("ship_to", Party(role="ST", id_qualifier="92", id="423")),
    ],
)
def test_what_is_repeated_of_the_order_is_repeated_to_the_letter(square: Square, field: str, value: object) -> None:
    placed = order()
    square.buyer.order(placed)
    square.acknowledge()
    square.write(confirmation(placed, **{field: value}))
    square.buyer.look()
    assert square.kinds() == ["order.not_echoed"]


# 855


def test_a_line_left_out_of_an_order_acknowledgment_is_a_complaint(square: Square) -> None:
    placed = order()
    square.buyer.order(placed)
    square.acknowledge()
    square.write(confirmation(placed, lines=confirmation(placed).lines[:1]))
    square.buyer.look()
    (complaint,) = square.buyer.complaints()
    assert (complaint.kind, complaint.text) == ("confirmation.line_missing", "line 2 is not answered")


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"number": "001"}, "line.unknown"),
        ({"item_ids": (ItemId(qualifier="UP", id="614141001378"),)}, "line.item_ids"),
        ({"unit": "CA"}, "line.unit"),
        ({"quantity": Decimal(12)}, "line.quantity"),
        ({"decisions": (LineDecision(status="accepted", quantity=Decimal(23), unit="EA"),)}, "confirmation.quantities"),
        ({"unit_price": Decimal("18.51")}, "confirmation.price"),
        (
            {"decisions": (LineDecision(status="accepted", quantity=Decimal(24), unit="EA", ship_on=date(2026, 1, 21)),)},
            "confirmation.date",
        ),
    ],
)
def test_a_confirmed_line_that_is_not_the_ordered_one_is_a_complaint(
    square: Square, changes: dict[str, object], kind: str
) -> None:
    placed = order()
    square.buyer.order(placed)
    square.acknowledge()
    square.write(change_line(confirmation(placed), **changes))
    square.buyer.look()
    assert kind in square.kinds()


def test_a_line_answered_twice_and_an_order_acknowledged_twice_are_complaints(square: Square) -> None:
    placed = order()
    square.buyer.order(placed)
    square.acknowledge()
    first, second = confirmation(placed).lines
    square.write(confirmation(placed), confirmation(placed, lines=(first, second, second)))
    square.buyer.look()
    assert square.kinds() == ["confirmation.repeated", "confirmation.line_repeated"]


def test_part_backordered_and_part_accepted_is_no_complaint(square: Square) -> None:
    placed = order()
    square.buyer.order(placed)
    square.acknowledge()
    decisions = tuple(LineDecision(status=status, quantity=Decimal(12), unit="EA") for status in ("accepted", "backordered"))
    square.write(change_line(confirmation(placed, decision="accepted with changes"), decisions=decisions))
    square.buyer.look()
    assert square.kinds() == []


def test_a_yes_without_lines_is_enough_only_where_that_is_agreed(tmp_path: Path) -> None:
    kinds = []
    for lines in ("always", "changes"):
        (tmp_path / lines).mkdir()
        square = Square(tmp_path / lines, profile=partner(answers={"lines": lines}))
        placed = order()
        square.buyer.order(placed)
        square.acknowledge()
        square.write(confirmation(placed, lines=()))
        square.buyer.look()
        kinds.append(square.kinds())
    assert kinds == [["confirmation.no_lines"], []]


def test_an_order_acknowledgment_after_its_deadline_is_a_complaint_and_a_missing_one_too(square: Square) -> None:
    late, missing = order("PO-1"), order("PO-2")
    square.buyer.order(late)
    square.buyer.order(missing)
    square.acknowledge()
    square.buyer.look()
    square.clock.advance(timedelta(hours=25))
    square.write(confirmation(late))
    square.buyer.look()
    assert square.kinds() == ["confirmation.late", "confirmation.late"]
    texts = {complaint.order_number: complaint.text for complaint in square.buyer.complaints()}
    assert texts == {
        "PO-1": "it came after 25 h 0 min, 24 h 0 min are agreed",
        "PO-2": "it has not come in 25 h 0 min, 24 h 0 min are agreed",
    }


# 856


def test_a_second_ship_notice_for_a_shipment_is_a_complaint(square: Square) -> None:
    placed = deal(square)
    square.write(notice(placed))
    square.buyer.look()
    (complaint,) = square.buyer.complaints()
    assert (complaint.kind, complaint.document) == ("shipment.repeated", "ship notice S-1")
    assert square.buyer.ledger.orders[placed.number].shipped("1") == Decimal(24)


def test_a_corrected_ship_notice_takes_the_place_of_the_first(square: Square) -> None:
    placed = deal(square)
    square.write(notice(placed, purpose="replacement"))
    square.buyer.look()
    assert square.kinds() == []
    assert square.buyer.ledger.orders[placed.number].shipped("1") == Decimal(24)


def test_more_shipped_than_ordered_is_a_complaint_even_in_two_shipments(square: Square) -> None:
    placed = deal(square)
    (_, second) = placed.lines
    extra = Pack(sscc=LABELS[2], items=(item(second, Decimal(1)),))
    (shipped,) = notice(placed).orders
    square.write(notice(placed, "S-2", pack_count=1, orders=(change(shipped, packs=(extra,)),)))
    square.buyer.look()
    (complaint,) = square.buyer.complaints()
    assert complaint.kind == "shipment.too_much"
    assert complaint.text == "1 of line 2 shipped after 10, 10 ordered"


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("006141410000000013", "shipment.sscc"),  # check digit
        ("006141420000000011", "shipment.sscc"),  # somebody else's prefix
        (LABELS[1], "shipment.sscc_reused"),
    ],
)
def test_a_label_that_is_wrong_or_used_twice_is_a_complaint(square: Square, label: str, kind: str) -> None:
    placed = order()
    square.buyer.order(placed)
    square.acknowledge()
    square.write(confirmation(placed), change_pack(notice(placed), sscc=label))
    square.buyer.look()
    assert kind in square.kinds()


def test_a_label_of_an_earlier_shipment_is_a_complaint(square: Square) -> None:
    deal(square)
    second = order("PO-0008")
    square.buyer.order(second)
    square.write(confirmation(second), notice(second, "S-2", labels=(LABELS[2], LABELS[0])))
    square.buyer.look()
    assert [c.text for c in square.buyer.complaints()] == [f"label {LABELS[0]} was used before in shipment S-1"]


def test_packs_are_counted(square: Square) -> None:
    placed = order()
    square.buyer.order(placed)
    square.acknowledge()
    square.write(confirmation(placed), notice(placed, pack_count=3))
    square.buyer.look()
    assert "shipment.pack_count" in square.kinds()


def test_where_no_packs_are_agreed_none_are_missed(tmp_path: Path) -> None:
    structure = "shipment, order, item"
    square = Square(tmp_path, profile=partner(answers={"ship_notice_structure": structure}))
    placed = order()
    square.buyer.order(placed)
    square.acknowledge()
    (shipped,) = notice(placed).orders
    loose = Pack(sscc="", items=tuple(item(line) for line in placed.lines))
    told = notice(placed, structure=structure, pack_count=2, orders=(change(shipped, packs=(loose,)),))
    square.write(confirmation(placed), told)
    square.buyer.look()
    assert square.kinds() == []
    assert square.buyer.ledger.orders[placed.number].shipped("2") == Decimal(10)


def test_packs_without_labels_are_a_complaint_where_packs_are_agreed(square: Square) -> None:
    placed = order()
    square.buyer.order(placed)
    square.acknowledge()
    (shipped,) = notice(placed).orders
    loose = Pack(sscc="", items=tuple(item(line) for line in placed.lines))
    square.write(confirmation(placed), notice(placed, orders=(change(shipped, packs=(loose,)),)))
    square.buyer.look()
    assert square.kinds() == ["shipment.no_packs"]


def test_the_lot_of_an_item_is_not_one_of_its_ids(square: Square) -> None:
    placed = order()
    square.buyer.order(placed)
    square.acknowledge()
    lot = msgspec.structs.replace(item(placed.lines[0]), lot="L-2291")
    square.write(confirmation(placed), change_pack(notice(placed), items=(lot,)))
    square.buyer.look()
    assert square.kinds() == []


def test_goods_shipped_before_the_order_is_acknowledged_are_a_complaint(square: Square) -> None:
    placed = order()
    square.buyer.order(placed)
    square.acknowledge()
    square.write(notice(placed))
    square.buyer.look()
    assert square.kinds() == ["shipment.unconfirmed"]


def test_a_line_that_was_rejected_must_not_be_shipped(square: Square) -> None:
    placed = order()
    square.buyer.order(placed)
    square.acknowledge()
    no = (LineDecision(status="rejected", quantity=Decimal(24), unit="EA"),)
    square.write(change_line(confirmation(placed, decision="accepted with changes"), decisions=no), notice(placed))
    square.buyer.look()
    assert square.kinds() == ["shipment.of_rejected_line"]


def test_goods_that_leave_after_the_cancel_date_are_a_complaint(square: Square) -> None:
    placed = order()
    square.buyer.order(placed)
    square.acknowledge()
    square.write(confirmation(placed), notice(placed, shipped_on=date(2026, 1, 21)))
    square.buyer.look()
    assert square.kinds() == ["shipment.late"]


@pytest.mark.parametrize(("last_day", "kinds"), [(9, ["confirmation.date", "shipment.late"]), (21, ["shipment.late"])])
def test_a_line_with_a_cancel_date_of_its_own_is_held_against_that(square: Square, last_day: int, kinds: list[str]) -> None:
    """The order's is the twentieth: an earlier one makes the tenth too late; with a later one the other line is late still."""
    placed = order()
    own = (DateOf(qualifier="001", date=date(2026, 1, last_day)),)
    placed = change(placed, lines=(change(placed.lines[0], dates=own), placed.lines[1]))
    square.buyer.order(placed)
    square.acknowledge()
    promised = date(2026, 1, 21 if last_day == 21 else 10)
    decided = (LineDecision(status="accepted", quantity=Decimal(24), unit="EA", ship_on=promised),)
    square.write(change_line(confirmation(placed), decisions=decided), notice(placed, shipped_on=promised))
    square.buyer.look()
    assert square.kinds() == kinds


# 810


def test_an_invoice_one_cent_too_high_is_a_complaint(square: Square) -> None:
    placed = deal(square)
    square.write(invoice(placed, total=Decimal("466.51")))
    square.buyer.look()
    totals = [c.text for c in square.buyer.complaints() if c.kind == "invoice.total"]
    assert totals == ["it asks for 466.51, and its lines come to 466.50"]


def test_the_same_invoice_number_a_second_time_is_a_complaint(square: Square) -> None:
    placed = deal(square)
    square.write(invoice(placed), invoice(placed))
    square.buyer.look()
    assert square.kinds() == ["invoice.repeated"]
    assert square.buyer.ledger.orders[placed.number].billed("1") == Decimal(24)


def test_an_invoice_for_more_than_was_shipped_is_a_complaint(square: Square) -> None:
    placed = order()
    square.buyer.order(placed)
    square.acknowledge()
    (shipped,) = notice(placed).orders
    half = notice(placed, pack_count=1, orders=(change(shipped, packs=shipped.packs[:1]),))
    square.write(confirmation(placed), half, invoice(placed))
    square.buyer.look()
    (complaint,) = square.buyer.complaints()
    assert (complaint.kind, complaint.text) == ("invoice.quantity", "line 2: 10 billed in all, 0 shipped")


def test_an_invoice_for_less_than_its_shipment_held_is_a_complaint(square: Square) -> None:
    placed = deal(square)
    less = order(quantity="20")
    square.write(invoice(less))
    square.buyer.look()
    (complaint,) = square.buyer.complaints()
    assert (complaint.kind, complaint.document) == ("invoice.quantity", "invoice INV-1")
    assert complaint.text == f"line 1: 20 billed for shipment S-1, which held {placed.lines[0].quantity}"


def test_an_invoice_before_its_ship_notice_is_a_complaint_where_that_order_is_agreed(tmp_path: Path) -> None:
    kinds = []
    for after in (True, False):
        (tmp_path / str(after)).mkdir()
        square = Square(tmp_path / str(after), profile=partner(answers={"invoice_after_ship_notice": after}))
        placed = order()
        square.buyer.order(placed)
        square.acknowledge()
        square.write(confirmation(placed), invoice(placed))
        square.buyer.look()
        kinds.append(square.kinds())
    assert kinds == [["invoice.before_shipment"], []]


def test_another_price_than_the_agreed_one_is_a_complaint(square: Square) -> None:
    placed = deal(square)
    dearer = invoice(order(price="18.60"))
    square.write(dearer)
    square.buyer.look()
    (complaint,) = square.buyer.complaints()
    assert (complaint.kind, complaint.text) == ("invoice.price", f"line 1 costs 18.6, {placed.lines[0].unit_price} is agreed")


@pytest.mark.parametrize(
    ("basis", "price", "total"),
    [("HP", "18.50", "26.94"), ("TP", "18.50", "22.94"), ("PE", "18.50", "466.50"), ("", "18.50", "466.50")],
)
def test_a_price_is_for_as_many_as_its_basis_says(square: Square, basis: str, price: str, total: str) -> None:
    plain = order(price=price)
    first, second = plain.lines
    placed = change(plain, lines=(change(first, price_basis=basis), second))
    square.buyer.order(placed)
    square.acknowledge()
    square.write(confirmation(placed), notice(placed), invoice(placed, total=Decimal(total)))
    square.buyer.look()
    assert square.kinds() == []


def test_an_invoice_in_another_currency_is_a_complaint(square: Square) -> None:
    placed = deal(square)
    square.write(invoice(placed, currency="CAD"))
    square.buyer.look()
    assert square.kinds() == ["invoice.currency"]


def test_a_price_the_order_acknowledgment_changed_is_the_agreed_one(square: Square) -> None:
    placed = order()
    square.buyer.order(placed)
    square.acknowledge()
    decisions = (LineDecision(status="price changed", quantity=Decimal(24), unit="EA"),)
    answer = confirmation(placed, decision="accepted with changes")
    square.write(change_line(answer, unit_price=Decimal("18.60"), decisions=decisions), notice(placed))
    square.write(invoice(order(price="18.60")))
    square.buyer.look()
    assert square.kinds() == []


def test_a_charge_nobody_agreed_to_is_a_complaint(square: Square) -> None:
    placed = deal(square)
    freight = Charge(kind="charge", code="D240", amount=Decimal("12.00"), handling="06")
    square.write(invoice(placed, charges=(freight,), total=Decimal("478.50")))
    square.buyer.look()
    assert square.kinds() == ["invoice.charge"]


def test_other_terms_of_payment_than_the_orders_are_a_complaint(square: Square) -> None:
    placed = deal(square)
    square.write(invoice(placed, terms=Terms(type="01", basis="3", net_days=10)))
    square.buyer.look()
    assert square.kinds() == ["invoice.terms"]
