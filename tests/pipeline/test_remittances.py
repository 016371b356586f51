"""An 820 is advice, not money: invoices are remitted by it, and paid when the deposit is in the bank."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec
from desk import Desk
from partner_says import northwind, order, remittance

from edi_gateway.documents.party import Party
from edi_gateway.documents.remittance import Remittance
from edi_gateway.operations.deposit import record_deposit
from edi_gateway.operations.invoices import credit_invoice
from edi_gateway.order_to_cash.cash import remittance_key
from edi_gateway.order_to_cash.receivable import Payment

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


def test_the_payment_that_follows_a_prenotification_may_have_its_trace(desk: Desk) -> None:
    billed(desk)
    tried = remittance(TRACE)
    tried[1][1:3] = ["P", "0"]
    desk.drop(northwind(2, tried))
    desk.drop(advice(control=3))
    assert desk.held() == []
    assert desk.order("PO-1").remitted == AMOUNT


def test_a_remittance_that_a_credit_note_takes_down_to_nothing_is_paid_without_a_deposit(any_desk: Desk) -> None:
    any_desk.drop(northwind(1, order("PO-1"), order("PO-2")))
    any_desk.later(hours=6)
    any_desk.drop(advice())
    deposit(any_desk)
    note = credit_invoice(any_desk.store, INVOICE, {}, why="returned", by="anna")
    any_desk.run()
    any_desk.drop(northwind(3, remittance("NW-T2", ("00090002", "888"), (note, "-888"))))
    assert [(row.paid, row.open) for row in map(any_desk.order, ("PO-1", "PO-2"))] == [(0, 0), (AMOUNT, 0)]
    assert "nets to nothing: 2 invoices paid without money" in any_desk.events("remittance.settled")[-1].text


def test_a_remittance_that_an_order_cannot_take_up_is_held_and_changes_no_other(desk: Desk) -> None:
    """Between reckoning and saving nothing may be lost: where one order refuses its part, all of it waits for a person."""
    desk.drop(northwind(1, order("PO-1"), order("PO-2")))
    desk.later(hours=6)
    with desk.store.write() as unit:
        (stored,) = unit.threads.of_number("northwind", "PO-2", usage="P")
        (bill,) = stored.thread.receivables
        key = remittance_key(Remittance(amount=AMOUNT, trace=TRACE, payer=Party(role="PR", name="NORTHWIND STORES")))
        spoken = bill.with_payment(Payment(remittance=key, item=2, net=Decimal(1)))
        unit.threads.save(stored.id, msgspec.structs.replace(stored.thread, receivables=(spoken,)))
    desk.drop(northwind(2, remittance(TRACE, (INVOICE, "888"), ("00090002", "887"))))
    assert [text for text in desk.held() if "applied before, with other amounts" in text] == desk.held() != []
    assert desk.order("PO-1").remitted == 0
