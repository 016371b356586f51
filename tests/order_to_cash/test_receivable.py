from __future__ import annotations

from datetime import date

import pytest
from trade import MONDAY, d

from edi_gateway.documents.base import Terms
from edi_gateway.order_to_cash.receivable import Payment, Receivable


def owed(amount: str = "100.00", **terms: object) -> Receivable:
    return Receivable(
        invoice="I1",
        order_number="0004711",
        invoiced_on=MONDAY,
        amount=d(amount),
        terms=Terms(**terms) if terms else None,  # type: ignore[arg-type]
    )


def test_what_is_remitted_is_still_open_and_what_is_paid_is_not() -> None:
    remitted = owed().with_payment(Payment(remittance="P/1", item=1, net=d("90.00"), discount=d("2.00"), deducted=d("8.00")))
    assert (remitted.unremitted, remitted.open, remitted.paid) == (0, d("90.00"), 0)
    paid = remitted.with_settled("P/1")
    assert (paid.remitted, paid.paid, paid.open) == (d("90.00"), d("90.00"), 0)


def test_only_the_remittance_that_was_settled_is_paid() -> None:
    two = (
        owed()
        .with_payment(Payment(remittance="P/1", item=1, net=d(60)))
        .with_payment(Payment(remittance="P/2", item=1, net=d(40)))
    )
    assert two.with_settled("P/2").paid == d("40.00")


@pytest.mark.parametrize(("day", "granted"), [(date(2026, 1, 15), "2.00"), (date(2026, 1, 16), "0"), (None, "0")])
def test_a_discount_is_earned_until_its_last_day(day: date | None, granted: str) -> None:
    assert owed(discount_percent=d(2), discount_days=10).discount_allowed(day) == d(granted)


def test_a_stated_due_date_and_amount_go_before_days_and_percent() -> None:
    stated = owed(discount_percent=d(2), discount_days=10, discount_due_on=date(2026, 1, 20), discount_amount=d("1.50"))
    assert stated.discount_allowed(date(2026, 1, 20)) == d("1.50")
    assert stated.discount_allowed(date(2026, 1, 21)) == 0


PROXIMO = {"type": "09", "discount_percent": d(2), "day_of_month": 10}


@pytest.mark.parametrize(("day", "granted"), [(date(2026, 2, 10), "2.00"), (date(2026, 2, 11), "0")])
def test_a_discount_until_a_day_of_the_next_month_is_earned_until_then(day: date, granted: str) -> None:
    assert owed(**PROXIMO).discount_allowed(day) == d(granted)


@pytest.mark.parametrize(
    ("terms", "due"),
    [
        ({}, MONDAY),
        ({"net_days": 30}, date(2026, 2, 4)),
        ({"type": "02", "net_days": 30}, date(2026, 3, 2)),
        ({"type": "09", "net_days": 10}, date(2026, 2, 10)),
        ({"type": "09", "day_of_month": 31}, date(2026, 2, 28)),
        (PROXIMO, date(2026, 2, 10)),
        (PROXIMO | {"net_days": 30}, date(2026, 3, 2)),
        (PROXIMO | {"net_due_on": date(2026, 3, 10)}, date(2026, 3, 10)),
    ],
)
def test_an_invoice_is_due_on_the_last_day_of_its_terms(terms: dict[str, object], due: date) -> None:
    assert owed(**terms).due_on == due


def test_a_discount_is_rounded_to_the_cent() -> None:
    assert owed("33.33", discount_percent=d("1.5")).discount_allowed(None) == d("0.50")


def test_without_terms_no_discount_is_earned() -> None:
    assert owed().discount_allowed(MONDAY) == 0
    assert owed(net_days=30).discount_allowed(MONDAY) == 0
