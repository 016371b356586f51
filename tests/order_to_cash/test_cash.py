from __future__ import annotations

from datetime import date

import msgspec
import pytest
from trade import MONDAY, billed_thread, d, order

from edi_gateway.documents.base import Terms
from edi_gateway.documents.party import Party
from edi_gateway.documents.remittance import Remittance, RemittanceAdjustment, RemittanceItem
from edi_gateway.order_to_cash.cash import Application, Deposit, apply, remittance_key, settle
from edi_gateway.order_to_cash.progress import pay, remit
from edi_gateway.order_to_cash.receivable import Payment, Receivable

PAYDAY = date(2026, 1, 12)


def owed(invoice: str = "00090001", amount: str = "100.00", **more: object) -> Receivable:
    fields: dict[str, object] = {"order_number": "0004711", "invoiced_on": MONDAY, "currency": "USD"}
    return Receivable(invoice=invoice, amount=d(amount), **(fields | more))  # type: ignore[arg-type]


def item(paid: str, reference: str = "00090001", **more: object) -> RemittanceItem:
    return RemittanceItem(**({"qualifier": "IV", "reference": reference, "paid": d(paid)} | more))  # type: ignore[arg-type]


def adx(amount: str, reason: str = "01") -> RemittanceAdjustment:
    return RemittanceAdjustment(amount=d(amount), reason=reason)


def remittance(*items: RemittanceItem, amount: str | None = None, **more: object) -> Remittance:
    fields: dict[str, object] = {
        "trace": "T1",
        "currency": "USD",
        "effective_on": PAYDAY,
        "payer": Party(role="PR", name="Northwind", id="NWB"),
    }
    total = d(amount) if amount else sum((x.paid for x in items), d(0))
    return Remittance(amount=total, items=items, **(fields | more))  # type: ignore[arg-type]


def questions(application: Application) -> list[tuple[str, object]]:
    return [(question.kind, question.amount) for question in application.questions]


def holds(application: Application) -> list[str]:
    return [hold.kind for hold in application.holds]


def test_an_item_is_applied_to_the_invoice_it_names() -> None:
    application = apply(remittance(item("100.00")), [owed(), owed("00090002")])
    (applied,) = application.applied
    assert (applied.invoice, applied.matched_by, applied.payment.net) == ("00090001", "invoice number", d("100.00"))
    assert application.questions == ()


def test_an_item_that_names_an_order_is_applied_to_its_one_open_invoice() -> None:
    by_qualifier = item("100.00", "0004711", qualifier="PO")
    by_field = item("100.00", "?", order_number="0004711")
    for named in (by_qualifier, by_field):
        (applied,) = apply(remittance(named), [owed(), owed("00090002", order_number="0004712")]).applied
        assert (applied.invoice, applied.matched_by) == ("00090001", "order number")


def test_of_an_orders_invoices_the_one_of_the_very_amount_is_suggested_first() -> None:
    """It may be the other one, paid short."""
    application = apply(remittance(item("40.00", "0004711", qualifier="PO")), [owed("A", "60.00"), owed("B", "40.00")])
    assert application.applied == ()
    assert application.questions[0].suggestions == ("B", "A")


def test_an_invoice_that_is_spoken_for_is_not_meant_by_its_order() -> None:
    spoken_for = owed("A").with_payment(Payment(remittance="NWB/T0", item=1, net=d("100.00")))
    (applied,) = apply(remittance(item("30.00", "0004711", qualifier="PO")), [spoken_for, owed("B", "40.00")]).applied
    assert applied.invoice == "B"


def test_the_amount_that_is_compared_has_discounts_and_deductions_in_it() -> None:
    claims = item("35.00", "0004711", qualifier="PO", discount=d("2.00"), adjustments=(adx("-3.00"),))
    application = apply(remittance(claims), [owed("A", "60.00"), owed("B", "40.00")])
    assert application.questions[0].suggestions[0] == "B"


def test_where_an_order_has_several_invoices_and_none_fits_a_person_chooses() -> None:
    application = apply(remittance(item("50.00", "0004711", qualifier="PO")), [owed("A", "60.00"), owed("B", "40.00")])
    assert application.applied == ()
    assert application.questions[0].kind == "several invoices"
    assert application.questions[0].suggestions == ("A", "B")


