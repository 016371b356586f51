"""The money of an invoice by line: the lines come to the invoice, and each line by itself adds up."""

from __future__ import annotations

from decimal import Decimal

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from trade import MONDAY, d

from edi_gateway.order_to_cash.line_money import LineMoney, store_money
from edi_gateway.order_to_cash.receivable import Claim, Payment, Receivable, Share

cents = st.integers(0, 9_000).map(lambda number: Decimal(number) / 100)
amounts = st.lists(st.integers(1, 9_000).map(lambda number: Decimal(number) / 100), min_size=1, max_size=6)


def invoice(lines: list[Decimal], **payment: object) -> Receivable:
    shares = tuple(Share(line=str(number), store="", amount=amount) for number, amount in enumerate(lines))
    paid = Payment(remittance="P/1", item=1, **payment)  # type: ignore[arg-type]
    owed = Receivable(invoice="I1", order_number="A", invoiced_on=MONDAY, amount=sum(lines, d(0)), shares=shares)
    return owed.with_payment(paid)


def test_a_line_paid_less_a_discount_adds_up_to_the_cent() -> None:
    lines = store_money([invoice([d("33.33"), d("33.34"), d("33.33")], net=d("97.50"), discount=d("2.50"), settled=True)])
    assert [(one.billed, one.paid, one.discount, one.open) for one in lines.values()] == [
        (d("33.33"), d("32.50"), d("0.83"), 0),
        (d("33.34"), d("32.50"), d("0.84"), 0),
        (d("33.33"), d("32.50"), d("0.83"), 0),
    ]


@given(amounts, cents, cents, cents, cents, cents, st.booleans())
def test_every_line_adds_up_and_all_of_them_are_the_invoice(
    lines: list[Decimal], net: Decimal, discount: Decimal, deducted: Decimal, claim: Decimal, credit: Decimal, settled: bool
) -> None:
    claims = (Claim(question=1, amount=claim),)
    one = invoice(lines, net=net, discount=discount, deducted=deducted, claims=claims, settled=settled)
    whole = one.with_credit("K", credit, MONDAY)
    found = list(store_money([whole]).values())
    for each in found:
        assert each.billed == each.open + each.paid + each.discount + each.deducted + each.credited
    assert [each.billed for each in found] == lines
    for name in msgspec.structs.asdict(LineMoney()):
        assert sum(getattr(each, name) for each in found) == getattr(whole, "amount" if name == "billed" else name)
