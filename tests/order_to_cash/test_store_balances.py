"""Balances by store (SDQ): no store gets more than it ordered, none is billed for more than was shipped to it."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from trade import MONDAY, NOON, billed, d, line, notice_of, opened, order

from edi_gateway.documents.invoice import Invoice
from edi_gateway.documents.order import Order, StoreQuantity
from edi_gateway.documents.party import Party
from edi_gateway.errors import NeedsPerson
from edi_gateway.order_to_cash.changing import take_change
from edi_gateway.order_to_cash.facts import Billed, BilledLine, PackContent, PackedCarton, Shipped
from edi_gateway.order_to_cash.line_money import store_money
from edi_gateway.order_to_cash.progress import bill, ship
from edi_gateway.order_to_cash.thread import Change, OrderThread, ThreadChange
from edi_gateway.order_to_cash.turnaround import draft_invoice
from edi_gateway.order_to_cash.turnaround.parts import invoices_apart, ordered_by_store

ORDERED = {"0101": 6, "0102": 4}
ORDER = order(
    line(
        "1",
        10,
        "2.50",
        stores=tuple(StoreQuantity(store=name, quantity=d(q), unit="EA", id_qualifier="92") for name, q in ORDERED.items()),
    )
)


def left(shipment: str, **stores: int) -> Shipped:
    """``left("S1", s0101=6)``: a carton for each store; ``s`` for one that is marked for none."""
    cartons = tuple(
        PackedCarton(contents=(PackContent(line_number="1", quantity=d(quantity)),), weight=d(5), store=name[1:])
        for name, quantity in stores.items()
    )
    return Shipped(at=NOON, shipment=shipment, cartons=cartons)


def shipped(thread: OrderThread, fact: Shipped) -> Change:
    return ship(thread, notice_of(ORDER, fact))


def invoice(number: str, quantity: int, store: str = "") -> Invoice:
    party = Party(role="BY", id_qualifier="92", id=store) if store else None
    return draft_invoice(ORDER, billed({"1": quantity}, invoice=number), None, today=MONDAY, store=party)


def by_store(thread: OrderThread, balance: str) -> dict[str, Decimal]:
    return {one.store: getattr(one, balance) for one in thread.lines[0].stores}


def told(change: Change) -> list[tuple[str, str]]:
    return [(each.kind, each.place) for each in change.disagreements]


def test_a_store_that_would_get_more_than_it_ordered_is_told_by_its_name() -> None:
    change = shipped(opened(ORDER), left("S1", s0101=5, s0102=5))
    assert told(change) == [("shipped beyond ordered", "line 1, store 0102")]


def test_cartons_that_are_marked_for_no_store_serve_them_in_their_sequence() -> None:
    thread = shipped(opened(ORDER), left("S1", s=7)).thread
    assert by_store(thread, "shipped") == {"0101": 6, "0102": 1}


def test_a_store_is_not_billed_for_what_was_shipped_to_another() -> None:
    thread = shipped(opened(ORDER), left("S1", s0101=6)).thread
    assert told(bill(thread, invoice("N1", 4, "0102"))) == [("billed beyond shipped", "line 1, store 0102")]
    assert bill(thread, invoice("N1", 4, "0101")).agreed


def test_an_invoice_for_all_bills_each_store_what_was_shipped_to_it() -> None:
    thread = shipped(opened(ORDER), left("S1", s0101=6, s0102=4)).thread
    after = bill(thread, invoice("N1", 10)).thread
    assert by_store(after, "billed") == {"0101": 6, "0102": 4}


def test_more_billed_than_its_stores_have_room_for_is_for_a_person() -> None:
    fact = Billed(at=NOON, invoice="N1", shipment="S1", lines=(BilledLine(line_number="1", quantity=d(9), unit_price=d("2.50")),))
    with pytest.raises(NeedsPerson, match="1 too many for its stores"):
        invoices_apart(ORDER, fact, {("1", "0101"): d(6), ("1", "0102"): d(2)})


@pytest.mark.parametrize("asked", [ORDER, order(line("1"))])
def test_what_is_billed_for_a_store_the_line_is_not_for_is_for_a_person(asked: Order) -> None:
    line_ = BilledLine(line_number="1", quantity=d(4), unit_price=d("2.50"), store="S-A")
    with pytest.raises(NeedsPerson, match="line 1 of order 0004711 is billed for store S-A"):
        invoices_apart(asked, Billed(at=NOON, invoice="N1", shipment="S1", lines=(line_,)), {})


def test_a_line_that_names_no_store_is_billed_for_one_of_the_orders() -> None:
    """As a carton of it is marked for one."""
    asked = order(ORDER.lines[0], line("2", 4))
    line_ = BilledLine(line_number="2", quantity=d(4), unit_price=d("2.50"), store="0102")
    ((store, _),) = invoices_apart(asked, Billed(at=NOON, invoice="N1", shipment="S1", lines=(line_,)), {})
    assert store == "0102"


def test_what_the_erp_bills_for_one_store_keeps_its_number() -> None:
    line_ = BilledLine(line_number="1", quantity=d(4), unit_price=d("2.50"), store="0102")
    ((store, part),) = invoices_apart(ORDER, Billed(at=NOON, invoice="N1", shipment="S1", lines=(line_,)), {})
    assert (store, part.invoice) == ("0102", "N1")


def test_a_store_that_stands_twice_on_a_line_is_to_get_both() -> None:
    """Two SDQ segments name 0101: it is one store, that ordered six."""
    parts = (("0101", 2), ("0102", 4), ("0101", 4))
    twice = tuple(StoreQuantity(store=name, quantity=d(q), unit="EA", id_qualifier="92") for name, q in parts)
    asked = order(msgspec.structs.replace(ORDER.lines[0], stores=twice))
    assert opened(asked) == opened(ORDER)
    assert ordered_by_store(asked) == ordered_by_store(ORDER)
    change = ThreadChange(document_id="C1", at=NOON, taken="all", digest="")
    gone = shipped(opened(ORDER), left("S1", s0101=6)).thread
    assert by_store(take_change(gone, asked, change).thread, "ordered") == {"0101": d(6), "0102": d(4)}
    bill_all = Billed(at=NOON, invoice="N1", shipment="S1", lines=(BilledLine(line_number="1", quantity=d(10), unit_price=d(1)),))
    parts_billed = invoices_apart(asked, bill_all, ordered_by_store(asked))
    assert [(store, part.lines[0].quantity) for store, part in parts_billed] == [("0101", d(6)), ("0102", d(4))]


MOVES = st.tuples(st.sampled_from(["ship", "bill"]), st.sampled_from(["", "0101", "0102"]), st.integers(1, 7))


@given(st.lists(MOVES, max_size=10))
def test_whatever_happens_stores_add_up_to_their_line_and_none_is_billed_beyond_what_was_shipped_to_it(
    moves: list[tuple[str, str, int]],
) -> None:
    thread = opened(ORDER)
    for place, (what, store, quantity) in enumerate(moves):
        if what == "ship":
            change = shipped(thread, left(f"S{place}", **{f"s{store}": quantity}))
        else:
            change = bill(thread, invoice(f"N{place}", quantity, store))
        assert change.agreed or change.thread == thread
        thread = change.thread
        (one,) = thread.lines
        for balance in ("shipped", "billed"):
            assert sum(by_store(thread, balance).values()) <= getattr(one, balance)
        assert all(each.billed <= each.shipped <= each.ordered for each in one.stores)
        money = store_money(thread.receivables)
        assert sum(each.billed for each in money.values()) == thread.billed_amount


def test_the_money_of_an_invoice_with_freight_is_shared_by_store_to_the_cent() -> None:
    thread = shipped(opened(ORDER), left("S1", s0101=6, s0102=4)).thread
    made = invoice("N1", 10)
    dearer = msgspec.structs.replace(made, total=made.total + d("0.99"))
    money = store_money(bill(thread, dearer).thread.receivables)
    assert {store: each.open for (_, store), each in money.items()} == {"0101": d("15.59"), "0102": d("10.40")}