def test_the_amount_alone_only_suggests() -> None:
    application = apply(remittance(item("100.00", "X1")), [owed("A"), owed("B", "40.00")])
    assert application.applied == ()
    assert application.unapplied == d("100.00")
    assert [(q.kind, q.suggestions) for q in application.questions] == [("unknown invoice", ("A",))]


def test_a_number_without_its_leading_zeros_only_suggests() -> None:
    application = apply(remittance(item("5.00", "90001")), [owed(), owed("00090002")])
    assert application.questions[0].suggestions == ("00090001",)


def test_one_unknown_invoice_does_not_hold_the_others() -> None:
    application = apply(remittance(item("100.00"), item("7.00", "X1")), [owed()])
    assert [x.invoice for x in application.applied] == ["00090001"]
    assert questions(application) == [("unknown invoice", d("7.00"))]


def test_less_than_the_invoice_is_a_short_pay() -> None:
    assert questions(apply(remittance(item("90.00")), [owed()])) == [("short pay", d("10.00"))]


def test_more_than_the_invoice_goes_on_account() -> None:
    application = apply(remittance(item("110.00")), [owed()])
    assert application.applied[0].payment.net == d("100.00")
    assert (application.applied[0].over, application.unapplied) == (d("10.00"), d("10.00"))
    assert questions(application) == [("overpay", d("10.00"))]


def test_a_discount_within_the_terms_leaves_nothing_open() -> None:
    terms = Terms(discount_percent=d(2), discount_days=10)
    application = apply(remittance(item("98.00", gross=d("100.00"), discount=d("2.00"))), [owed(terms=terms)])
    assert application.applied[0].payment.discount == d("2.00")
    assert application.questions == ()


def test_a_discount_taken_too_late_is_not_granted() -> None:
    terms = Terms(discount_percent=d(2), discount_days=3)
    application = apply(remittance(item("98.00", discount=d("2.00"))), [owed(terms=terms)])
    assert application.applied[0].payment.discount == 0
    assert questions(application) == [("discount not earned", d("2.00")), ("short pay", d("2.00"))]


def test_a_discount_one_cent_too_great_is_granted_but_for_the_cent() -> None:
    terms = Terms(discount_percent=d(2), discount_days=10)
    application = apply(remittance(item("97.99", discount=d("2.01"))), [owed(terms=terms)])
    assert application.applied[0].payment.discount == d("2.00")
    assert questions(application) == [("discount not earned", d("0.01")), ("short pay", d("0.01"))]


def test_a_discount_is_granted_once_over_several_remittances() -> None:
    terms = Terms(discount_percent=d(2), discount_days=10)
    half_paid = owed(terms=terms).with_payment(Payment(remittance="NWB/T0", item=1, net=d("49.00"), discount=d("2.00")))
    application = apply(remittance(item("47.00", discount=d("2.00"))), [half_paid])
    assert application.applied[0].payment.discount == 0


def test_an_adjustment_under_an_item_is_inside_what_it_pays() -> None:
    application = apply(remittance(item("92.00", gross=d("100.00"), adjustments=(adx("-8.00"),))), [owed()])
    assert application.holds == ()
    assert (application.applied[0].payment.net, application.applied[0].payment.claimed) == (d("92.00"), d("8.00"))
    assert questions(application) == [("deduction", d("8.00"))]


def test_an_invoice_deducted_in_full_is_applied_without_money() -> None:
    application = apply(remittance(item("0.00", adjustments=(adx("-100.00"),))), [owed()])
    assert (application.applied[0].payment.net, application.applied[0].payment.claimed) == (0, d("100.00"))
    assert questions(application) == [("deduction", d("100.00"))]


def test_an_adjustment_outside_items_adds_to_the_total() -> None:
    application = apply(remittance(item("100.00"), amount="85.00", adjustments=(adx("-15.00", "ZZ"),)), [owed()])
    assert application.holds == ()
    assert (application.applied[0].payment.net, application.applied[0].payment.claimed) == (d("85.00"), d("15.00"))
    assert questions(application) == [("adjustment", d("-15.00"))]


