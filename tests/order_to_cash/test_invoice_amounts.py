"""Invoices exact to the cent: how lines are rounded, shares of charges and taxes over partial shipments, days of the terms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from trade import MONDAY, NOON, billed, d, line, order

from edi_gateway.documents.base import Charge, Tax, Terms
from edi_gateway.documents.invoice import Invoice
from edi_gateway.documents.order import Order
from edi_gateway.errors import NeedsPerson
from edi_gateway.order_to_cash.compliance.invoice import r22_terms, r23_lines, r23_total
from edi_gateway.order_to_cash.credit import Why
from edi_gateway.order_to_cash.facts import Billed, BilledLine, Credited
from edi_gateway.order_to_cash.money import CENT, Rounding, exact_amount, rounded, shares, to_cent
from edi_gateway.order_to_cash.receivable import receivable_of
from edi_gateway.order_to_cash.turnaround import InvoicePolicy, consolidated, draft_credit, draft_invoice, shipments_of

CENTS = st.decimals("0.01", "9999.99", places=2)
PRICES = st.decimals("0.0001", "99.9999", places=4)
QUANTITIES = st.integers(1, 5000).map(Decimal)
ROUNDINGS = st.builds(Rounding, st.booleans(), st.booleans())
NO_CHARGE = ("neither", "R", "Q", "P", "S")  # SAC01: what says that it is none, a request, a promotion, a service
IN_PROPORTION = InvoicePolicy(charges="in proportion", taxes="in proportion")


def invoice(asked: Order, quantities: dict[str, Decimal], policy: InvoicePolicy, before: Sequence[Invoice] = ()) -> Invoice:
    prices = {one.number: one.unit_price or Decimal(0) for one in asked.lines}
    lines = tuple(BilledLine(line_number=n, quantity=q, unit_price=prices[n]) for n, q in quantities.items())
    fact = msgspec.structs.replace(billed({}), lines=lines)
    return draft_invoice(asked, fact, None, today=MONDAY, policy=policy, before=before)


@st.composite
def orders(draw: st.DrawFn) -> Order:
    bases = st.sampled_from(["", "PE", "HP", "TP", "DI"])
    lines = [
        line(str(n + 1), str(draw(QUANTITIES)), str(draw(PRICES)), price_basis=draw(bases))
        for n in range(draw(st.integers(1, 5)))
    ]
    return order(*lines)


@given(orders(), ROUNDINGS)
def test_the_parts_of_an_invoice_come_to_its_total_however_it_is_rounded(asked: Order, rounding: Rounding) -> None:
    made = invoice(asked, {one.number: one.quantity for one in asked.lines}, InvoicePolicy(rounding=rounding))
    assert sum(one.amount for one in made.lines) == made.total
    assert list(r23_lines(made, rounding)) == []
    assert list(r23_total(made)) == []
    assert all(one.amount == one.amount.quantize(CENT) for one in made.lines)


@given(orders(), st.booleans())
def test_a_total_rounded_once_is_the_exact_sum_to_the_cent(asked: Order, half_even: bool) -> None:
    rounding = Rounding(half_even, of_total=True)
    made = invoice(asked, {one.number: one.quantity for one in asked.lines}, InvoicePolicy(rounding=rounding))
    exact = sum(exact_amount(one.quantity, one.unit_price or d(0), one.price_basis) for one in asked.lines)
    assert made.total == to_cent(Decimal(exact), rounding)


@pytest.mark.parametrize(
    ("rounding", "cents"),
    [
        (Rounding(), ["0.13", "0.13"]),
        (Rounding(half_even=True), ["0.12", "0.12"]),
        (Rounding(of_total=True), ["0.13", "0.12"]),
    ],
)
def test_half_a_cent_goes_where_the_policy_says(rounding: Rounding, cents: list[str]) -> None:
    assert rounded([d("0.125"), d("0.125")], rounding) == tuple(map(Decimal, cents))


def test_a_price_by_the_dozen_is_not_half_a_cent_short() -> None:
    parts = [exact_amount(d(1), d("0.06"), "PD")] * 3  # three times half a cent
    assert sum(rounded(parts, Rounding(of_total=True))) == d("0.02")


@given(CENTS, st.lists(st.decimals("0", "500", places=3), min_size=1, max_size=8))
def test_shares_add_up_to_what_is_shared(amount: Decimal, parts: list[Decimal]) -> None:
    found = shares(amount, parts)
    assert sum(found) == (amount if any(parts) else 0)
    assert all(cent == cent.quantize(CENT) or not cent for cent in found)


@given(orders(), CENTS, CENTS, st.data())
def test_charges_and_taxes_of_partial_invoices_add_up_to_those_of_the_order(
    asked: Order, freight: Decimal, tax: Decimal, data: st.DataObject
) -> None:
    charge = Charge(kind="charge", code="D240", amount=freight)
    asked = msgspec.structs.replace(asked, charges=(charge,), taxes=(Tax(type="ST", amount=tax),))
    asked = msgspec.structs.replace(
        asked, lines=tuple(msgspec.structs.replace(one, unit_price=d("1.00"), price_basis="") for one in asked.lines)
    )
    left, made = {one.number: one.quantity for one in asked.lines}, []
    for last in (False, False, True):
        part = {n: q if last else Decimal(data.draw(st.integers(0, int(q)))) for n, q in left.items()}
        left = {n: q - part[n] for n, q in left.items()}
        if any(part.values()):
            made.append(invoice(asked, {n: q for n, q in part.items() if q}, IN_PROPORTION, made))
    assert sum(one.amount for each in made for one in each.charges) == freight
    assert sum(one.amount or 0 for each in made for one in each.taxes) == tax
    assert all(list(r23_total(each)) == [] for each in made)


def priced_at(asked: Order, quantities: dict[str, int], before: Sequence[Invoice] = (), price: str = "10") -> Invoice:
    """The invoice of so much of each line at a price, with the order's charges in proportion."""
    lines = tuple(BilledLine(line_number=n, quantity=d(q), unit_price=d(price)) for n, q in quantities.items())
    fact = msgspec.structs.replace(billed({}), lines=lines)
    return draft_invoice(asked, fact, None, today=MONDAY, policy=IN_PROPORTION, before=before)


