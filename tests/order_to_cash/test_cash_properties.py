"""Whatever a partner writes into its remittances: no cent appears, none gets lost, and none counts twice."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from trade import MONDAY

from edi_gateway.documents.base import Terms
from edi_gateway.documents.party import Party
from edi_gateway.documents.remittance import Remittance, RemittanceAdjustment, RemittanceItem
from edi_gateway.order_to_cash.cash import Deposit, apply, settle
from edi_gateway.order_to_cash.receivable import Receivable

ZERO = Decimal(0)
amounts = st.decimals("0.01", "500.00", places=2)
signed = st.decimals("-50.00", "500.00", places=2)
adjustments = st.lists(st.builds(RemittanceAdjustment, amount=st.decimals("-60", "60", places=2)), max_size=2).map(tuple)
invoices = st.sampled_from(["1", "01", "2", "3", "X"])
terms = st.one_of(st.none(), st.builds(Terms, discount_percent=st.just(Decimal(2)), discount_days=st.just(10)))
receivable_lists = st.lists(
    st.builds(
        Receivable,
        invoice=invoices,
        order_number=st.sampled_from(["A", "B"]),
        invoiced_on=st.just(MONDAY),
        amount=amounts,
        terms=terms,
    ),
    max_size=4,
    unique_by=lambda receivable: receivable.invoice,
)
items = st.builds(
    RemittanceItem,
    qualifier=st.sampled_from(["IV", "PO"]),
    reference=st.sampled_from(["1", "01", "2", "3", "X", "A", "B"]),
    paid=signed,
    discount=st.one_of(st.none(), st.decimals("-1", "20", places=2)),
    order_number=st.sampled_from(["", "A", "B"]),
    adjustments=adjustments,
)


@st.composite
def remittances(draw: st.DrawFn) -> Remittance:
    listed = tuple(draw(st.lists(items, max_size=5)))
    outside = draw(adjustments)
    return Remittance(
        amount=sum((item.paid for item in listed), ZERO) + sum((a.amount for a in outside), ZERO),
        trace=draw(st.sampled_from(["T1", "T2", "T3"])),
        payer=Party(role="PR", id="NWB"),
        effective_on=MONDAY + timedelta(days=draw(st.integers(0, 20))),
        items=listed,
        adjustments=outside,
    )


def on(receivable: Receivable, application) -> Receivable:  # type: ignore[no-untyped-def]
    for applied in application.applied:
        if applied.invoice == receivable.invoice:
            receivable = receivable.with_payment(applied.payment)
    return receivable


@given(remittances(), receivable_lists)
def test_every_cent_of_a_remittance_is_applied_kept_on_account_or_an_adjustment(told: Remittance, owed: list[Receivable]) -> None:
    application = apply(told, owed)
    assert application.holds == ()
    assert application.applied_amount + application.unapplied + application.adjusted == told.amount


@given(st.lists(remittances(), max_size=4, unique_by=lambda told: told.trace), receivable_lists)
def test_no_invoice_is_ever_remitted_beyond_what_was_billed(told: list[Remittance], owed: list[Receivable]) -> None:
    for each in told:
        application = apply(each, owed)
        owed = [on(receivable, application) for receivable in owed]
    for receivable in owed:
        assert receivable.unremitted >= 0
        assert receivable.discount <= receivable.discount_allowed(MONDAY)
        assert receivable.amount == receivable.open + receivable.paid + receivable.discount + receivable.deducted
        assert ZERO <= receivable.paid <= receivable.remitted


CREDITED = [
    Receivable(invoice=number, order_number="A", invoiced_on=MONDAY, amount=Decimal(300)).with_credit(f"C{number}", off, MONDAY)
    for number, off in (("1", Decimal(50)), ("2", Decimal("12.50")))
]
taken = st.builds(
    RemittanceItem,
    qualifier=st.sampled_from(["IV", "CL"]),
    reference=st.sampled_from(["1", "2", "C1", "C2"]),
    paid=st.sampled_from([Decimal(x) for x in ("-50", "50", "-12.50", "300", "250", "287.50", "-49.99")]),
)


@given(st.lists(st.lists(taken, max_size=4), max_size=3))
def test_a_credit_note_is_taken_whole_and_once_and_nothing_beyond_what_was_billed(told: list[list[RemittanceItem]]) -> None:
    owed = list(CREDITED)
    for number, listed in enumerate(told):
        amount = sum((item.paid for item in listed), ZERO)
        application = apply(Remittance(amount=amount, trace=f"T{number}", items=tuple(listed)), owed)
        assert application.applied_amount + application.unapplied == amount
        owed = [on(receivable, application) for receivable in owed]
    for receivable in owed:
        assert all(receivable.left_of(credit) in (ZERO, credit.amount) for credit in receivable.credits)
        assert ZERO <= receivable.unremitted + receivable.untaken <= receivable.amount
        assert receivable.amount == receivable.open + receivable.paid + receivable.credited


@given(remittances(), receivable_lists, signed)
def test_only_a_deposit_of_the_very_amount_pays(told: Remittance, owed: list[Receivable], came: Decimal) -> None:
    settlement = settle(apply(told, owed), Deposit(trace=told.trace, amount=came, on=date(2026, 2, 1)))
    assert settlement.agreed == (came == told.amount)


@given(remittances(), receivable_lists)
def test_whatever_was_not_applied_in_full_is_asked_about(told: Remittance, owed: list[Receivable]) -> None:
    application = apply(told, owed)
    asked = {question.item for question in application.questions}
    for position, item in enumerate(told.items, start=1):
        applied = sum((a.payment.net + a.payment.claimed for a in application.applied if a.payment.item == position), ZERO)
        assert applied == item.paid or position in asked


@given(remittances(), receivable_lists)
def test_a_suggestion_is_never_an_invoice_we_do_not_have(told: Remittance, owed: list[Receivable]) -> None:
    known = {receivable.invoice for receivable in owed}
    assert all(set(question.suggestions) <= known for question in apply(told, owed).questions)
