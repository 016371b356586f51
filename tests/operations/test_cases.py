"""What a remittance leaves to a person, and what the person's word does to the balances."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from desk import Desk
from partner_says import northwind, order, remittance

from edi_gateway.errors import NeedsPerson, WrongInput
from edi_gateway.operations.cases import assign, decide
from edi_gateway.operations.deposit import record_deposit, record_entries, return_deposit
from edi_gateway.operations.invoices import Taken, credit_invoice
from edi_gateway.order_to_cash.cash import Application
from edi_gateway.order_to_cash.cash.bank import BankEntry
from edi_gateway.store.cases import CaseRow

INVOICE, AMOUNT, TRACE = "00090001", Decimal("888.00"), "NW-T1"
PAYDAY, RETURNED = date(2026, 12, 22), date(2026, 12, 24)


def billed(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=6)
    assert desk.sent("810")[0].one("BIG")[2] == INVOICE


def remits(desk: Desk, *items: tuple[str, str]) -> list[CaseRow]:
    desk.drop(northwind(2, remittance(TRACE, *items)))
    return cases(desk)


def cases(desk: Desk) -> list[CaseRow]:
    """The newest first."""
    with desk.store.read() as unit:
        return unit.cases.rows()


def balances(desk: Desk) -> tuple[Decimal, Decimal, Decimal]:
    row = desk.order("PO-1")
    return row.remitted, row.paid, row.open


def deposits(desk: Desk) -> list[tuple[str, Decimal]]:
    with desk.store.read() as unit:
        return [(row.trace, row.amount) for row in unit.threads.deposits()]


def comes(desk: Desk, amount: str) -> None:
    record_deposit(desk.store, trace=TRACE, amount=Decimal(amount), on=PAYDAY, method="ACH", by="finance")


def test_a_remittance_without_questions_opens_no_case(desk: Desk) -> None:
    billed(desk)
    assert remits(desk, (INVOICE, "888")) == []


def test_a_short_pay_written_off_closes_the_balance(any_desk: Desk) -> None:
    billed(any_desk)
    (case,) = remits(any_desk, (INVOICE, "880"))
    assert (case.kind, case.invoice, case.amount, case.state) == ("short pay", INVOICE, Decimal("8.00"), "open")
    comes(any_desk, "880")
    assert balances(any_desk) == (Decimal(880), Decimal(880), Decimal(8))
    decide(any_desk.store, case.id, "written off", because="not worth a call", by="finance")
    assert balances(any_desk) == (Decimal(880), Decimal(880), Decimal(0))
    assert any_desk.order("PO-1").state == "paid"


@pytest.mark.parametrize("deposit_first", [True, False])
def test_money_for_an_unknown_invoice_is_assigned_and_paid_with_its_deposit(desk: Desk, deposit_first: bool) -> None:
    billed(desk)
    (case,) = remits(desk, ("90001", "888"))
    assert (case.kind, case.may_be_for) == ("unknown invoice", [INVOICE])
    if deposit_first:
        comes(desk, "888")
    assert balances(desk)[1] == 0
    assign(desk.store, case.id, INVOICE, because="zeros were dropped", by="finance")
    if not deposit_first:
        assert balances(desk) == (AMOUNT, Decimal(0), AMOUNT)
        comes(desk, "888")
    assert balances(desk) == (AMOUNT, AMOUNT, Decimal(0))


def test_more_than_is_left_of_an_invoice_is_not_assigned_to_it(desk: Desk) -> None:
    billed(desk)
    (case,) = remits(desk, ("90001", "900"))
    with pytest.raises(NeedsPerson, match=r"more than the 888\.00 left"):
        assign(desk.store, case.id, INVOICE, because="", by="finance")
    with pytest.raises(WrongInput, match="northwind has no invoice 'X'"):
        assign(desk.store, case.id, "X", because="", by="finance")
    assert balances(desk)[0] == 0


def test_a_case_is_closed_once_and_never_without_a_reason(desk: Desk) -> None:
    billed(desk)
    (case,) = remits(desk, (INVOICE, "880"))
    with pytest.raises(WrongInput, match="needs a reason"):
        decide(desk.store, case.id, "accepted", because=" ", by="finance")
    decide(desk.store, case.id, "disputed", because="no claim number", by="finance")
    decide(desk.store, case.id, "recovered", because="came with the next one", by="finance")
    with pytest.raises(WrongInput, match="is recovered already"):
        decide(desk.store, case.id, "accepted", because="again", by="finance")
    assert "case.recovered" in {event.kind for event in desk.events()}


def test_a_remittance_taken_up_again_opens_no_second_case(desk: Desk) -> None:
    billed(desk)
    remits(desk, (INVOICE, "880"))
    with desk.store.read() as unit:
        (case,) = unit.cases.rows()
        application = unit.threads.application_of(case.document_id)
    assert application is not None
    with desk.store.write() as unit:
        unit.cases.open(case.partner, case.document_id, application)
        assert [row.id for row in unit.cases.rows()] == [case.id]


def test_what_was_paid_too_much_on_one_invoice_is_assigned_to_the_one_it_was_for(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1"), order("PO-2")))
    desk.later(hours=6)
    remits(desk, (INVOICE, "888"))
    desk.drop(northwind(3, remittance("NW-T2", (INVOICE, "888"))))  # they meant the other one
    over = next(row for row in cases(desk) if row.kind == "overpay")
    assign(desk.store, over.id, "00090002", because="the same number typed twice", by="finance")
    record_deposit(desk.store, trace="NW-T2", amount=AMOUNT, on=PAYDAY, method="ACH", by="finance")
    second = desk.order("PO-2")
    assert (second.paid, second.open) == (AMOUNT, Decimal(0))


def test_money_taken_back_is_taken_off_its_invoice_which_is_open_by_as_much_again(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1"), order("PO-2")))
    desk.later(hours=6)
    remits(desk, (INVOICE, "888"))
    comes(desk, "888")
    desk.drop(northwind(3, remittance("NW-T2", ("00090002", "888"), (INVOICE, "-50"))))
    back = next(row for row in cases(desk) if row.kind == "negative payment")
    assign(desk.store, back.id, INVOICE, because="their chargeback", by="finance")
    record_deposit(desk.store, trace="NW-T2", amount=Decimal(838), on=PAYDAY, method="ACH", by="finance")
    assert balances(desk) == (Decimal(838), Decimal(838), Decimal(50))


def test_a_deduction_is_written_off_and_the_short_pay_beside_it_stays_open(desk: Desk) -> None:
    billed(desk)
    deducts(desk, paid="860", gross="868", deducted="-8")
    short, deduction = cases(desk)
    assert (short.kind, deduction.kind) == ("short pay", "deduction")
    comes(desk, "860")
    assert balances(desk)[2] == Decimal(28)
    decide(desk.store, deduction.id, "written off", because="not worth it", by="finance")
    assert balances(desk)[2] == short.amount == Decimal(20)


def test_nothing_is_written_off_where_no_invoice_is_left_open(desk: Desk) -> None:
    billed(desk)
    (case,) = remits(desk, ("90001", "888"))
    with pytest.raises(WrongInput, match=r"\(unknown invoice\) leaves nothing of an invoice open"):
        decide(desk.store, case.id, "written off", because="why not", by="finance")


def deducts(desk: Desk, *, paid: str, gross: str, deducted: str) -> None:
    """They pay the invoice less a deduction they name."""
    said = remittance(TRACE, (INVOICE, paid))
    desk.drop(northwind(2, [*said[:-1], ["RMR", "IV", INVOICE, "", paid, gross], ["ADX", deducted, "01"]]))


# --- charges on no invoice ------------------------------------------------------------------------------------------------------


def test_a_debit_we_do_not_know_is_open_on_the_invoice_it_came_off_until_it_is_decided(any_desk: Desk) -> None:
    billed(any_desk)
    (case,) = remits(any_desk, (INVOICE, "888"), ("DM-77", "-100"))
    comes(any_desk, "788")
    assert (balances(any_desk), any_desk.order("PO-1").state) == ((788, 788, 100), "remitted")
    decide(any_desk.store, case.id, "disputed", because="we know of none", by="finance")
    assert balances(any_desk)[2] == 100
    decide(any_desk.store, case.id, "accepted", because="late, as they say", by="finance")
    assert (balances(any_desk), any_desk.order("PO-1").state) == ((788, 788, 0), "paid")


def test_a_charge_that_is_paid_back_is_paid_onto_its_invoice(desk: Desk) -> None:
    billed(desk)
    (case,) = remits(desk, (INVOICE, "888"), ("DM-77", "-100"))
    comes(desk, "788")
    decide(desk.store, case.id, "disputed", because="we know of none", by="finance")
    desk.drop(northwind(3, remittance("NW-T2", (INVOICE, "100"))))
    record_deposit(desk.store, trace="NW-T2", amount=Decimal(100), on=PAYDAY, method="ACH", by="finance")
    decide(desk.store, case.id, "recovered", because="came with the next one", by="finance")
    assert (balances(desk), desk.order("PO-1").state, len(cases(desk))) == ((888, 888, 0), "paid", 1)


def test_a_charge_that_somebody_calls_recovered_and_nobody_paid_is_unpaid_again(desk: Desk) -> None:
    billed(desk)
    (case,) = remits(desk, (INVOICE, "888"), ("DM-77", "-100"))
    comes(desk, "788")
    decide(desk.store, case.id, "recovered", because="they promised a cheque", by="finance")
    assert (balances(desk), desk.order("PO-1").state) == ((788, 788, 100), "billed")
    with desk.store.read() as unit:
        assert [row.receivable.unremitted for row in unit.unpaid.all()] == [100]


def test_a_charge_that_was_of_another_invoice_is_assigned_there_and_the_first_one_is_paid(any_desk: Desk) -> None:
    any_desk.drop(northwind(1, order("PO-1"), order("PO-2")))
    any_desk.later(hours=6)
    (case,) = remits(any_desk, (INVOICE, "888"), ("DM-77", "-100"))
    comes(any_desk, "788")
    assign(any_desk.store, case.id, "00090002", because="it was short shipped", by="finance")
    first, second = any_desk.order("PO-1"), any_desk.order("PO-2")
    assert (first.paid, first.open, first.state) == (888, 0, "paid")
    assert (second.paid, second.open) == (-100, 988)


def test_money_taken_back_of_an_invoice_paid_before_is_deducted_there_when_it_is_accepted(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1"), order("PO-2")))
    desk.later(hours=6)
    remits(desk, (INVOICE, "888"))
    comes(desk, "888")
    desk.drop(northwind(3, remittance("NW-T2", ("00090002", "888"), (INVOICE, "-50"))))
    record_deposit(desk.store, trace="NW-T2", amount=Decimal(838), on=PAYDAY, method="ACH", by="finance")
    assert [(row.paid, row.open) for row in map(desk.order, ("PO-1", "PO-2"))] == [(888, 0), (838, 50)]
    back = next(row for row in cases(desk) if row.kind == "negative payment")
    decide(desk.store, back.id, "accepted", because="a pallet came back", by="finance")
    assert [(row.paid, row.open, row.state) for row in map(desk.order, ("PO-1", "PO-2"))] == [(838, 0, "paid"), (888, 0, "paid")]


def test_a_charge_over_several_invoices_is_shared_by_those_it_names(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1"), order("PO-2", quantity=24), order("PO-3")))
    desk.later(hours=6)
    desk.drop(
        northwind(
            2,
            [
                *remittance(TRACE, (INVOICE, "888"), ("00090002", "444"), ("00090003", "888"), ("DM-77", "-90")),
                ["REF", "IV", INVOICE],
                ["REF", "IV", "00090002"],
            ],
        )
    )
    (case,) = cases(desk)
    assert case.may_be_for == [INVOICE, "00090002"]
    assert case.message.endswith(f"; open until it is decided: 60.00 of invoice {INVOICE} and 30.00 of invoice 00090002")
    assert [desk.order(f"PO-{each}").remitted for each in (1, 2, 3)] == [828, 414, 888]
    decide(desk.store, case.id, "accepted", because="late, as they say", by="finance")
    comes(desk, "2130")
    assert [(desk.order(f"PO-{each}").state, desk.order(f"PO-{each}").open) for each in (1, 2, 3)] == [("paid", 0)] * 3


def test_a_charge_that_names_no_invoice_is_open_on_the_largest_alone(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1", quantity=24), order("PO-2")))
    desk.later(hours=6)
    remits(desk, (INVOICE, "444"), ("00090002", "888"), ("DM-77", "-90"))
    comes(desk, "1242")
    assert [(row.state, row.open) for row in map(desk.order, ("PO-1", "PO-2"))] == [("paid", 0), ("remitted", 90)]


def test_what_a_person_accepts_of_an_unearned_discount_and_of_a_short_pay_is_closed(desk: Desk) -> None:
    billed(desk)
    (case,) = remits(desk, (INVOICE, "880"))
    comes(desk, "880")
    decide(desk.store, case.id, "accepted", because="two were broken", by="finance")
    assert (balances(desk), desk.order("PO-1").state) == ((880, 880, 0), "paid")


# --- credit notes of ours -------------------------------------------------------------------------------------------------------


def credited(desk: Desk) -> str:
    """Eight of 48 came back: 148.00 of the invoice's 888.00."""
    billed(desk)
    number = credit_invoice(desk.store, INVOICE, {"001": Taken(Decimal(8))}, why="returned", by="anna")
    desk.run()
    return number


