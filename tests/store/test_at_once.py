"""Two transactions at once: what one reads to write it anew, the other has written or has to wait for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from decimal import Decimal

import msgspec

from edi_gateway.erp.contract import an_order
from edi_gateway.order_to_cash.thread import LineBalance, OrderThread
from edi_gateway.store.database import Database
from edi_gateway.store.unit import Unit


def beside(store: Database, first: Callable[[Unit], object], second: Callable[[Unit], object]) -> None:
    """Runs ``first`` and, before its transaction is committed, begins ``second`` in one of its own; both end well."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            with store.write() as unit:
                second(unit)
        except BaseException as error:
            failed.append(error)

    other = threading.Thread(target=run)
    with store.write() as unit:
        first(unit)
        other.start()
        other.join(0.3)  # as far as it comes without us
    other.join(20)
    assert failed == []


def an_open_order(unit: Unit) -> int:
    order = an_order()
    document = unit.documents.add(order, number=order.number, partner="northwind", direction="in")
    line = LineBalance(number="1", unit="EA", ordered=Decimal(10))
    thread = OrderThread(
        partner="northwind", order_number=order.number, document_id=document, ordered_on=order.ordered_on, lines=(line,)
    )
    return unit.threads.add(thread, currency="USD", usage="P")


def counts(id: int, **balance: int) -> Callable[[Unit], None]:
    """Sets a balance of the only line of an order."""

    def count(unit: Unit) -> None:
        thread = unit.threads.get(id).thread
        line = msgspec.structs.replace(thread.lines[0], **{name: Decimal(value) for name, value in balance.items()})
        unit.threads.save(id, msgspec.structs.replace(thread, lines=(line,)))

    return count


def test_what_two_say_of_one_order_at_once_is_both_kept(store: Database) -> None:
    with store.write() as unit:
        id = an_open_order(unit)
    beside(store, counts(id, shipped=10), counts(id, changed=2))
    with store.read() as unit:
        (line,) = unit.threads.get(id).thread.lines
    assert (line.shipped, line.changed) == (10, 2)


def test_the_same_bytes_from_two_connections_at_once_are_one_payload(store: Database) -> None:
    beside(store, lambda unit: unit.payloads.put(b"ISA"), lambda unit: unit.payloads.put(b"ISA"))
    with store.read() as unit:
        assert unit.payloads.read("92f122ac5c2fbef19c1812f2cce2c486f9d3c9e147c992b77054bb4536322c3f") == b"ISA"
