"""An order thread without a document that its partner rejected: for them it never was, and another one takes its place.

Only what nothing stands on is taken back: not an invoice that was paid on or credited, not a credit note that was taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

import msgspec

from edi_gateway.documents.base import Value
from edi_gateway.documents.invoice import Invoice
from edi_gateway.documents.ship_notice import ShipNotice
from edi_gateway.order_to_cash.credit import is_credit, takes_quantity, why_credited
from edi_gateway.order_to_cash.disagreement import Disagreement
from edi_gateway.order_to_cash.receivable import Receivable
from edi_gateway.order_to_cash.stores import ByStore, store_of, with_stores
from edi_gateway.order_to_cash.thread import Change, LineBalance, OrderThread

_Sums = Mapping[tuple[str, str], Decimal]


def taken_back(thread: OrderThread, document: Value) -> Change:
    """The thread as if ``document`` (856 or 810) had never moved it; as it is where it did not."""
    match document:
        case ShipNotice():
            return Change(_without_shipment(thread, document))
        case Invoice() if is_credit(document):
            return _without_credit(thread, document)
        case Invoice():
            return _without_invoice(thread, document)
    return Change(thread)


def uncovered(thread: OrderThread) -> list[Disagreement]:
    """Lines that are billed beyond what was shipped of them, since less was shipped than had been told before."""
    return [
        Disagreement(
            kind="billed beyond shipped",
            message=f"{line.billed - line.credited} {line.unit} are billed, and {line.shipped - line.returned} were shipped",
            place=f"line {line.number}",
        )
        for line in thread.lines
        if line.to_bill < 0 or any(one.billed - one.credited > one.shipped - one.returned for one in line.stores)
    ]


def _without_shipment(thread: OrderThread, notice: ShipNotice) -> OrderThread:
    told = next((one for one in thread.shipments if one.number == notice.shipment), None)
    if told is None:
        return thread
    ours = [
        one for one in notice.orders if (one.order_number, one.release_number) == (thread.order_number, thread.release_number)
    ]
    packs = [pack for order in ours for pack in order.packs if pack.mark_for]
    named = _summed((item.line_number, pack.mark_for.id, item.quantity) for pack in packs if pack.mark_for for item in pack.items)
    left = _summed((line.number, "", line.quantity) for line in told.lines)
    lines = _less(thread.lines, left, named, "shipped")
    return msgspec.structs.replace(thread, lines=lines, shipments=tuple(one for one in thread.shipments if one is not told))


def _without_invoice(thread: OrderThread, invoice: Invoice) -> Change:
    receivable = thread.receivable(invoice.number)
    if receivable is None:
        return Change(thread)
    if receivable.payments or receivable.credits:
        return _kept(thread, receivable, f"invoice {invoice.number} was rejected, and remittances or credit notes are on it")
    others = tuple(one for one in thread.receivables if one is not receivable)
    return Change(msgspec.structs.replace(thread, lines=_less_of(thread, invoice, "billed"), receivables=others))


def _without_credit(thread: OrderThread, note: Invoice) -> Change:
    of = next((one for one in thread.receivables if any(credit.number == note.number for credit in one.credits)), None)
    if of is None:
        return Change(thread)
    if any(payment.credit == note.number for payment in of.payments):
        return _kept(thread, of, f"credit note {note.number} was rejected, and a remittance took it")
    left = msgspec.structs.replace(of, credits=tuple(credit for credit in of.credits if credit.number != note.number))
    balances = ("credited", "returned") if why_credited(note) == "returned" else ("credited",)
    lines = _less_of(thread, note, *balances) if takes_quantity(note) else thread.lines
    receivables = tuple(left if one is of else one for one in thread.receivables)
    return Change(msgspec.structs.replace(thread, lines=lines, receivables=receivables))


def _kept(thread: OrderThread, receivable: Receivable, message: str) -> Change:
    return Change(thread, (Disagreement(kind="stands on it", message=message, place=receivable.invoice),))


def _less_of(thread: OrderThread, invoice: Invoice, *balances: str) -> tuple[LineBalance, ...]:
    store = store_of(invoice)
    moved = _summed((line.number, "", line.quantity) for line in invoice.lines)
    named = _summed((line.number, store, line.quantity) for line in invoice.lines if store)
    return _less(thread.lines, moved, named, *balances)


def _less(lines: tuple[LineBalance, ...], moved: _Sums, named: _Sums, *balances: str) -> tuple[LineBalance, ...]:
    """The lines less what had moved of each, and of each store; what no store was named for, from the last that has it on."""
    made = []
    for line in lines:
        quantity = moved.get((line.number, ""), Decimal(0))
        less = msgspec.structs.replace(line, **{name: getattr(line, name) - quantity for name in balances})
        made.append(with_stores(less, _of_stores(line, quantity, named, balances[0]), *balances))
    return tuple(made)


def _of_stores(line: LineBalance, quantity: Decimal, named: _Sums, balance: str) -> ByStore:
    found = {(line.number, one.store): -named.get((line.number, one.store), Decimal(0)) for one in line.stores}
    rest = quantity + sum(found.values(), Decimal(0))
    for one in reversed(line.stores):
        part = min(getattr(one, balance) + found[line.number, one.store], rest)
        found[line.number, one.store] -= part
        rest -= part
    return found


def _summed(quantities: Iterable[tuple[str, str, Decimal]]) -> dict[tuple[str, str], Decimal]:
    sums: dict[tuple[str, str], Decimal] = {}
    for line, store, quantity in quantities:
        sums[line, store] = sums.get((line, store), Decimal(0)) + quantity
    return sums