def test_a_credit_note_taken_beside_its_invoice_closes_it_by_itself(any_desk: Desk) -> None:
    note = credited(any_desk)
    assert remits(any_desk, (INVOICE, "888"), (note, "-148")) == []
    comes(any_desk, "740")
    assert balances(any_desk) == (Decimal(740), Decimal(740), Decimal(0))
    assert any_desk.order("PO-1").state == "paid"


def test_a_credit_note_taken_by_another_amount_is_one_case_that_a_person_puts_onto_its_invoice(desk: Desk) -> None:
    note = credited(desk)
    (case,) = remits(desk, (INVOICE, "888"), (note, "-150"))
    assert (case.kind, case.amount, case.may_be_for) == ("credit differs", Decimal(-150), [INVOICE])
    comes(desk, "738")
    assign(desk.store, case.id, INVOICE, because="they keep two more; it is owed", by="finance")
    assert balances(desk) == (Decimal(738), Decimal(738), Decimal(2))


def test_a_credit_note_assigned_is_the_one_the_case_is_of_and_is_asked_about_when_it_is_taken_again(desk: Desk) -> None:
    first = credited(desk)
    second = credit_invoice(desk.store, INVOICE, {"001": Taken(Decimal(4))}, why="returned", by="anna")
    desk.run()
    case = next(row for row in remits(desk, (INVOICE, "888"), (second, "-75")) if row.kind == "credit differs")
    assign(desk.store, case.id, INVOICE, because="they kept one dollar more; it is owed", by="finance")
    desk.drop(northwind(3, remittance("NW-T2", ("X", "74"), (second, "-74"))))
    assert ("credit taken twice", Decimal(-74)) in [(row.kind, row.amount) for row in cases(desk)]
    with desk.store.read() as unit:
        (stored,) = unit.threads.of_number("northwind", "PO-1", usage="P")
    (receivable,) = stored.thread.receivables
    assert {one.number: receivable.left_of(one) for one in receivable.credits} == {first: Decimal(148), second: Decimal(0)}