def credited(of: Invoice, quantities: dict[str, int], price: str = "10", why: Why = "overbilled") -> Credited:
    return Credited(at=NOON, credit="C1", invoice=of.number, why=why, lines=billed(quantities, price=price).lines)


def freight(*invoices: Invoice) -> list[Decimal]:
    return [sum((charge.amount for charge in one.charges), d(0)) for one in invoices]


FREIGHT = (Charge(kind="charge", code="D240", amount=d("100.00")),)
HUNDRED = order(line("1", 100, "10"), charges=FREIGHT)


def test_a_line_that_a_change_adds_between_two_invoices_brings_no_more_freight() -> None:
    first = priced_at(HUNDRED, {"1": 50})
    grown = order(*HUNDRED.lines, line("2", 100, "10"), charges=FREIGHT)
    second = priced_at(grown, {"1": 25}, [first])  # 75 of 200 are billed, and half of the freight was
    third = priced_at(grown, {"1": 25, "2": 100}, [first, second])
    assert freight(first, second, third) == [d("50.00"), d(0), d("50.00")]


def test_an_order_cut_after_its_first_invoice_is_completed_with_the_rest_of_the_freight() -> None:
    first = priced_at(HUNDRED, {"1": 50})
    second = priced_at(order(line("1", 75, "10"), charges=FREIGHT), {"1": 25}, [first])
    assert freight(first, second) == [d("50.00"), d("50.00")]


@pytest.mark.parametrize("price", ["9.50", "11"])
def test_a_price_that_is_not_the_orders_changes_no_freight(price: str) -> None:
    assert freight(priced_at(HUNDRED, {"1": 100}, price=price)) == [d("100.00")]


def test_freight_of_an_order_without_prices_goes_by_quantities() -> None:
    unpriced = order(msgspec.structs.replace(line("1", 100), unit_price=None), charges=FREIGHT)
    assert freight(priced_at(unpriced, {"1": 25})) == [d("25.00")]


def test_freight_that_a_credit_note_took_back_is_billed_with_what_is_billed_anew() -> None:
    first = priced_at(HUNDRED, {"1": 50})
    note = draft_credit(first, credited(first, {"1": 50}), today=MONDAY)
    assert freight(note, priced_at(HUNDRED, {"1": 50}, [first, note])) == [d("50.00"), d("50.00")]


