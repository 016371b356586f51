from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from trade import MONDAY, NOON, billed, d, dated, decided, labels, line, notice_of, order, shipped

from edi_gateway.documents.base import Charge, ItemId, Terms
from edi_gateway.documents.invoice import Invoice
from edi_gateway.documents.order import StoreQuantity
from edi_gateway.documents.party import Party
from edi_gateway.errors import NeedsPerson, WrongInput
from edi_gateway.order_to_cash.facts import BilledLine, Credited, DecidedQuantity, Shipped
from edi_gateway.order_to_cash.money import total
from edi_gateway.order_to_cash.turnaround import ShipTerms, draft_acknowledgment, draft_credit, draft_invoice, draft_ship_notice
from edi_gateway.order_to_cash.turnaround.ship_notice import labels_to_give

TWO = order(line("001", 10), line("002", 5))


def test_the_855_echoes_what_the_buyer_sent_to_the_letter() -> None:
    ids = (ItemId(qualifier="UP", id="061414100137"), ItemId(qualifier="IN", id="000044104"))
    asked = order(line("0007", 10, item_ids=ids, price_basis="HP"), release_number="03")
    drafted = draft_acknowledgment(asked, decided(("0007", "accepted", 10)), today=MONDAY)
    assert (drafted.number, drafted.release_number) == ("0004711", "03")
    assert (drafted.department, drafted.vendor_number) == ("042", "0090210")
    assert drafted.ship_to == asked.ship_to
    answered = drafted.lines[0]
    assert (answered.number, answered.item_ids, answered.price_basis) == ("0007", ids, "HP")


@pytest.mark.parametrize(
    ("parts", "word"),
    [
        ([("001", "accepted", 10), ("002", "accepted", 5)], "accepted"),
        ([("001", "accepted", 10), ("002", "backordered", 5)], "accepted with changes"),
        ([("001", "accepted", 9), ("001", "rejected", 1), ("002", "accepted", 5)], "accepted with changes"),
        ([("001", "rejected", 10), ("002", "rejected", 5)], "rejected"),
        ([("001", "accepted", 10)], "accepted with changes"),
        ([], "acknowledged without detail"),
    ],
)
def test_the_855_says_in_a_word_what_was_decided(parts: list[tuple[str, str, int]], word: str) -> None:
    assert draft_acknowledgment(TWO, decided(*parts), today=MONDAY).decision == word


def test_what_our_rules_rejected_stands_beside_what_the_erp_decided() -> None:
    refused = (DecidedQuantity(line_number="002", status="rejected", quantity=d(5), reason="unknown item"),)
    drafted = draft_acknowledgment(TWO, decided(("001", "accepted", 10)), today=MONDAY, rejected=refused)
    assert [(x.decisions[0].status, x.decisions[0].reason) for x in drafted.lines] == [
        ("accepted", ""),
        ("rejected", "unknown item"),
    ]


def test_lines_are_left_out_only_where_the_partner_wants_changes_and_there_are_none() -> None:
    as_sent = decided(("001", "accepted", 10), ("002", "accepted", 5))
    changed = decided(("001", "accepted", 10), ("002", "rejected", 5))
    assert draft_acknowledgment(TWO, as_sent, today=MONDAY, lines="changes").lines == ()
    assert len(draft_acknowledgment(TWO, changed, today=MONDAY, lines="changes").lines) == 2
    assert len(draft_acknowledgment(TWO, as_sent, today=MONDAY).lines) == 2


def test_a_promise_outside_the_ship_window_is_a_change_of_date() -> None:
    asked = order(line("001", 10), dates=dated(q001=date(2026, 1, 9)))
    late = DecidedQuantity(line_number="001", status="accepted", quantity=d(10), ship_on=date(2026, 1, 10))
    drafted = draft_acknowledgment(asked, msgspec.structs.replace(decided(), lines=(late,)), today=MONDAY)
    assert drafted.lines[0].decisions[0].status == "date changed"
    assert drafted.decision == "accepted with changes"


def test_a_promise_is_held_against_the_days_of_its_line() -> None:
    asked = order(line("001", 10, dates=dated(q001=date(2026, 1, 12))), line("002", 5), dates=dated(q001=date(2026, 1, 9)))
    tenth = [
        DecidedQuantity(line_number=one.number, status="accepted", quantity=one.quantity, ship_on=date(2026, 1, 10))
        for one in asked.lines
    ]
    drafted = draft_acknowledgment(asked, msgspec.structs.replace(decided(), lines=tuple(tenth)), today=MONDAY)
    assert [one.decisions[0].status for one in drafted.lines] == ["accepted", "date changed"]


def test_a_decision_on_a_line_the_order_does_not_have_needs_a_person() -> None:
    with pytest.raises(NeedsPerson, match="no line 003"):
        draft_acknowledgment(TWO, decided(("003", "accepted", 1)), today=MONDAY)