def test_a_credit_note_said_to_be_of_another_order_is_assigned_as_that_credit_note(desk: Desk) -> None:
    note = credited(desk)
    (case,) = says_of_order(desk, "PO-2", note)
    assert (case.kind, case.amount) == ("says otherwise", Decimal(-148))
    assign(desk.store, case.id, INVOICE, because="it is of PO-1", by="finance")
    desk.drop(northwind(3, remittance("NW-T2", ("X", "148"), (note, "-148"))))
    assert "credit taken twice" in [row.kind for row in cases(desk)]
    assert balances(desk)[0] == Decimal(740)


def test_a_credit_note_is_assigned_to_no_invoice_but_its_own(desk: Desk) -> None:
    note = credited(desk)
    desk.drop(northwind(7, order("PO-2")))
    desk.later(hours=6)
    (case,) = remits(desk, (INVOICE, "888"), (note, "-150"))
    with pytest.raises(WrongInput, match=f"credit note {note} is of invoice {INVOICE}, not of 00090002"):
        assign(desk.store, case.id, "00090002", because="", by="finance")


def says_of_order(desk: Desk, number: str, note: str) -> list[CaseRow]:
    """They pay the invoice, and take its credit note as one of another order."""
    said = remittance(TRACE, (INVOICE, "888"), (note, "-148"))
    desk.drop(northwind(2, [*said, ["REF", "PO", number]]))
    return cases(desk)