def test_a_discount_stated_as_an_amount_is_granted_once_over_all_invoices() -> None:
    asked = order(line("1", 7, "10"), terms=Terms(discount_amount=d("20.00"), discount_days=10, net_days=30))
    made: list[Invoice] = []
    for quantity in (2, 2, 3):
        made.append(priced_at(asked, {"1": quantity}, made))
    granted = [receivable_of(one).discount_allowed(MONDAY) for one in made]
    assert granted == [d("5.71"), d("5.72"), d("8.57")]
    assert sum(granted) == d("20.00")
    assert [list(r22_terms(asked, one)) for one in made] == [[], [], []]
    together = consolidated(made, today=MONDAY, policy=InvoicePolicy())
    assert receivable_of(together).discount_allowed(MONDAY) == d("20.00")


def test_a_tax_credited_with_a_price_is_not_charged_again_on_the_next_invoice() -> None:
    asked = order(line("1", 10, "10"), line("2", 10, "10"), taxes=(Tax(type="ST", amount=d("10.00")),))
    policy = InvoicePolicy(taxes="in proportion")
    first = invoice(asked, {"1": d(10)}, policy)
    note = draft_credit(first, credited(first, {"1": 10}, price="5", why="price"), today=MONDAY)
    second = invoice(asked, {"2": d(10)}, policy, [first, note])
    assert [sum(tax.amount or d(0) for tax in one.taxes) for one in (first, note, second)] == [d("5.00"), d("2.50"), d("5.00")]


@pytest.mark.parametrize(("back", "granted_then"), [(10, "20.00"), (4, "8.00")])
def test_a_discount_that_a_credit_note_took_back_is_granted_with_what_is_billed_anew(back: int, granted_then: str) -> None:
    asked = order(line("1", 10, "10"), terms=Terms(discount_amount=d("20.00"), discount_days=10, net_days=30))
    first = priced_at(asked, {"1": 10})
    note = draft_credit(first, credited(first, {"1": back}), today=MONDAY)
    again = priced_at(asked, {"1": back}, [first, note])
    assert receivable_of(again).discount_allowed(MONDAY) == d(granted_then)
    kept = receivable_of(first).with_credit(note.number, note.total, MONDAY).discount_allowed(MONDAY)
    assert kept + d(granted_then) == d("20.00")


def test_a_discount_stays_granted_where_only_a_price_is_taken_back() -> None:
    asked = order(line("1", 10, "10"), line("2", 10, "10"), terms=Terms(discount_amount=d("20.00")))
    first = priced_at(asked, {"1": 10})
    note = draft_credit(first, credited(first, {"1": 10}, price="5", why="price"), today=MONDAY)
    second = priced_at(asked, {"2": 10}, [first, note])
    assert [one.terms.discount_amount for one in (first, second) if one.terms] == [d("10.00"), d("10.00")]


def test_a_discount_above_that_of_the_order_is_a_breach() -> None:
    asked = order(line("1", 7, "10"), terms=Terms(discount_amount=d("20.00")))
    made = priced_at(asked, {"1": 7})
    more = msgspec.structs.replace(made, terms=Terms(discount_amount=d("20.01")))
    assert [breach.rule for breach in r22_terms(asked, more)] == ["R22"]


def taxed(policy: InvoicePolicy, rate: str) -> Invoice:
    """The invoice of ten at ten with a sales tax of that rate."""
    asked = order(line("1", 10, "10.00"), taxes=(Tax(type="ST", percent=d(rate)),))
    return invoice(asked, {"1": d(10)}, policy)


def test_a_tax_rate_is_of_what_is_billed_with_its_allowances_and_of_its_own_line() -> None:
    allowance = Charge(kind="allowance", code="C310", amount=d("5.00"))
    asked = order(
        line("1", 10, "10.00", taxes=(Tax(type="LS", percent=d(".02")),)),
        line("2", 10, "5.00"),
        charges=(allowance,),
        taxes=(Tax(type="ST", percent=d(".06875")),),
    )
    made = invoice(asked, {"1": d(10), "2": d(10)}, IN_PROPORTION)
    assert [(tax.type, tax.amount) for tax in made.taxes] == [("ST", d("9.97")), ("LS", d("2.00"))]
    assert made.total == d("150.00") - d("5.00") + d("9.97") + d("2.00")


