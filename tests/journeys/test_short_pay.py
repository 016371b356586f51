"""Short pay: Northwind keeps back what was damaged; the claim is a case with its reason, and closes the balance when decided."""

from __future__ import annotations

from decimal import Decimal

from partner_says import northwind, remittance
from stage import Stage, dollars

from edi_gateway.operations.cases import decide
from edi_gateway.simulated_partner import Habits, ShortPayment


def test_a_damage_claim_is_a_case_and_the_rest_is_paid(stage: Stage) -> None:
    stage.orders("PO-1", lantern=48)
    stage.later(hours=8)
    stage.buyer.habits = Habits(short_pay=ShortPayment(amount=Decimal("37.00"), reason="04", reference="CLAIM-7"))
    stage.bank_has(stage.pays())
    (case,) = stage.cases()
    assert (case.kind, case.amount, case.reason, case.invoice) == ("deduction", Decimal("37.00"), "04", stage.invoices()[0])
    assert "cash-question" in stage.alerts()
    receivable = stage.thread("PO-1").receivables[0]
    assert (receivable.paid, receivable.claimed, receivable.open) == dollars("851.00", "37.00", "37.00")
    assert stage.thread("PO-1").state == "remitted"

    decide(stage.desk.store, case.id, "accepted", because="two lanterns broken, see photographs", by="finance")
    assert stage.cases() == []
    receivable = stage.thread("PO-1").receivables[0]
    assert (receivable.deducted, receivable.open, stage.thread("PO-1").state) == (*dollars("37.00", "0"), "paid")


def test_what_is_kept_back_without_a_word_stays_open_until_it_is_written_off(stage: Stage) -> None:
    stage.orders("PO-1", lantern=48)
    stage.later(hours=8)
    (number,) = stage.invoices()
    stage.desk.drop(northwind(900, remittance("NW-SHORT", (number, "851"))))
    (case,) = stage.cases()
    assert (case.kind, case.amount) == ("short pay", Decimal("37.00"))
    assert stage.money("PO-1") == dollars("888.00", "851.00", "0", "888.00")
    decide(stage.desk.store, case.id, "written off", because="not worth a letter", by="finance")
    assert stage.cases() == []
    assert stage.money("PO-1")[-1] == Decimal("851.00")