# --- remittances of nothing -----------------------------------------------------------------------------------------------------


def test_a_chargeback_nobody_decided_pays_no_invoice_without_money(any_desk: Desk) -> None:
    billed(any_desk)
    (case,) = remits(any_desk, (INVOICE, "888"), ("DM-77", "-888"))
    assert (case.kind, case.amount, case.state) == ("unknown invoice", -AMOUNT, "open")
    assert balances(any_desk) == (Decimal(0), Decimal(0), AMOUNT)
    assert any_desk.events("remittance.settled") == []


def test_a_chargeback_accepted_closes_what_it_held_back_without_a_payment(any_desk: Desk) -> None:
    billed(any_desk)
    (case,) = remits(any_desk, (INVOICE, "888"), ("DM-77", "-888"))
    decide(any_desk.store, case.id, "accepted", because="the pallet was broken", by="finance")
    assert balances(any_desk) == (Decimal(0), Decimal(0), Decimal(0))
    assert any_desk.order("PO-1").state == "paid"


def test_what_is_taken_outside_items_is_open_until_it_is_accepted_and_never_paid(desk: Desk) -> None:
    billed(desk)
    said = [*remittance(TRACE, (INVOICE, "888")), ["ADX", "-888", "01"]]
    said[1][2] = "0"
    desk.drop(northwind(2, [*said[:-2], said[-1], said[-2]]))
    (case,) = cases(desk)
    assert (case.kind, case.item) == ("adjustment", None)
    assert (balances(desk), desk.order("PO-1").state) == ((0, 0, AMOUNT), "remitted")
    decide(desk.store, case.id, "accepted", because="agreed on the telephone", by="finance")
    assert (balances(desk), desk.order("PO-1").state) == ((0, 0, 0), "paid")


