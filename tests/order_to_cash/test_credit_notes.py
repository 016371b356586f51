"""Credit notes: what they take back of an invoice, of its lines and stores, and of what is open."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from trade import MONDAY, NOON, billed, d, line, order, shipped_thread

from edi_gateway.documents.base import Charge, Reference, Tax
from edi_gateway.documents.invoice import Invoice
from edi_gateway.order_to_cash.compliance.invoice import r23_lines, r23_total
from edi_gateway.order_to_cash.credit import Why, credited_invoice, why_credited
from edi_gateway.order_to_cash.creditable import credited_lines, given_by
from edi_gateway.order_to_cash.facts import BilledLine, Credited
from edi_gateway.order_to_cash.progress import bill
from edi_gateway.order_to_cash.receivable import Payment, Receivable
from edi_gateway.order_to_cash.thread import OrderThread
from edi_gateway.order_to_cash.turnaround import InvoicePolicy, draft_credit, draft_invoice, shipments_of

ORDER = order(
    line("1", 10, "2.50"),
    line("2", 7, "3.33"),
    charges=(Charge(kind="charge", code="D240", amount=d("11.01")),),
    taxes=(Tax(type="ST", amount=d("3.07")),),
)
POLICY = InvoicePolicy(charges="in proportion", taxes="in proportion")


def sold() -> tuple[OrderThread, Invoice]:
    """Everything shipped and billed on invoice 00090001, with freight and tax."""
    lines = tuple(
        BilledLine(line_number=one.number, quantity=one.quantity, unit_price=one.unit_price or d(0)) for one in ORDER.lines
    )
    fact = msgspec.structs.replace(billed({}), lines=lines)
    made = draft_invoice(ORDER, fact, None, today=MONDAY, policy=POLICY)
    change = bill(shipped_thread(ORDER, {"1": 10, "2": 7}), made)
    assert change.agreed, change.disagreements
    return change.thread, made


def note(made: Invoice, number: str, why: Why, *before: Invoice, **quantities: tuple[Decimal | int, str]) -> Invoice:
    """``note(invoice, "C1", "returned", n1=(4, "2.50"))``: four of line 1."""
    lines = tuple(
        BilledLine(line_number=name[1:], quantity=Decimal(quantity), unit_price=d(price))
        for name, (quantity, price) in quantities.items()
    )
    fact = Credited(at=NOON, credit=number, invoice=made.number, why=why, lines=lines)
    return draft_credit(made, fact, today=date(2026, 1, 20), before=before)


def kinds(thread: OrderThread, credit: Invoice) -> list[str]:
    return [each.kind for each in bill(thread, credit).disagreements]


def test_a_credit_note_is_a_positive_810_of_type_credit_that_names_its_invoice() -> None:
    _, made = sold()
    credit = note(made, "C1", "returned", n1=(4, "2.50"))
    assert (credit.type, credit.number, credit.lines[0].amount) == ("credit memo", "C1", d("10.00"))
    assert (credited_invoice(credit), why_credited(credit)) == ("00090001", "returned")
    assert credit.terms is None
    assert list(r23_lines(credit)) == list(r23_total(credit)) == []


THEIRS = (
    Reference(qualifier="IA", value="700418826"),
    Reference(qualifier="OI", value="77"),
    Reference(qualifier="SI", value="88"),
)


def test_what_the_buyer_wrote_in_ref_oi_and_ref_si_is_not_echoed_on_an_invoice() -> None:
    asked = msgspec.structs.replace(ORDER, references=THEIRS)
    made = draft_invoice(asked, billed({"1": 4}), None, today=MONDAY)
    assert made.references == THEIRS[:1]
    assert shipments_of(made) == ("S1",)


def test_a_credit_note_is_of_the_invoice_it_was_drafted_from_whatever_else_that_refers_to() -> None:
    _, made = sold()
    credit = note(msgspec.structs.replace(made, references=THEIRS), "C1", "overbilled", n1=(4, "2.50"))
    assert (credited_invoice(credit), why_credited(credit)) == ("00090001", "overbilled")
    assert [one.qualifier for one in credit.references] == ["IA", "SI", "OI"]


def test_a_line_billed_at_two_prices_is_credited_as_it_was_billed_at_each() -> None:
    _, made = sold()
    dear = msgspec.structs.replace(made.lines[0], price_basis="HP", unit_price=d("250.00"))
    credit = note(msgspec.structs.replace(made, lines=(dear, *made.lines)), "C1", "returned", n1=(4, "2.50"))
    assert [one.amount for one in credit.lines] == [d("10.00")]


def test_what_was_returned_is_open_no_longer_and_not_billed_again() -> None:
    thread, made = sold()
    credit = note(made, "C1", "returned", n1=(4, "2.50"))
    after = bill(thread, credit).thread
    (one, _) = after.lines
    assert (one.billed, one.credited, one.returned, one.to_bill) == (10, 4, 4, 0)
    assert after.open == thread.open - credit.total
    assert after.state == "billed"


def test_what_was_billed_too_much_may_be_billed_again() -> None:
    thread, made = sold()
    after = bill(thread, note(made, "C1", "overbilled", n1=(4, "2.50"))).thread
    assert after.lines[0].to_bill == 4
    again = draft_invoice(ORDER, billed({"1": 4}, invoice="00090002"), None, today=MONDAY)
    assert bill(after, again).agreed
    five = draft_invoice(ORDER, billed({"1": 5}, invoice="00090002"), None, today=MONDAY)
    assert kinds(after, five) == ["billed beyond shipped"]


def test_a_price_taken_back_takes_back_no_quantity() -> None:
    thread, made = sold()
    after = bill(thread, note(made, "C1", "price", n1=(10, "0.25"))).thread
    assert (after.lines[0].credited, after.lines[0].to_bill) == (0, 0)
    assert after.credited == d("2.50") + d("0.16")  # its share of the tax


def test_a_price_taken_back_and_then_all_of_it_returned_closes_the_invoice_with_its_charges() -> None:
    thread, made = sold()
    lower = note(made, "C1", "price", n1=(10, "0.25"))
    left = credited_lines(made, [given_by(lower)], {}, "returned")
    fact = Credited(at=NOON, credit="C2", invoice=made.number, why="returned", lines=left)
    rest = draft_credit(made, fact, today=date(2026, 1, 20), before=(lower,))
    assert bill(bill(thread, lower).thread, rest).thread.open == 0


def test_the_same_credit_note_counts_once_and_its_number_is_used() -> None:
    thread, made = sold()
    credit = note(made, "C1", "returned", n1=(4, "2.50"))
    after = bill(thread, credit).thread
    assert bill(after, credit).thread == after
    assert kinds(after, note(made, "C1", "returned", n1=(3, "2.50"))) == ["invoice number used"]
    assert kinds(after, note(made, "00090001", "returned", n1=(3, "2.50"))) == ["invoice number used"]


def test_more_than_was_billed_is_not_credited() -> None:
    thread, made = sold()
    assert kinds(thread, note(made, "C1", "returned", n1=(11, "2.50"))) == ["credited beyond billed"]
    assert kinds(thread, note(made, "C1", "price", n1=(10, "99.00"))) == ["credited beyond billed"]


def test_a_credit_of_an_invoice_nobody_wrote_is_told() -> None:
    thread, made = sold()
    stranger = msgspec.structs.replace(made, number="X9")
    assert kinds(thread, note(stranger, "C1", "returned", n1=(1, "2.50"))) == ["unknown invoice"]


@given(st.lists(st.tuples(st.integers(0, 10), st.integers(0, 7)), max_size=4))
def test_whatever_is_returned_in_parts_closes_the_invoice_to_the_cent_when_all_of_it_is(parts: list[tuple[int, int]]) -> None:
    thread, made = sold()
    left, notes = [10, 7], []
    for wanted in [*parts, (10, 7)]:
        take = [min(want, there) for want, there in zip(wanted, left, strict=True)]
        left = [there - taken for there, taken in zip(left, take, strict=True)]
        lines = {f"n{place + 1}": (q, price) for place, (q, price) in enumerate(zip(take, ("2.50", "3.33"), strict=True)) if q}
        if lines:
            notes.append(note(made, f"C{len(notes)}", "returned", *notes, **lines))
            change = bill(thread, notes[-1])
            assert change.agreed, change.disagreements
            thread = change.thread
    assert (thread.open, thread.credited) == (0, made.total)
    assert all(one.to_bill == 0 for one in thread.lines)
    assert thread.state == "paid"


AMOUNTS = st.decimals("0.01", "200.00", places=2)


@given(st.lists(st.tuples(st.sampled_from(["pay", "deduct", "discount", "credit"]), AMOUNTS), max_size=8))
def test_an_invoice_is_always_what_is_open_paid_discounted_deducted_and_credited(moves: list[tuple[str, Decimal]]) -> None:
    one = Receivable(invoice="1", order_number="PO", invoiced_on=MONDAY, amount=d("300.00"))
    for place, (what, amount) in enumerate(moves):
        if what == "credit" and one.credited + amount <= one.amount:
            one = one.with_credit(f"C{place}", amount, MONDAY)
        elif what != "credit" and amount <= one.unremitted:
            words = {"pay": "net", "deduct": "deducted", "discount": "discount"}
            payment = {"net": Decimal(0), words[what]: amount}
            one = one.with_payment(Payment(remittance=f"R{place}", item=1, settled=True, **payment))
        assert one.amount == one.open + one.paid + one.discount + one.deducted + one.credited
        assert one.deducted >= 0


def test_a_credit_settles_what_the_partner_had_deducted() -> None:
    one = Receivable(invoice="1", order_number="PO", invoiced_on=MONDAY, amount=d("300.00"))
    short = one.with_payment(Payment(remittance="R1", item=1, net=d("263.00"), deducted=d("37.00"), settled=True))
    after = short.with_credit("C1", d("37.00"), MONDAY)
    assert (after.open, after.unremitted, after.deducted, after.credited) == (0, 0, 0, d("37.00"))


def test_a_credit_of_what_was_paid_is_owed_to_them() -> None:
    one = Receivable(invoice="1", order_number="PO", invoiced_on=MONDAY, amount=d("300.00"))
    paid = one.with_payment(Payment(remittance="R1", item=1, net=d("300.00"), settled=True))
    assert paid.with_credit("C1", d("12.00"), MONDAY).open == d("-12.00")
