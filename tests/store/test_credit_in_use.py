"""What of a partner's credit is in use: open invoices, and what is ordered and neither rejected nor billed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from edi_gateway.erp.contract import an_order
from edi_gateway.order_to_cash.receivable import Receivable
from edi_gateway.order_to_cash.thread import LineBalance, OrderThread
from edi_gateway.store.database import Database

DAY = date(2026, 11, 16)


def in_use(store: Database, *lines: LineBalance) -> Decimal:
    """Of one order with these lines, at 10.00 each."""
    order = an_order()
    with store.write() as unit:
        document = unit.documents.add(order, number=order.number, partner="northwind", direction="in")
        priced = tuple(msgspec.structs.replace(line, unit_price=Decimal(10)) for line in lines)
        thread = OrderThread(partner="northwind", order_number=order.number, document_id=document, ordered_on=DAY, lines=priced)
        unit.threads.add(thread, currency="USD", usage="P")
        return unit.threads.in_use("northwind")


def line(number: str = "1", *, ordered: int, **balances: int) -> LineBalance:
    return LineBalance(
        number=number, unit="EA", ordered=Decimal(ordered), **{name: Decimal(value) for name, value in balances.items()}
    )


@pytest.mark.parametrize(
    ("balances", "expected"),
    [
        ({"ordered": 10}, 100),
        ({"ordered": 10, "confirmed": 10}, 100),
        ({"ordered": 10, "confirmed": 4, "backordered": 6}, 100),
        ({"ordered": 10, "confirmed": 4, "rejected": 6}, 40),
        ({"ordered": 1000, "changed": 990, "confirmed": 10}, 10000),  # an 860 asked for more, and nobody has answered it yet
        ({"ordered": 10, "rejected": 10}, 0),
    ],
)
def test_what_is_ordered_and_not_rejected_is_in_use(store: Database, balances: dict[str, int], expected: int) -> None:
    assert in_use(store, line(**balances)) == expected


def test_a_line_that_a_change_added_is_in_use_beside_one_that_is_rejected_in_part(store: Database) -> None:
    assert in_use(store, line("1", ordered=10, confirmed=4, rejected=6), line("2", ordered=7)) == 110


def test_nothing_is_in_use_of_a_partner_without_orders(store: Database) -> None:
    with store.read() as unit:
        assert unit.threads.in_use("northwind") == 0


def test_the_sum_of_many_orders_is_exact_where_no_float_would_be(store: Database) -> None:
    in_use(store, line(ordered=600_000_000_000, confirmed=600_000_000_000))  # 6.0e18 millionths: no float counts them
    price_of_little = msgspec.structs.replace(line(ordered=1, confirmed=1), price_basis="HP")
    assert in_use(store, price_of_little) == Decimal("6000000000000.10")


def test_an_order_billed_beyond_what_was_ordered_frees_no_credit_of_another(store: Database) -> None:
    in_use(store, line(ordered=10, confirmed=10))
    order = an_order()
    with store.write() as unit:
        owed = Receivable(invoice="I1", order_number=order.number, invoiced_on=DAY, amount=Decimal("70.01"))
        thread = OrderThread(
            partner="northwind", order_number=order.number, document_id="more", ordered_on=DAY,
            lines=(line(ordered=1, confirmed=1, shipped=7, billed=7),), receivables=(owed,),
        )  # fmt: skip
        unit.threads.add(thread, currency="USD", usage="P")
        assert unit.threads.in_use("northwind") == Decimal("170.01")