def test_a_remittance_of_nothing_is_settled_when_the_last_of_it_is_assigned(any_desk: Desk) -> None:
    any_desk.drop(northwind(1, order("PO-1"), order("PO-2")))
    any_desk.later(hours=6)
    remits(any_desk, (INVOICE, "888"))
    comes(any_desk, "888")
    any_desk.drop(northwind(3, remittance("NW-T2", ("00090002", "888"), (INVOICE, "-444"), ("90001", "-444"))))
    second, first = (row.id for row in cases(any_desk) if row.amount < 0)
    assign(any_desk.store, first, INVOICE, because="half of it came back", by="finance")
    assert any_desk.order("PO-2").paid == Decimal(0)
    assign(any_desk.store, second, INVOICE, because="and the other half", by="finance")
    assert [(row.paid, row.open) for row in map(any_desk.order, ("PO-1", "PO-2"))] == [(0, AMOUNT), (AMOUNT, 0)]
    assert "nets to nothing: 2 invoices paid without money" in any_desk.events("remittance.settled")[-1].text


def test_a_remittance_of_nothing_is_settled_when_the_last_question_about_it_is_decided(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1"), order("PO-2")))
    desk.later(hours=6)
    remits(desk, (INVOICE, "888"))
    comes(desk, "888")
    note = credit_invoice(desk.store, INVOICE, {"001": Taken(Decimal(8))}, why="returned", by="anna")
    desk.run()
    desk.drop(northwind(3, remittance("NW-T2", ("00090002", "148"), (note, "-148"))))
    (short,) = [row for row in cases(desk) if row.kind == "short pay"]
    assert desk.order("PO-2").paid == Decimal(0)
    decide(desk.store, short.id, "disputed", because="they owe the rest", by="finance")
    assert desk.order("PO-2").paid == Decimal(0)
    decide(desk.store, short.id, "recovered", because="it came by a cheque", by="finance")
    assert (desk.order("PO-2").paid, desk.order("PO-2").open) == (Decimal(148), Decimal(740))


# --- currencies -----------------------------------------------------------------------------------------------------------------


def in_canadian(segments: list[list[str]]) -> list[list[str]]:
    """The 820 with a CUR segment behind its trace."""
    at = next(place for place, segment in enumerate(segments) if segment[0] == "TRN") + 1
    return [*segments[:at], ["CUR", "PR", "CAD"], *segments[at:]]


def test_canadian_dollars_are_not_assigned_to_an_invoice_in_american_ones(desk: Desk) -> None:
    billed(desk)
    desk.drop(northwind(2, in_canadian(remittance(TRACE, ("90001", "888")))))
    with desk.store.read() as unit:
        (case,) = unit.cases.rows()
    with pytest.raises(NeedsPerson, match=r"888(\.00)? paid in CAD, invoice 00090001 is in USD"):
        assign(desk.store, case.id, INVOICE, because="", by="finance")
    assert balances(desk) == (Decimal(0), Decimal(0), AMOUNT)


def test_what_lies_on_account_unnamed_is_in_the_currency_of_the_first_invoice_it_is_assigned_to(desk: Desk) -> None:
    billed(desk)
    (case,) = remits(desk, ("90001", "888"))
    assign(desk.store, case.id, INVOICE, because="zeros were dropped", by="finance")
    with desk.store.read() as unit:
        application = unit.threads.application_of(case.document_id)
    assert application is not None
    assert application.currency == "USD"


@pytest.mark.parametrize("deposit_first", [True, False])
def test_a_deposit_on_a_canadian_account_pays_no_invoice_in_american_dollars(desk: Desk, deposit_first: bool) -> None:
    billed(desk)
    entry = BankEntry(PAYDAY, AMOUNT, "ACH", ("BANKREF", TRACE), currency="CAD")
    if deposit_first:
        entry = entry._replace(references=(TRACE,))
        record_entries(desk.store, [entry], by="finance")
    remits(desk, (INVOICE, "888"))
    if not deposit_first:
        (taken,) = record_entries(desk.store, [entry], by="finance")
        assert (taken.trace, taken.said) == (TRACE, "888.00 came in CAD, it was remitted in USD")
    (told,) = desk.events("remittance.not_settled")
    assert "came in CAD, it was remitted in USD" in told.text
    assert balances(desk) == (AMOUNT, Decimal(0), AMOUNT)
    record_entries(desk.store, [entry._replace(currency="USD")], by="finance")
    assert balances(desk)[1] == AMOUNT


# --- deposits that went back ----------------------------------------------------------------------------------------------------


def test_what_a_deposit_paid_is_open_again_when_the_bank_takes_it_back_and_paid_when_it_comes_anew(any_desk: Desk) -> None:
    billed(any_desk)
    remits(any_desk, (INVOICE, "888"))
    comes(any_desk, "888")
    said = goes_back(any_desk)
    assert said == "the bank took 888.00 of northwind under NW-T1 back: 1 invoices are open again"
    assert (balances(any_desk), any_desk.order("PO-1").state) == ((AMOUNT, 0, AMOUNT), "remitted")
    record_deposit(any_desk.store, trace=TRACE, amount=AMOUNT, on=date(2026, 12, 28), method="ACH", by="finance")
    assert (balances(any_desk), any_desk.order("PO-1").state) == ((AMOUNT, AMOUNT, 0), "paid")
    assert sum(amount for _, amount in deposits(any_desk)) == AMOUNT


def test_a_deposit_goes_back_once_and_only_one_that_paid_something(desk: Desk) -> None:
    billed(desk)
    comes(desk, "888")
    with pytest.raises(WrongInput, match=r"no deposit of 888\.00 under NW-T1 pays anything"):
        goes_back(desk)
    remits(desk, (INVOICE, "888"))
    goes_back(desk)
    with pytest.raises(WrongInput, match="pays anything"):
        goes_back(desk)


def test_money_that_came_again_before_the_return_was_entered_settles_the_remittance_when_it_is(any_desk: Desk) -> None:
    billed(any_desk)
    remits(any_desk, (INVOICE, "888"))
    comes(any_desk, "888")
    again = {"trace": TRACE, "amount": AMOUNT, "on": date(2026, 12, 28), "method": "ACH", "by": "finance"}
    record_deposit(any_desk.store, **again)  # type: ignore[arg-type]
    said = goes_back(any_desk)
    assert "are open again; 888" in said
    assert said.endswith("is in the bank: 1 invoices paid")
    assert (balances(any_desk), any_desk.order("PO-1").state) == ((AMOUNT, AMOUNT, 0), "paid")
    assert "on record already" in record_deposit(any_desk.store, **again)  # type: ignore[arg-type]
    with any_desk.store.read() as unit:
        assert unit.threads.deposits(unmatched=True) == []


@pytest.mark.parametrize("partner", ["", "northwind"])
def test_a_deposit_that_was_taken_back_is_entered_again_on_its_own_day_and_counts_once(desk: Desk, partner: str) -> None:
    billed(desk)
    remits(desk, (INVOICE, "888"))
    comes(desk, "888")
    goes_back(desk)
    again = {"trace": TRACE, "amount": AMOUNT, "on": PAYDAY, "method": "ACH", "partner": partner, "by": "finance"}
    for said in ("1 invoices paid", "on record already"):
        assert said in record_deposit(desk.store, **again)  # type: ignore[arg-type]
    assert balances(desk) == (AMOUNT, AMOUNT, 0)


def test_the_bank_file_again_brings_nothing_back_that_the_bank_took(desk: Desk) -> None:
    billed(desk)
    remits(desk, (INVOICE, "888"))
    file = [BankEntry(PAYDAY, AMOUNT, "ACH", (TRACE,))]
    record_entries(desk.store, file, by="finance")
    goes_back(desk)
    (taken,) = record_entries(desk.store, file, by="finance")
    assert "on record already" in taken.said
    assert balances(desk) == (AMOUNT, 0, AMOUNT)


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (PAYDAY - timedelta(days=1), "2026-12-21 is before 2026-12-22, the day on which it came"),
        (RETURNED + timedelta(days=2), "2026-12-26 is to come"),
        (date(2999, 1, 1), "2999-01-01 is to come"),
    ],
)
def test_a_deposit_does_not_go_back_before_it_came_nor_on_a_day_to_come(any_desk: Desk, day: date, said: str) -> None:
    billed(any_desk)
    remits(any_desk, (INVOICE, "888"))
    comes(any_desk, "888")
    with pytest.raises(WrongInput, match=said):
        goes_back(any_desk, day)
    assert (balances(any_desk), deposits(any_desk)) == ((AMOUNT, AMOUNT, 0), [(TRACE, AMOUNT)])