def test_a_discount_and_a_deduction_together_never_take_more_than_is_left() -> None:
    terms = Terms(discount_percent=d(2), discount_days=10)
    application = apply(remittance(item("95.00", discount=d("2.00"), adjustments=(adx("-8.00"),))), [owed(terms=terms)])
    payment = application.applied[0].payment
    assert (payment.net, payment.discount, payment.claimed) == (d("95.00"), d("2.00"), d("3.00"))


def test_how_far_an_item_is_off_takes_its_adjustments_into_account() -> None:
    application = apply(remittance(item("91.00", gross=d("100.00"), adjustments=(adx("-8.00"),))), [owed()])
    assert ("item does not add up", d("1.00")) in questions(application)


def test_an_item_whose_gross_discount_and_net_do_not_add_up_is_told_and_its_net_counts() -> None:
    application = apply(remittance(item("99.00", gross=d("100.00"))), [owed()])
    assert application.applied[0].payment.net == d("99.00")
    assert ("item does not add up", d("1.00")) in questions(application)


@pytest.mark.parametrize(
    ("says", "message"),
    [
        ({"order_number": "0004799"}, "invoice 00090001 is of order 0004711, not of 0004799"),
        ({"gross": d("210.00")}, "invoice 00090001 is over 100.00, not over 210.00"),
    ],
)
def test_an_item_that_says_something_else_of_the_invoice_it_names_is_asked_about(says: dict[str, object], message: str) -> None:
    application = apply(remittance(item("100.00", **says)), [owed()])
    assert application.applied == ()
    (question,) = application.questions
    assert (question.kind, question.message, question.suggestions) == ("says otherwise", message, ("00090001",))


def test_a_prenotification_says_nothing_of_any_invoice() -> None:
    told = apply(remittance(handling="prenotification", trace=""), [owed()])
    assert (told.applied, told.questions, told.holds) == ((), (), ())


def test_money_taken_back_is_held_back_of_its_invoice_until_it_is_decided() -> None:
    application = apply(remittance(item("100.00"), item("-20.00")), [owed()])
    assert [(x.payment.net, x.payment.claimed) for x in application.applied] == [(d("80.00"), d("20.00"))]
    assert application.unapplied == 0
    assert questions(application) == [("negative payment", d("-20.00"))]
    assert application.questions[0].message.endswith("; open until it is decided: 20.00 of invoice 00090001")


def test_two_items_on_one_invoice_see_each_other() -> None:
    application = apply(remittance(item("60.00"), item("50.00")), [owed()])
    assert [x.payment.net for x in application.applied] == [d("60.00"), d("40.00")]
    assert application.unapplied == d("10.00")


def test_items_that_together_pay_an_invoice_leave_nothing_to_ask() -> None:
    assert questions(apply(remittance(item("60.00"), item("40.00")), [owed()])) == []


def test_what_all_items_of_an_invoice_leave_of_it_is_asked_once() -> None:
    assert questions(apply(remittance(item("60.00"), item("30.00")), [owed()])) == [("short pay", d("10.00"))]


@pytest.mark.parametrize("amount", ["99.99", "100.01"])
def test_a_total_off_by_a_cent_holds_everything(amount: str) -> None:
    application = apply(remittance(item("100.00"), amount=amount), [owed()])
    assert holds(application) == ["totals disagree"]
    assert application.applied == ()


def test_a_second_copy_is_held_by_payer_and_trace() -> None:
    seen = {remittance_key(remittance())}
    assert holds(apply(remittance(item("100.00")), [owed()], seen=seen)) == ["remitted twice"]
    other_payer = remittance(item("100.00"), payer=Party(role="PR", id="CSC"))
    assert apply(other_payer, [owed()], seen=seen).holds == ()


def test_a_remittance_without_a_trace_is_held() -> None:
    assert holds(apply(remittance(item("100.00"), trace=""), [owed()])) == ["no trace"]


def test_a_debit_is_held() -> None:
    assert holds(apply(remittance(item("100.00"), credit_or_debit="D"), [owed()])) == ["no credit"]


