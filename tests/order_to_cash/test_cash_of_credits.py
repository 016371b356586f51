"""Credit notes in remittances: taken by themselves before or after a part payment, and what is left of them told once."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from trade import MONDAY, d

from edi_gateway.documents.remittance import Remittance, RemittanceAdjustment, RemittanceItem
from edi_gateway.order_to_cash.cash import Application, apply
from edi_gateway.order_to_cash.receivable import Payment, Receivable

PAYDAY = date(2026, 1, 12)


def owed(invoice: str = "I1", *, paid: str = "", credits: tuple[str, ...] = ()) -> Receivable:
    """An invoice over 100.00, paid in part by an earlier remittance, with credit notes C1, C2 … on it."""
    one = Receivable(invoice=invoice, order_number="0004711", invoiced_on=MONDAY, currency="USD", amount=d("100.00"))
    if paid:
        one = one.with_payment(Payment(remittance="R0", item=1, net=d(paid)))
    for place, amount in enumerate(credits, start=1):
        one = one.with_credit(f"C{place}", d(amount), MONDAY)
    return one


def paying(*receivables: Receivable, **items: str) -> Application:
    """``paying(owed(), I1="100.00", C1="-20.00")``: what comes of a remittance with these items."""
    named = tuple(
        RemittanceItem(qualifier="IV" if name[0] == "I" else "CL", reference=name, paid=d(amount))
        for name, amount in items.items()
    )
    amount = sum((one.paid for one in named), d(0))
    return apply(Remittance(amount=amount, items=named, trace="T1", currency="USD", effective_on=PAYDAY), receivables)


def asked(application: Application) -> list[tuple[str, str]]:
    assert application.holds == ()
    return [(question.kind, str(question.amount)) for question in application.questions]


def test_a_credit_note_is_taken_out_of_the_rest_of_an_invoice_that_was_paid_in_part() -> None:
    application = paying(owed(paid="50.00", credits=("20.00",)), I1="50.00", C1="-20.00")
    assert asked(application) == []
    assert [(one.payment.net, one.payment.credit) for one in application.applied] == [(d("-20.00"), "C1"), (d("50.00"), "")]


def test_a_credit_note_of_an_invoice_paid_in_part_is_taken_out_of_another_one_s_payment() -> None:
    application = paying(owed(paid="50.00", credits=("20.00",)), owed("I2"), I2="100.00", C1="-20.00")
    assert asked(application) == []


@pytest.mark.parametrize(("paid", "credits"), [("80.00", ("20.00",)), ("70.00", ("20.00", "10.00")), ("95.00", ("20.00",))])
def test_a_credit_note_that_what_was_paid_already_leaves_no_room_for_is_taken_twice(paid: str, credits: tuple[str, ...]) -> None:
    application = paying(owed(paid=paid, credits=credits), owed("I2"), I2="100.00", C1="-20.00")
    assert asked(application) == [("credit taken twice", "-20.00")]


def test_the_rest_of_an_invoice_paid_as_billed_leaves_its_credit_note_to_them() -> None:
    application = paying(owed(paid="50.00", credits=("20.00",)), I1="50.00")
    assert asked(application) == [("credit not taken", "20.00")]


def test_of_two_credit_notes_the_one_that_is_not_taken_is_told() -> None:
    application = paying(owed(credits=("20.00", "10.00")), I1="100.00", C1="-20.00")
    assert asked(application) == [("credit not taken", "10.00")]
    assert "credit note C2 " in application.questions[0].message


def test_two_credit_notes_that_are_not_taken_are_told_each_for_itself() -> None:
    application = paying(owed(credits=("20.00", "10.00")), I1="100.00")
    assert asked(application) == [("credit not taken", "20.00"), ("credit not taken", "10.00")]


def test_a_credit_note_not_taken_is_told_by_the_remittance_that_left_it_and_by_no_later_one() -> None:
    left = owed(credits=("20.00", "10.00")).with_payment(Payment(remittance="R0", item=1, net=d("100.00")))
    assert asked(paying(left, owed("I2"), I2="100.00", C1="-20.00")) == []


@pytest.mark.parametrize("outside", [True, False])
def test_a_credit_note_in_another_currency_holds_the_whole_also_where_an_adjustment_takes_it(outside: bool) -> None:
    canadian = msgspec.structs.replace(owed("I2", credits=("20.00",)), currency="CAD")
    taken = (RemittanceAdjustment(amount=d("-20.00"), reference="C1"),)
    pays = RemittanceItem(qualifier="IV", reference="I1", paid=d("100.00") if outside else d("80.00"))
    pays = pays if outside else msgspec.structs.replace(pays, gross=d("100.00"), adjustments=taken)
    told = Remittance(amount=d("80.00"), items=(pays,), adjustments=taken if outside else (), trace="T1", currency="USD")
    assert [(one.kind, one.place) for one in apply(told, [owed(), canadian]).holds] == [("another currency", "I2")]


def test_a_credit_note_that_was_asked_about_is_not_told_as_not_taken() -> None:
    application = paying(owed(credits=("20.00",)), I1="100.00", C1="-15.00")
    assert asked(application) == [("credit differs", "-15.00")]