def test_a_partner_may_write_the_rates_of_taxes_as_percents() -> None:
    made = taxed(IN_PROPORTION._replace(tax_rates="percents"), "8.25")
    assert [(tax.percent, tax.amount) for tax in made.taxes] == [(d("8.25"), d("8.25"))]


def test_a_rate_that_is_no_decimal_is_put_to_a_person_and_not_billed_a_hundredfold() -> None:
    with pytest.raises(NeedsPerson, match=r"tax ST.* 8\.25, by X12 825 percent.*tax_rates: percents"):
        taxed(IN_PROPORTION, "8.25")


def test_a_rate_that_may_be_half_a_percent_or_a_half_is_asked_about_until_the_partners_way_is_said() -> None:
    with pytest.raises(NeedsPerson, match=r"\(TXI03\) 0\.5, by X12 50 percent, or 0\.5 if they write percents"):
        taxed(IN_PROPORTION, "0.5")
    assert taxed(IN_PROPORTION._replace(tax_rates="percents"), "0.5").total == d("100.50")
    assert taxed(IN_PROPORTION._replace(tax_rates="decimals"), ".13").total == d("113.00")
    with pytest.raises(NeedsPerson):
        taxed(IN_PROPORTION._replace(tax_rates="decimals"), "1.5")


@pytest.mark.parametrize(("exempt", "billed"), [("", "8.25"), ("2", "8.25"), ("1", "0"), ("0", "0"), ("X", "0")])
@pytest.mark.parametrize("stated", [Tax(type="ST", percent=d(".0825")), Tax(type="ST", amount=d("8.25"))])
def test_an_order_that_is_exempt_from_a_tax_is_not_billed_it(stated: Tax, exempt: str, billed: str) -> None:
    asked = order(line("1", 10, "10.00"), taxes=(msgspec.structs.replace(stated, exempt=exempt),))
    made = invoice(asked, {"1": d(10)}, IN_PROPORTION)
    assert made.total == d("100.00") + d(billed)
    assert sum(tax.amount or d(0) for tax in made.taxes) == d(billed)


def charged(charge: Charge, *invoiced: int) -> list[Decimal]:
    """The totals of invoices of an order of ten at ten that has a charge."""
    asked, made = order(line("1", 10, "10.00"), charges=(charge,)), list[Invoice]()
    for quantity in invoiced:
        made.append(priced_at(asked, {"1": quantity}, made))
    assert [list(r23_total(one)) for one in made] == [[] for _ in made]
    return [one.total for one in made]


@pytest.mark.parametrize(("kind", "total"), [("charge", "105"), ("allowance", "95"), *((each, "100") for each in NO_CHARGE)])
def test_only_allowances_and_charges_are_billed_and_no_requests_of_either(kind: str, total: str) -> None:
    assert charged(Charge(kind=kind, code="C310", amount=d("5.00")), 10) == [d(total)]


@pytest.mark.parametrize(("handling", "total"), [("", "95"), ("02", "95"), ("01", "100"), ("09", "100"), ("15", "100")])
def test_an_allowance_that_they_bill_back_or_we_pay_apart_is_not_given_twice(handling: str, total: str) -> None:
    assert charged(Charge(kind="allowance", code="C310", amount=d("5.00"), handling=handling), 10) == [d(total)]


def test_what_is_neither_allowance_nor_charge_is_no_part_of_the_total_of_an_invoice() -> None:
    made = priced_at(order(line("1", 10, "10.00")), {"1": 10})
    assert list(r23_total(msgspec.structs.replace(made, charges=(Charge(kind="R", amount=d("5.00")),)))) == []


@pytest.mark.parametrize(
    "allowance",
    [
        Charge(kind="allowance", percent=d(5)),
        Charge(kind="allowance", percent=d(5), percent_of="3"),
        Charge(kind="allowance", rate=d("0.50"), quantity=d(10), unit="EA"),
    ],
)
def test_an_allowance_without_an_amount_is_its_percentage_or_rate_over_all_invoices(allowance: Charge) -> None:
    assert charged(allowance, 10) == [d("95.00")]
    assert charged(allowance, 3, 7) == [d("28.50"), d("66.50")]