@pytest.mark.parametrize("day", [PAYDAY, RETURNED + timedelta(days=1)])
def test_a_deposit_goes_back_on_its_own_day_and_on_one_that_has_begun_somewhere(desk: Desk, day: date) -> None:
    billed(desk)
    remits(desk, (INVOICE, "888"))
    comes(desk, "888")
    assert "are open again" in goes_back(desk, day)


def goes_back(desk: Desk, day: date = RETURNED) -> str:
    """It is entered on the day on which it usually goes back, or after it."""
    desk.clock.advance(max(timedelta(), datetime.combine(RETURNED, time(12), UTC) - desk.clock.now()))
    return return_deposit(desk.store, trace=TRACE, amount=AMOUNT, on=day, because="R01, no funds", by="finance")


# --- the bank's file ------------------------------------------------------------------------------------------------------------


def test_of_the_numbers_a_bank_entry_carries_the_one_a_remittance_waits_for_counts(desk: Desk) -> None:
    billed(desk)
    remits(desk, (INVOICE, "888"))
    entry = BankEntry(PAYDAY, AMOUNT, "ACH", ("BANKREF", TRACE))
    (taken,) = record_entries(desk.store, [entry], by="finance")
    assert taken.trace == TRACE
    assert balances(desk)[1] == AMOUNT
    (again,) = record_entries(desk.store, [entry], by="finance")
    assert "on record already" in again.said