def test_the_856_tells_each_carton_with_its_label_and_content() -> None:
    notice = notice_of(TWO, shipped({"001": 6}, {"001": 4, "002": 5}))
    packs = notice.orders[0].packs
    assert [pack.sscc for pack in packs] == labels(2)
    assert [(item.line_number, item.quantity) for item in packs[1].items] == [("001", 4), ("002", 5)]
    assert packs[1].items[0].item_ids == TWO.lines[0].item_ids
    assert (notice.pack_count, notice.weight) == (2, d(10))


def test_a_carton_that_has_a_label_keeps_it() -> None:
    fact = shipped({"001": 6}, {"001": 4})
    labeled = msgspec.structs.replace(fact.cartons[0], sscc="106141411928374657")
    fact = msgspec.structs.replace(fact, cartons=(labeled, fact.cartons[1]))
    notice = draft_ship_notice(TWO, fact, ShipTerms(), now=NOON, sscc=labels(1))
    assert [pack.sscc for pack in notice.orders[0].packs] == ["106141411928374657", labels(1)[0]]


def test_too_few_labels_are_refused_and_not_left_empty() -> None:
    with pytest.raises(WrongInput, match="2 cartons without an SSCC, and 1"):
        draft_ship_notice(TWO, shipped({"001": 6}, {"001": 4}), ShipTerms(), now=NOON, sscc=labels(1))


PALLETS = ShipTerms(structure="shipment, order, tare, pack, item")


def on_pallets(*names: str) -> Shipped:
    fact = shipped(*({"001": 1} for _ in names))
    cartons = (msgspec.structs.replace(carton, pallet=name) for carton, name in zip(fact.cartons, names, strict=True))
    return msgspec.structs.replace(fact, cartons=tuple(cartons))


def test_each_pallet_gets_one_label_after_those_of_the_cartons() -> None:
    fact = on_pallets("1", "1", "2", "", "106141411928374657")
    assert labels_to_give(fact, PALLETS) == 5 + 2
    notice = draft_ship_notice(TWO, fact, PALLETS, now=NOON, sscc=labels(7))
    packs = notice.orders[0].packs
    assert [pack.sscc for pack in packs] == labels(5)
    assert [pack.pallet for pack in packs] == [labels(7)[5], labels(7)[5], labels(7)[6], "", "106141411928374657"]


def test_pallets_are_not_told_of_where_the_structure_has_no_level_for_them() -> None:
    fact = on_pallets("1")
    assert labels_to_give(fact, ShipTerms()) == 1
    assert draft_ship_notice(TWO, fact, ShipTerms(), now=NOON, sscc=labels(1)).orders[0].packs[0].pallet == ""


def for_store(store: str) -> Shipped:
    fact = shipped({"001": 10})
    return msgspec.structs.replace(fact, cartons=(msgspec.structs.replace(fact.cartons[0], store=store),))


def test_a_carton_is_marked_for_its_store_as_the_buyer_names_it() -> None:
    split = (StoreQuantity(store="0423", quantity=d(10), unit="EA", id_qualifier="92"),)
    asked = order(line("001", 10, stores=split))
    (pack,) = draft_ship_notice(asked, for_store("0423"), ShipTerms(), now=NOON, sscc=labels(1)).orders[0].packs
    assert pack.mark_for == Party(role="BY", id_qualifier="92", id="0423")


def test_a_carton_for_a_store_the_order_is_not_for_is_a_matter_for_a_person() -> None:
    with pytest.raises(NeedsPerson, match="is for store 0999, and no line of the order is for that store"):
        draft_ship_notice(TWO, for_store("0999"), ShipTerms(), now=NOON, sscc=labels(1))


def test_without_a_pack_level_each_line_stands_once_and_cartons_are_only_counted() -> None:
    terms = ShipTerms(structure="shipment, order, item")
    notice = draft_ship_notice(TWO, shipped({"001": 6}, {"001": 4, "002": 5}), terms, now=NOON)
    (pack,) = notice.orders[0].packs
    assert pack.sscc == ""
    assert [(item.line_number, item.quantity) for item in pack.items] == [("001", 10), ("002", 5)]
    assert notice.pack_count == 2


def test_one_unknown_carton_weight_makes_the_shipment_weight_unknown() -> None:
    fact = shipped({"001": 6}, {"001": 4})
    unweighed = msgspec.structs.replace(fact.cartons[1], weight=None)
    assert notice_of(TWO, msgspec.structs.replace(fact, cartons=(fact.cartons[0], unweighed))).weight is None


