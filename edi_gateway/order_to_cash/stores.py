"""What falls on which store of an order for many (SDQ): of what ships, of what is billed, and of what is credited.

A document says it where it can: a pack is marked for a store, an invoice is for one (N1*BY). Where it does not, stores are
served in the sequence of the order's line, each up to what is open for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Literal, TypeAlias

import msgspec

from edi_gateway.documents.invoice import Invoice
from edi_gateway.documents.order import StoreQuantity
from edi_gateway.documents.ship_notice import Pack
from edi_gateway.order_to_cash.disagreement import Disagreement
from edi_gateway.order_to_cash.money import shares
from edi_gateway.order_to_cash.receivable import Share
from edi_gateway.order_to_cash.thread import LineBalance, OrderThread, StoreBalance

ByStore: TypeAlias = Mapping[tuple[str, str], Decimal]
"""A quantity by line and store."""

Moved: TypeAlias = Literal["shipped", "billed", "credited"]
BUYER = "BY"
NONE = Decimal(0)


def doubt_of_sum(quantity: Decimal, unit: str, stores: tuple[StoreQuantity, ...]) -> str:
    """Why a line's quantity and its stores do not go together; nothing where they do, or where it is for none in particular."""
    other = next((one.unit for one in stores if one.unit and one.unit != unit), "")
    if other:
        return f"it is ordered in {unit}, for its stores (SDQ) in {other}"
    whole = sum((one.quantity for one in stores), NONE)
    return "" if not stores or whole == quantity else f"{quantity} {unit} are ordered, for its stores (SDQ) {whole}"


def store_of(invoice: Invoice) -> str:
    """The one store an invoice is for (N1*BY); nothing where it names none."""
    return next((party.id for party in invoice.parties if party.role == BUYER), "")


def shipped_to(thread: OrderThread, packs: list[Pack]) -> ByStore:
    """What packs hold for each store: as they are marked, the rest in sequence up to what each store still waits for."""
    sums: dict[tuple[str, str], Decimal] = {}
    for pack in packs:
        for item in pack.items:
            key = item.line_number, pack.mark_for.id if pack.mark_for else ""
            sums[key] = sums.get(key, NONE) + item.quantity
    return _named_and_spread(thread, sums, "shipped")


def billed_to(thread: OrderThread, invoice: Invoice, moved: Moved = "billed") -> ByStore:
    """What an invoice bills for each store, or a credit note credits."""
    sums: dict[tuple[str, str], Decimal] = {}
    for line in invoice.lines:
        key = line.number, store_of(invoice)
        sums[key] = sums.get(key, NONE) + line.quantity
    return _named_and_spread(thread, sums, moved)


def with_stores(line: LineBalance, moved: ByStore, *balances: str) -> LineBalance:
    """The line with its stores' balances raised by what moved of each."""
    stores = tuple(
        msgspec.structs.replace(
            one, **{name: getattr(one, name) + moved.get((line.number, one.store), NONE) for name in balances}
        )
        for one in line.stores
    )
    return msgspec.structs.replace(line, stores=stores)


def beyond_store(thread: OrderThread, moved: ByStore, what: Moved, over_percent: Decimal = NONE) -> list[Disagreement]:
    """Where a store would get more than it ordered, or be billed for more than was shipped to it."""
    return [wrong for line in thread.lines for one in line.stores for wrong in _beyond(line, one, moved, what, over_percent)]


def shares_of(thread: OrderThread, invoice: Invoice, moved: ByStore) -> tuple[Share, ...]:
    """Each line's amount by store, to the cent; nothing for an order of one place."""
    if not any(line.stores for line in thread.lines):
        return ()
    found: list[Share] = []
    for number in dict.fromkeys(line.number for line in invoice.lines):
        of_line = [line for line in invoice.lines if line.number == number]
        amount = sum((line.amount for line in of_line), NONE)
        parts = {store: quantity for (line, store), quantity in moved.items() if line == number}
        left = sum((line.quantity for line in of_line), NONE) - sum(parts.values(), NONE)
        every = {**parts, "": parts.get("", NONE) + left}
        cents = shares(amount, every.values())
        found += [Share(line=number, store=store, amount=cent) for store, cent in zip(every, cents, strict=True) if cent]
    return tuple(found)


def _named_and_spread(thread: OrderThread, sums: ByStore, moved: Moved) -> dict[tuple[str, str], Decimal]:
    found = {(number, store): quantity for (number, store), quantity in sums.items() if store}
    for (number, store), quantity in sums.items():
        line = thread.line(number)
        if not store and line is not None:
            for one, part in _in_sequence(line, found, quantity, moved):
                found[number, one] = found.get((number, one), NONE) + part
    return found


def _in_sequence(line: LineBalance, named: ByStore, quantity: Decimal, moved: Moved) -> Iterator[tuple[str, Decimal]]:
    for one in line.stores:
        part = min(_room(one, moved) - named.get((line.number, one.store), NONE), quantity)
        if part > 0:
            quantity -= part
            yield one.store, part


def _room(one: StoreBalance, moved: Moved) -> Decimal:
    """How much more may move for a store."""
    if moved == "shipped":
        return one.ordered - one.shipped
    return one.shipped - one.returned - (one.billed - one.credited) if moved == "billed" else one.billed - one.credited


def _beyond(line: LineBalance, one: StoreBalance, moved: ByStore, what: Moved, over: Decimal) -> Iterator[Disagreement]:
    now = moved.get((line.number, one.store), NONE)
    room = _room(one, what) + (one.ordered * over / 100 if what == "shipped" else NONE)
    if not now or now <= room:
        return
    place = f"line {line.number}, store {one.store}"
    match what:
        case "shipped":
            message = f"{one.shipped + now} {line.unit} shipped of {one.ordered} the store ordered"
            yield Disagreement(kind="shipped beyond ordered", message=message, place=place)
        case "billed":
            message = f"{one.billed - one.credited + now} {line.unit} billed of {one.shipped - one.returned} shipped to the store"
            yield Disagreement(kind="billed beyond shipped", message=message, place=place)
        case "credited":
            message = f"{one.credited + now} {line.unit} credited of {one.billed} billed to the store"
            yield Disagreement(kind="credited beyond billed", message=message, place=place)
