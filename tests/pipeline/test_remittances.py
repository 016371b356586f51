"""An 820 is advice, not money: invoices are remitted by it, and paid when the deposit is in the bank."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from desk import Desk
from partner_says import northwind, order, remittance

from edi_gateway.operations.deposit import record_deposit

INVOICE, AMOUNT = "00090001", Decimal("888.00")
TRACE = "NW-T1"


def billed(desk: Desk) -> None:
    """One order of 888.00, shipped and billed."""
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=6)
    assert desk.sent("810")[0].one("BIG")[2] == INVOICE


def advice(control: int = 2, amount: str = "888") -> bytes:
    return northwind(control, remittance(TRACE, (INVOICE, amount)))


def deposit(desk: Desk, amount: Decimal = AMOUNT) -> str:
    return record_deposit(desk.store, trace=TRACE, amount=amount, on=date(2026, 12, 22), method="ACH", by="finance")


def test_an_820_makes_an_invoice_remitted_and_not_paid(any_desk: Desk) -> None:
    billed(any_desk)
    any_desk.drop(advice())
    row = any_desk.order("PO-1")
    assert (row.remitted, row.paid) == (AMOUNT, 0)
    assert any_desk.set("820").delivery == "delivered"


def test_the_deposit_after_its_820_makes_it_paid(any_desk: Desk) -> None:
    billed(any_desk)
    any_desk.drop(advice())
    assert "1 invoices paid" in deposit(any_desk)
    row = any_desk.order("PO-1")
    assert (row.paid, row.open, row.state) == (AMOUNT, 0, "paid")


def test_the_deposit_before_its_820_is_kept_and_makes_it_paid_when_that_comes(any_desk: Desk) -> None:
    billed(any_desk)
    assert "no remittance of that trace and amount yet" in deposit(any_desk)
    assert any_desk.order("PO-1").paid == 0
    any_desk.drop(advice())
    assert any_desk.order("PO-1").paid == AMOUNT


def test_a_deposit_recorded_twice_counts_once(desk: Desk) -> None:
    billed(desk)
    desk.drop(advice())
    deposit(desk)
    assert "on record already" in deposit(desk)
    assert desk.order("PO-1").paid == AMOUNT


def test_a_deposit_of_another_amount_pays_nothing(desk: Desk) -> None:
    billed(desk)
    desk.drop(advice())
    deposit(desk, AMOUNT - Decimal("0.01"))
    assert desk.order("PO-1").paid == 0


def test_the_same_remittance_in_a_new_interchange_is_held_and_remits_nothing_more(desk: Desk) -> None:
    billed(desk)
    desk.drop(advice())
    desk.drop(advice(control=3))
    assert len(desk.held()) == 1
    assert desk.order("PO-1").remitted == AMOUNT


def test_a_remittance_of_invoices_nobody_knows_is_asked_about_and_not_lost(desk: Desk) -> None:
    desk.drop(northwind(1, remittance(TRACE, ("NOBODY-S", "12"))))
    told = [*desk.held(), *(event.text for event in desk.events("cash.question"))]
    assert any("NOBODY-S" in text for text in told), told


def test_a_remittance_that_comes_again_after_its_deposit_does_not_take_the_payment_back(desk: Desk) -> None:
    billed(desk)
    desk.drop(advice())
    deposit(desk)
    desk.drop(advice(control=3))
    assert desk.order("PO-1").paid == AMOUNT
