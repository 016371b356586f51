"""Each rule has one document that keeps it and one that breaks it; the scenes change one thing in a document that is right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from trade import (
    MONDAY,
    NOON,
    PREFIX,
    billed,
    confirmed,
    d,
    dated,
    decided,
    labels,
    line,
    notice_of,
    opened,
    order,
    shipped,
    shipped_thread,
)

from edi_gateway.documents.base import Carrier, Charge, ItemId, Tax, Terms
from edi_gateway.documents.invoice import Invoice
from edi_gateway.documents.order_acknowledgment import OrderAcknowledgment
from edi_gateway.documents.ship_notice import ShipNotice
from edi_gateway.order_to_cash.compliance import Around, Breach, check_acknowledgment, check_invoice, check_ship_notice
from edi_gateway.order_to_cash.turnaround import ShipTerms, draft_acknowledgment, draft_invoice, draft_ship_notice
from edi_gateway.trading.compliance.pack import Acceptance, Rules

replace = msgspec.structs.replace
OURS = Around(company_prefix=PREFIX)
GTIN = ItemId(qualifier="UP", id="614141001378")
ORDER = order(
    line("001", 10, item_ids=(GTIN, ItemId(qualifier="IN", id="000044104"))),
    line("002", 5),
    dates=dated(q037=MONDAY, q001=date(2026, 1, 9)),
    terms=Terms(net_days=30),
)
ANSWER = draft_acknowledgment(ORDER, decided(("001", "accepted", 10), ("002", "rejected", 5)), today=MONDAY)
FACT = replace(shipped({"001": 6}, {"001": 4, "002": 5}), carrier=Carrier(scac="PBCX"))
NOTICE = notice_of(ORDER, FACT)
INVOICE = draft_invoice(ORDER, billed({"001": 10, "002": 5}), NOTICE, today=MONDAY)
SHIPPED = shipped_thread(ORDER, {"001": 6}, {"001": 4, "002": 5})


def rules(breaches: tuple[Breach, ...]) -> set[str]:
    return {breach.rule for breach in breaches}


def test_the_drafts_of_an_order_that_goes_well_break_no_rule() -> None:
    assert check_acknowledgment(ORDER, ANSWER) == ()
    assert check_ship_notice(ORDER, opened(ORDER), NOTICE, around=OURS) == ()
    assert check_invoice(ORDER, SHIPPED, INVOICE) == ()


def first(answer: OrderAcknowledgment, **changes: object) -> OrderAcknowledgment:
    return replace(answer, lines=(replace(answer.lines[0], **changes), *answer.lines[1:]))


WRONG_ANSWERS: dict[str, tuple[str, Callable[[OrderAcknowledgment], OrderAcknowledgment]]] = {
    "a line left out": ("R05", lambda a: replace(a, lines=a.lines[:1])),
    "a line twice": ("R05", lambda a: replace(a, lines=(*a.lines, a.lines[0]))),
    "a line nobody ordered": ("R05", lambda a: replace(a, lines=(*a.lines, replace(a.lines[0], number="003")))),
    "a quantity short": ("R05", lambda a: first(a, decisions=(replace(a.lines[0].decisions[0], quantity=d(9)),))),
    "nothing decided": ("R05", lambda a: first(a, decisions=())),
    "another unit": ("R05", lambda a: first(a, unit="CA")),
    "no reason": ("R05", lambda a: first(a, decisions=(replace(a.lines[0].decisions[0], status="rejected"),))),
    "changes without lines": ("R05", lambda a: replace(a, lines=())),
    "a day too late": ("R06", lambda a: first(a, decisions=(replace(a.lines[0].decisions[0], ship_on=date(2026, 1, 10)),))),
    "a day too early": ("R06", lambda a: first(a, decisions=(replace(a.lines[0].decisions[0], ship_on=date(2026, 1, 4)),))),
    "leading zeros of the order lost": ("R24", lambda a: replace(a, number="4711")),
    "department lost": ("R24", lambda a: replace(a, department="42")),
    "vendor number lost": ("R24", lambda a: replace(a, vendor_number="")),
    "ship-to lost": ("R24", lambda a: replace(a, ship_to=None)),
}


@pytest.mark.parametrize("name", WRONG_ANSWERS)
def test_an_855_that_is_wrong_in_one_thing_breaks_one_rule(name: str) -> None:
    rule, spoil = WRONG_ANSWERS[name]
    assert rules(check_acknowledgment(ORDER, spoil(ANSWER))) == {rule}


def test_an_855_that_accepts_the_whole_order_needs_no_lines() -> None:
    whole = replace(ANSWER, decision="accepted", lines=())
    assert check_acknowledgment(ORDER, whole) == ()


def test_a_backorder_may_come_after_the_window() -> None:
    late = replace(ANSWER.lines[0].decisions[0], status="backordered", ship_on=date(2026, 2, 1))
    assert check_acknowledgment(ORDER, first(ANSWER, decisions=(late,))) == ()


def packs(notice: ShipNotice, *changed: object) -> ShipNotice:
    return replace(notice, orders=(replace(notice.orders[0], packs=changed),))


def pack(notice: ShipNotice, **changes: object) -> ShipNotice:
    one, two = notice.orders[0].packs
    return packs(notice, one, replace(two, **changes))


def items(notice: ShipNotice, **changes: object) -> ShipNotice:
    held = notice.orders[0].packs[1].items
    return pack(notice, items=(replace(held[0], **changes), held[1]))


WRONG_NOTICES: dict[str, tuple[str, Callable[[ShipNotice], ShipNotice]]] = {
    "a structure nobody knows": ("R11", lambda n: replace(n, structure="shipment, pack, order, item")),
    "an empty pack": ("R11", lambda n: pack(n, items=())),
    "more than ordered": ("R12", lambda n: items(n, quantity=d(5))),
    "nothing of an item": ("R12", lambda n: items(n, quantity=d(0))),
    "another unit": ("R12", lambda n: items(n, unit="CA")),
    "a line nobody ordered": ("R12", lambda n: items(n, line_number="003")),
    "cartons miscounted": ("R13", lambda n: replace(n, pack_count=3)),
    "one label twice": ("R13", lambda n: pack(n, sscc=labels(1)[0])),
    "no weight": ("R13", lambda n: replace(n, weight=None)),
    "a weight of zero": ("R13", lambda n: replace(n, weight=d(0))),
    "a weight that is not the packs'": ("R13", lambda n: replace(n, weight=d("10.11"))),
    "a wrong check digit": ("R14", lambda n: pack(n, sscc=labels(2)[1][:17] + "0")),
    "a label of somebody else": ("R14", lambda n: pack(n, sscc="100000000000000007")),
    "no label": ("R14", lambda n: pack(n, sscc="")),
    "no bill of lading": ("R16", lambda n: replace(n, bill_of_lading="")),
    "no carrier": ("R16", lambda n: replace(n, carrier=None)),
    "an item id the buyer did not use": ("R18", lambda n: items(n, item_ids=(GTIN, ItemId(qualifier="IN", id="44104")))),
    "an item id left out": ("R18", lambda n: items(n, item_ids=(GTIN,))),
    "another order": ("R24", lambda n: replace(n, orders=(replace(n.orders[0], order_number="4711"),))),
    "department lost": ("R24", lambda n: replace(n, orders=(replace(n.orders[0], department=""),))),
    "another store": ("R24", lambda n: replace(n, ship_to=replace(n.ship_to, id="423"))),
}


@pytest.mark.parametrize("name", WRONG_NOTICES)
def test_an_856_that_is_wrong_in_one_thing_breaks_one_rule(name: str) -> None:
    rule, spoil = WRONG_NOTICES[name]
    assert rules(check_ship_notice(ORDER, opened(ORDER), spoil(NOTICE), around=OURS)) == {rule}


def test_a_shipment_of_what_was_rejected_is_stopped() -> None:
    thread = confirmed(ORDER, ("001", "accepted", 10), ("002", "rejected", 5))
    assert rules(check_ship_notice(ORDER, thread, NOTICE)) == {"R08"}


def test_nothing_ships_before_its_855_where_the_partner_requires_one() -> None:
    assert rules(check_ship_notice(ORDER, opened(ORDER), NOTICE, rules=Rules(R08=Acceptance(after_acknowledgment=True)))) == {
        "R08"
    }


def test_a_second_original_of_one_shipment_is_stopped() -> None:
    part = notice_of(ORDER, replace(shipped({"001": 1}), carrier=Carrier(scac="PBCX")))
    thread = shipped_thread(ORDER, {"001": 1})
    assert rules(check_ship_notice(ORDER, thread, part)) == {"R10"}


def test_an_over_shipment_within_the_tolerance_passes() -> None:
    eleven = notice_of(ORDER, replace(shipped({"001": 11}), carrier=Carrier(scac="PBCX")))
    assert rules(check_ship_notice(ORDER, opened(ORDER), eleven)) == {"R12"}
    assert check_ship_notice(ORDER, opened(ORDER), eleven, over_shipment_percent=d(10)) == ()


def test_a_structure_without_packs_needs_no_labels() -> None:
    notice = draft_ship_notice(ORDER, FACT, ShipTerms(structure="shipment, order, item"), now=NOON)
    assert check_ship_notice(ORDER, opened(ORDER), notice, around=OURS) == ()
    assert check_ship_notice(ORDER, opened(ORDER), replace(notice, pack_count=1)) == ()
    assert rules(check_ship_notice(ORDER, opened(ORDER), replace(notice, pack_count=0))) == {"R13"}


def test_a_gtin_the_buyer_got_wrong_is_echoed_and_warned_of() -> None:
    asked = order(line("001", 10, item_ids=(ItemId(qualifier="UP", id="614141001370"),)))
    (breach,) = check_ship_notice(
        asked, opened(asked), notice_of(asked, replace(shipped({"001": 1}), carrier=Carrier(scac="PBCX")))
    )
    assert (breach.rule, breach.severity) == ("R18", "warn")


def invoice_line(invoice: Invoice, **changes: object) -> Invoice:
    return replace(invoice, lines=(replace(invoice.lines[0], **changes), invoice.lines[1]))


WRONG_INVOICES: dict[str, tuple[str, Callable[[Invoice], Invoice]]] = {
    "an item id left out": ("R18", lambda i: invoice_line(i, item_ids=(GTIN,))),
    "a shipment not told of": ("R20", lambda i: replace(i, shipment="S2")),
    "dated before departure": ("R20", lambda i: replace(i, invoiced_on=date(2026, 1, 4))),
    "a line nobody ordered": ("R22", lambda i: invoice_line(i, number="003")),
    "another unit": ("R22", lambda i: invoice_line(i, unit="CA")),
    "more than shipped": ("R22", lambda i: replace(invoice_line(i, quantity=d(11), amount=d("27.50")), total=d("40.00"))),
    "another price": ("R22", lambda i: replace(invoice_line(i, unit_price=d("2.51"), amount=d("25.10")), total=d("37.60"))),
    "another basis": ("R22", lambda i: replace(invoice_line(i, price_basis="HP", amount=d("0.25")), total=d("12.75"))),
    "other terms": ("R22", lambda i: replace(i, terms=Terms(net_days=60))),
    "an amount off by a cent": ("R23", lambda i: replace(invoice_line(i, amount=d("25.01")), total=d("37.51"))),
    "a total off by a cent": ("R23", lambda i: replace(i, total=d("37.51"))),
    "a charge outside the total": ("R23", lambda i: replace(i, charges=(Charge(kind="charge", amount=d(1)),))),
    "an allowance added": ("R23", lambda i: replace(i, charges=(Charge(kind="allowance", amount=d(1)),), total=d("38.50"))),
    "more allowed than billed": (
        "R23",
        lambda i: replace(i, charges=(Charge(kind="allowance", amount=d(40)),), total=d("-2.50")),
    ),
    "leading zeros of the order lost": ("R24", lambda i: replace(i, order_number="4711")),
    "vendor number lost": ("R24", lambda i: replace(i, vendor_number="90210")),
}


@pytest.mark.parametrize("name", WRONG_INVOICES)
def test_an_810_that_is_wrong_in_one_thing_breaks_one_rule(name: str) -> None:
    rule, spoil = WRONG_INVOICES[name]
    assert rules(check_invoice(ORDER, SHIPPED, spoil(INVOICE))) == {rule}


def test_charges_allowances_and_taxes_are_part_of_the_total() -> None:
    charged = replace(
        INVOICE,
        charges=(Charge(kind="charge", amount=d("3.00")), Charge(kind="allowance", amount=d("1.00"))),
        taxes=(Tax(type="ST", amount=d("0.50")),),
        total=d("40.00"),
    )
    assert check_invoice(ORDER, SHIPPED, charged) == ()
    assert rules(check_invoice(ORDER, SHIPPED, charged, charges_allowed=False)) == {"R23"}


def test_an_invoice_number_used_before_is_stopped() -> None:
    assert rules(check_invoice(ORDER, SHIPPED, INVOICE, around=Around(number_used=True))) == {"R21"}


def test_an_invoice_before_its_856_passes_where_the_partner_does_not_mind() -> None:
    unnamed = replace(INVOICE, shipment="")
    assert check_invoice(ORDER, SHIPPED, unnamed, after_ship_notice=False) == ()


def test_a_price_the_order_does_not_name_has_to_be_agreed_elsewhere() -> None:
    asked = order(line("001", 10, None))
    thread = shipped_thread(asked, {"001": 10})
    invoice = draft_invoice(asked, billed({"001": 10}), None, today=MONDAY)
    assert rules(check_invoice(asked, thread, invoice)) == {"R22"}
    assert check_invoice(asked, thread, invoice, agreed_prices={"001": d("2.50")}) == ()


def test_an_answer_and_a_ship_notice_are_held_against_the_days_of_each_line() -> None:
    """Of the second line the buyer wants later days: what is right for it is too late for the first."""
    later = dated(q037=date(2026, 1, 10), q001=date(2026, 1, 20))
    asked = replace(ORDER, lines=(ORDER.lines[0], replace(ORDER.lines[1], dates=later)))
    promised = (replace(one.decisions[0], status="accepted", ship_on=date(2026, 1, 10)) for one in ANSWER.lines)
    answer = replace(
        ANSWER, lines=tuple(replace(one, decisions=(made,)) for one, made in zip(ANSWER.lines, promised, strict=True))
    )
    assert [(one.rule, one.place) for one in check_acknowledgment(asked, answer)] == [("R06", "line 001")]
    (breach,) = check_ship_notice(asked, opened(asked), NOTICE, around=OURS)
    assert (breach.rule, breach.severity) == ("R09", "warn")
    assert "the ship window of line 002 is 2026-01-10 to 2026-01-20" in breach.message


def test_goods_that_left_outside_of_the_ship_window_are_told_of_and_never_held() -> None:
    late = replace(NOTICE, shipped_on=date(2026, 1, 10), delivery_on=None)
    (breach,) = check_ship_notice(ORDER, opened(ORDER), late, around=OURS)
    assert (breach.rule, breach.severity) == ("R09", "warn")
    assert "it left on 2026-01-10, and the order's ship window is 2026-01-05 to 2026-01-09" in breach.message


@pytest.mark.parametrize(
    ("leaves_in", "shipped_on", "severity"),
    [(3, date(2026, 1, 3), "stop"), (-3, date(2026, 1, 3), "warn"), (3, date(2026, 1, 10), "warn")],
)
def test_goods_that_are_to_leave_before_the_ship_window_can_be_held_and_those_that_left_cannot(
    leaves_in: int, shipped_on: date, severity: str
) -> None:
    now = datetime(2026, 1, 3, 12, tzinfo=UTC)
    around = replace(OURS, now=now, leaves_at=now + timedelta(hours=leaves_in))
    (breach,) = check_ship_notice(ORDER, opened(ORDER), replace(NOTICE, shipped_on=shipped_on, delivery_on=None), around=around)
    assert (breach.place, breach.severity) == ("ship date", severity)
