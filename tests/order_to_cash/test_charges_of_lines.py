"""Charges and taxes that stand at a line: what of them is billed with which line, and what an invoice says of their quantity."""

from __future__ import annotations

import msgspec
import pytest
from trade import MONDAY, NOON, billed, d, line, order

from edi_gateway.documents.base import Charge, Tax
from edi_gateway.documents.invoice import Invoice
from edi_gateway.documents.order import Order
from edi_gateway.order_to_cash.facts import Credited
from edi_gateway.order_to_cash.turnaround import InvoicePolicy, draft_credit, draft_invoice

IN_PROPORTION = InvoicePolicy(charges="in proportion", taxes="in proportion")
BY_RATE = Charge(kind="allowance", code="C310", rate=d("0.50"), quantity=d(10), unit="EA")


def invoices(asked: Order, *each: dict[str, int]) -> list[Invoice]:
    made: list[Invoice] = []
    for quantities in each:
        fact = billed(quantities, price="10")
        made.append(draft_invoice(asked, fact, None, today=MONDAY, policy=IN_PROPORTION, before=made))
    return made


@pytest.mark.parametrize(
    "allowance", [Charge(kind="allowance", percent=d(5)), Charge(kind="allowance", amount=d("5.00")), BY_RATE]
)
def test_an_allowance_of_a_line_is_taken_off_with_that_line(allowance: Charge) -> None:
    asked = order(line("1", 10, "10", charges=(allowance,)), line("2", 10, "10"))
    assert [one.total for one in invoices(asked, {"2": 10}, {"1": 4}, {"1": 6})] == [d(100), d(38), d(57)]


def test_allowances_of_one_kind_at_several_lines_are_one_each_by_its_own_line() -> None:
    ten, five = (Charge(kind="allowance", code="C310", amount=d(amount)) for amount in ("10.00", "5.00"))
    asked = order(line("1", 10, "10", charges=(ten,)), line("2", 10, "10", charges=(five,)))
    made = invoices(asked, {"1": 5, "2": 2}, {"1": 5, "2": 8})
    assert [[charge.amount for charge in one.charges] for one in made] == [[d("6.00")], [d("9.00")]]


def test_a_stated_tax_of_a_line_is_billed_with_that_line() -> None:
    asked = order(line("1", 10, "10", taxes=(Tax(type="ST", amount=d("8.00")),)), line("2", 10, "10"))
    assert [one.total for one in invoices(asked, {"2": 10}, {"1": 10})] == [d(100), d(108)]


def test_a_charge_of_a_line_of_which_nothing_is_wanted_any_more_is_not_billed() -> None:
    gone = line("1", 0, "10", charges=(Charge(kind="charge", amount=d("5.00")),))
    assert [one.total for one in invoices(order(gone, line("2", 10, "10")), {"2": 10})] == [d(100)]


def test_a_share_of_what_goes_by_a_rate_does_not_say_the_quantity_of_the_whole() -> None:
    asked = order(line("1", 10, "10", charges=(BY_RATE,)))
    (whole,) = invoices(asked, {"1": 10})
    assert [(one.quantity, one.unit) for one in whole.charges] == [(d(10), "EA")]
    parts = invoices(asked, {"1": 4}, {"1": 6})
    told = [(one.amount, one.rate, one.quantity, one.unit) for each in parts for one in each.charges]
    assert told == [(d("2.00"), d("0.50"), None, ""), (d("3.00"), d("0.50"), None, "")]
    back = Credited(at=NOON, credit="C1", invoice=whole.number, why="overbilled", lines=billed({"1": 4}, price="10").lines)
    note = draft_credit(whole, back, today=MONDAY)
    assert [(one.amount, one.quantity) for one in note.charges] == [(d("2.00"), None)]


def test_what_an_invoice_on_record_took_with_its_quantity_is_taken() -> None:
    asked = order(line("1", 10, "10", charges=(BY_RATE,)))
    (first,) = invoices(asked, {"1": 4})
    before = msgspec.structs.replace(first, charges=(msgspec.structs.replace(BY_RATE, amount=d("2.00")),))
    fact = billed({"1": 6}, price="10")
    rest = draft_invoice(asked, fact, None, today=MONDAY, policy=IN_PROPORTION, before=[before])
    assert [one.amount for one in rest.charges] == [d("3.00")]