def test_two_deposits_alike_in_one_file_both_count_and_the_file_again_adds_nothing(any_desk: Desk) -> None:
    alike = BankEntry(PAYDAY, AMOUNT, "ACH", ("NORTHWIND",), currency="USD")
    for _ in range(2):
        record_entries(any_desk.store, [alike, alike], by="finance")
    assert deposits(any_desk) == [("NORTHWIND", AMOUNT)] * 2
    record_entries(any_desk.store, [alike, alike, alike], by="finance")  # the bank's file at the end of the day has one more
    assert deposits(any_desk) == [("NORTHWIND", AMOUNT)] * 3


def test_the_file_again_knows_its_entries_under_whichever_number_they_were_recorded(desk: Desk) -> None:
    billed(desk)
    remits(desk, (INVOICE, "888"))
    file = [BankEntry(PAYDAY, AMOUNT, "ACH", ("BANKREF", TRACE)), BankEntry(PAYDAY, AMOUNT, "ACH", ("BANKREF",))]
    record_entries(desk.store, file, by="finance")
    assert deposits(desk) == [("BANKREF", AMOUNT), (TRACE, AMOUNT)]
    assert ["on record already" in taken.said for taken in record_entries(desk.store, file, by="finance")] == [True, True]


def test_money_that_may_be_of_two_partners_is_left_until_somebody_says_whose_it_is(any_desk: Desk) -> None:
    billed(any_desk)
    remits(any_desk, (INVOICE, "888"))
    with any_desk.store.write() as unit:  # Cascade remitted as much under the same number
        theirs = Application(remittance="CASCADE/NW-T1", trace=TRACE, amount=AMOUNT)
        unit.threads.save_remittance("cascade", "theirs", theirs, usage="P")
    came = {"trace": TRACE, "amount": AMOUNT, "on": PAYDAY, "method": "ACH", "by": "finance"}
    assert "2 remittances of cascade and northwind have that trace" in record_deposit(any_desk.store, **came)  # type: ignore[arg-type]
    assert balances(any_desk)[1] == 0
    for said in ("1 invoices paid", "on record already"):
        assert said in record_deposit(any_desk.store, **came, partner="northwind")  # type: ignore[arg-type]
    assert (balances(any_desk)[1], deposits(any_desk)) == (AMOUNT, [(TRACE, AMOUNT)])
    with pytest.raises(WrongInput, match="no remittance of acme under NW-T1 over 888"):
        record_deposit(any_desk.store, **came, partner="acme")  # type: ignore[arg-type]


def test_an_entry_without_any_number_is_left_to_a_person(desk: Desk) -> None:
    (taken,) = record_entries(desk.store, [BankEntry(PAYDAY, AMOUNT, "ACH", ())], by="finance")
    assert "carries no reference" in taken.said
    with desk.store.read() as unit:
        assert unit.threads.deposits() == []


def test_a_bai2_file_taken_up_before_its_entries_had_a_currency_changes_nothing_when_it_comes_again(desk: Desk) -> None:
    before = BankEntry(PAYDAY, AMOUNT, "ACH", (TRACE,))
    record_entries(desk.store, [before], by="finance")
    record_entries(desk.store, [before._replace(currency="USD")], by="finance")
    assert deposits(desk) == [(TRACE, AMOUNT)]