def test_a_percentage_at_a_line_is_of_that_line() -> None:
    asked = order(line("1", 10, "10.00", charges=(Charge(kind="charge", percent=d(5)),)), line("2", 10, "10.00"))
    assert priced_at(asked, {"1": 10, "2": 10}).total == d("205.00")


@pytest.mark.parametrize(
    ("charge", "said"),
    [
        (Charge(kind="charge", code="D240", rate=d("0.50")), r"charge D240 .* for how many"),
        (Charge(kind="charge", code="D240", percent=d(5), percent_of="4"), r"5 percent of something"),
        (Charge(kind="allowance", code="C310", amount=d(-5)), r"allowance C310 \(SAC\) of -5"),
    ],
)
def test_a_charge_that_does_not_say_how_much_it_is_is_put_to_a_person(charge: Charge, said: str) -> None:
    with pytest.raises(NeedsPerson, match=said):
        charged(charge, 10)


TERMS = Terms(type="01", basis="3", discount_percent=d("2"), discount_days=10, net_days=30)


def test_terms_with_dates_say_the_days_and_the_discount_to_the_cent() -> None:
    asked = order(line("1", 3, "11.11"), terms=TERMS)
    made = invoice(asked, {"1": d(3)}, InvoicePolicy(dates=True))
    assert made.terms is not None
    assert (made.terms.discount_due_on, made.terms.net_due_on) == (date(2026, 1, 15), date(2026, 2, 4))
    assert made.terms.discount_amount == d("0.67")  # 2 % of 33.33
    assert list(r22_terms(asked, made)) == []


def test_days_that_count_from_the_delivery_are_left_as_days() -> None:
    asked = order(terms=msgspec.structs.replace(TERMS, basis="2"))
    made = invoice(asked, {"001": d(1)}, InvoicePolicy(dates=True))
    assert made.terms is not None
    assert (made.terms.discount_due_on, made.terms.net_due_on, made.terms.net_days) == (None, None, 30)


def test_terms_until_a_day_of_the_next_month_say_that_day() -> None:
    proximo = Terms(type="09", basis="3", discount_percent=d("2"), day_of_month=10)
    made = invoice(order(line("1", 3, "11.11"), terms=proximo), {"1": d(3)}, InvoicePolicy(dates=True))
    assert made.terms is not None
    assert (made.terms.discount_due_on, made.terms.net_due_on) == (date(2026, 2, 10), None)
    assert list(r22_terms(order(terms=proximo), made)) == []


def test_other_terms_than_the_orders_are_still_told() -> None:
    asked = order(terms=TERMS)
    made = invoice(asked, {"001": d(1)}, InvoicePolicy(dates=True))
    shorter = msgspec.structs.replace(made, terms=msgspec.structs.replace(TERMS, net_days=10))
    assert [breach.rule for breach in r22_terms(asked, shorter)] == ["R22"]


@given(st.lists(st.integers(1, 400), min_size=2, max_size=5), PRICES, ROUNDINGS)
def test_one_invoice_of_several_bills_all_their_quantities_and_names_all_their_shipments(
    quantities: list[int], price: Decimal, rounding: Rounding
) -> None:
    asked, policy = order(line("1", 5000, str(price))), InvoicePolicy(rounding=rounding)
    several = [
        draft_invoice(asked, _billed(place, Decimal(quantity), price), None, today=MONDAY, policy=policy)
        for place, quantity in enumerate(quantities)
    ]
    made = consolidated(several, today=date(2026, 1, 9), policy=policy)
    assert [(one.number, one.quantity) for one in made.lines] == [("1", sum(quantities))]
    assert shipments_of(made) == tuple(f"S{place}" for place in range(len(quantities)))
    assert (made.number, made.invoiced_on) == (several[0].number, date(2026, 1, 9))
    assert list(r23_lines(made, rounding)) == list(r23_total(made)) == []


def _billed(place: int, quantity: Decimal, price: Decimal) -> Billed:
    lines = (BilledLine(line_number="1", quantity=quantity, unit_price=price),)
    return msgspec.structs.replace(billed({}), invoice=f"N{place}", shipment=f"S{place}", lines=lines)