def test_the_day_of_departure_is_the_partners_day_where_only_its_moment_is_told() -> None:
    late = msgspec.structs.replace(shipped({"001": 6}), at=datetime(2026, 1, 6, 3, tzinfo=UTC))
    notice = draft_ship_notice(TWO, late, ShipTerms(), now=NOON, sscc=labels(1), zone=ZoneInfo("America/Chicago"))
    assert notice.shipped_on == date(2026, 1, 5)


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "UTC", "Pacific/Auckland"])
def test_a_day_that_the_warehouse_tells_is_the_ship_date_wherever_the_partner_is(zone: str) -> None:
    told = msgspec.structs.replace(shipped({"001": 6}), at=datetime(2026, 3, 10, tzinfo=UTC), shipped_on=date(2026, 3, 10))
    notice = draft_ship_notice(TWO, told, ShipTerms(), now=NOON, sscc=labels(1), zone=ZoneInfo(zone))
    assert notice.shipped_on == date(2026, 3, 10)


def test_the_810_takes_terms_from_the_order_and_the_way_from_the_856() -> None:
    asked = order(line("001", 10), terms=Terms(discount_percent=d(2), discount_days=10, net_days=30))
    notice = notice_of(asked, shipped({"001": 10}))
    invoice = draft_invoice(asked, billed({"001": 10}), notice, today=MONDAY)
    assert invoice.terms == asked.terms
    assert (invoice.bill_of_lading, invoice.shipped_on) == (notice.bill_of_lading, notice.shipped_on)
    assert (invoice.number, invoice.shipment, invoice.total) == ("00090001", "S1", d("25.00"))


def test_the_total_is_the_sum_of_lines_each_rounded_for_itself() -> None:
    asked = order(line("1", 3, "0.335"), line("2", 3, "0.335"))
    invoice = draft_invoice(asked, billed({"1": 3, "2": 3}, price="0.335"), None, today=MONDAY)
    assert [x.amount for x in invoice.lines] == [d("1.01"), d("1.01")]
    assert invoice.total == d("2.02")


def test_an_order_without_a_currency_is_billed_in_the_agreements() -> None:
    unsaid = order(line("001", 10), currency="")
    assert draft_invoice(unsaid, billed({"001": 10}), None, today=MONDAY, currency="CAD").currency == "CAD"
    assert draft_invoice(order(line("001", 10)), billed({"001": 10}), None, today=MONDAY, currency="CAD").currency == "USD"


def test_a_price_per_hundred_is_billed_per_hundred() -> None:
    asked = order(line("1", 250, "31.50", price_basis="HP"))
    assert draft_invoice(asked, billed({"1": 250}, price="31.50"), None, today=MONDAY).total == d("78.75")


@pytest.mark.parametrize(
    ("basis", "price", "units", "stated"),
    [("PE", "1850", 100, "18.50"), ("HP", "1850", 100, "1850"), ("HP", "18.50", 1, "1850"), ("HP", "1850", None, "1850")],
)
def test_a_price_for_so_many_units_is_stated_as_the_order_states_its_own(
    basis: str, price: str, units: int | None, stated: str
) -> None:
    asked = order(line("1", 48, stated, price_basis=basis))
    per = None if units is None else d(units)
    fact = msgspec.structs.replace(
        billed({}), lines=(BilledLine(line_number="1", quantity=d(48), unit_price=d(price), price_units=per),)
    )
    invoice = draft_invoice(asked, fact, None, today=MONDAY)
    assert (invoice.lines[0].unit_price, invoice.total) == (d(stated), d("888.00"))
    back = Credited(at=fact.at, credit="C1", invoice=invoice.number, lines=fact.lines)
    assert draft_credit(invoice, back, today=MONDAY).total == d("888.00")


def test_allowances_go_off_and_charges_come_on_only_where_the_partner_takes_them() -> None:
    sac = (Charge(kind="allowance", code="C310", amount=d("5.00")), Charge(kind="charge", code="D240", amount=d("1.00")))
    asked = order(line("001", 10), charges=sac)
    with_them = draft_invoice(asked, billed({"001": 10}), None, today=MONDAY, charges="in proportion")
    assert (with_them.charges, with_them.total) == (sac, d("21.00"))
    without = draft_invoice(asked, billed({"001": 10}), None, today=MONDAY)
    assert (without.charges, without.total) == ((), d("25.00"))


@given(st.lists(st.integers(1, 9), min_size=1, max_size=6), st.decimals("0.01", "500", places=2))
def test_however_an_order_is_split_its_charge_is_billed_exactly_once(parts: list[int], charge: Decimal) -> None:
    asked = order(line("001", sum(parts), "3.33"), charges=(Charge(kind="charge", amount=charge),))
    before: list[Invoice] = []
    shares = []
    for part in parts:
        fact = billed({"001": part}, price="3.33")
        invoice = draft_invoice(asked, fact, None, today=MONDAY, charges="in proportion", before=before)
        shares += [share.amount for share in invoice.charges]
        before.append(invoice)
    assert total(shares) == charge
    assert all(share > 0 for share in shares)