def test_another_currency_is_held() -> None:
    assert holds(apply(remittance(item("100.00"), currency="CAD"), [owed()])) == ["another currency"]


# From advice to money

ORDER = order()
BILLED = billed_thread(ORDER, {"001": 10})
PAID_IN_FULL = remittance(item("25.00"))
APPLICATION = apply(PAID_IN_FULL, BILLED.receivables)
DEPOSIT = Deposit(trace="T1", amount=d("25.00"), on=PAYDAY, method="ACH")


def test_an_820_makes_an_order_remitted_and_not_paid() -> None:
    thread = remit(BILLED, APPLICATION).thread
    assert (thread.state, thread.remitted, thread.paid, thread.open) == ("remitted", d("25.00"), 0, d("25.00"))


def test_the_deposit_with_its_trace_and_amount_makes_it_paid() -> None:
    settlement = settle(APPLICATION, DEPOSIT)
    assert settlement.agreed
    thread = pay(remit(BILLED, APPLICATION).thread, settlement.application).thread
    assert (thread.state, thread.paid, thread.open) == ("paid", d("25.00"), 0)


@pytest.mark.parametrize(
    ("change", "kind"),
    [({"amount": d("24.99")}, "amounts differ"), ({"amount": d("25.01")}, "amounts differ"), ({"trace": "T2"}, "another trace")],
)
def test_a_deposit_of_another_trace_or_amount_pays_nothing(change: dict[str, object], kind: str) -> None:
    settlement = settle(APPLICATION, msgspec.structs.replace(DEPOSIT, **change))
    assert [wrong.kind for wrong in settlement.disagreements] == [kind]
    assert settlement.application == APPLICATION


def test_a_remittance_is_paid_once_and_the_same_deposit_again_changes_nothing() -> None:
    settled = settle(APPLICATION, DEPOSIT).application
    assert settle(settled, DEPOSIT) == (settled, ())
    second = settle(settled, msgspec.structs.replace(DEPOSIT, on=date(2026, 1, 13)))
    assert [wrong.kind for wrong in second.disagreements] == ["paid twice"]


def test_a_held_remittance_is_not_settled() -> None:
    held = apply(remittance(item("25.00"), amount="26.00"), BILLED.receivables)
    settlement = settle(held, Deposit(trace="T1", amount=d("26.00"), on=PAYDAY))
    assert [wrong.kind for wrong in settlement.disagreements] == ["not finished"]


def test_remitting_and_paying_twice_changes_nothing() -> None:
    once = remit(BILLED, APPLICATION).thread
    assert remit(once, APPLICATION) == (once, ())
    settled = settle(APPLICATION, DEPOSIT).application
    paid = pay(once, settled).thread
    assert pay(paid, settled) == (paid, ())
    assert remit(paid, APPLICATION) == (paid, ())


def test_nothing_is_paid_that_was_not_remitted() -> None:
    settled = settle(APPLICATION, DEPOSIT).application
    assert [wrong.kind for wrong in pay(BILLED, settled).disagreements] == ["paid before remitted"]
    assert [wrong.kind for wrong in pay(BILLED, APPLICATION).disagreements] == ["not finished"]


def test_two_remittances_reckoned_at_once_do_not_both_count() -> None:
    other = apply(remittance(item("25.00"), trace="T2"), BILLED.receivables)
    change = remit(remit(BILLED, APPLICATION).thread, other)
    assert [wrong.kind for wrong in change.disagreements] == ["remitted beyond billed"]


def test_a_deduction_reckoned_at_once_with_a_payment_does_not_count_too() -> None:
    other = apply(remittance(item("0.00", adjustments=(adx("-25.00"),)), trace="T2"), BILLED.receivables)
    change = remit(remit(BILLED, APPLICATION).thread, other)
    assert [wrong.kind for wrong in change.disagreements] == ["remitted beyond billed"]


def test_a_remittance_for_other_orders_is_told() -> None:
    other = apply(remittance(item("100.00", "X")), [owed("X")])
    assert [wrong.kind for wrong in remit(BILLED, other).disagreements] == ["unknown invoice"]
