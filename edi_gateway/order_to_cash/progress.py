"""How each document moves an order thread: old thread + document → new thread, or the old one and a disagreement.

Every function is pure and may be run twice with the same document: the second time changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

import msgspec

from edi_gateway.documents.invoice import Invoice
from edi_gateway.documents.order_acknowledgment import AcknowledgedLine, OrderAcknowledgment
from edi_gateway.documents.ship_notice import PackedItem, ShipNotice
from edi_gateway.order_to_cash.cash.outcome import Application, AppliedItem
from edi_gateway.order_to_cash.credit import beyond_billed, credited_invoice, is_credit, takes_quantity, why_credited
from edi_gateway.order_to_cash.disagreement import Disagreement, Kind
from edi_gateway.order_to_cash.money import same_currency
from edi_gateway.order_to_cash.receivable import Receivable, receivable_of
from edi_gateway.order_to_cash.stores import beyond_store, billed_to, shares_of, shipped_to, with_stores
from edi_gateway.order_to_cash.thread import Change, LineBalance, LineQuantity, OrderThread, ThreadShipment

# What a line decision's status does to the line's balance; the statuses are those of ``documents.LineDecision``.
BALANCE_OF_STATUS: Mapping[str, str] = {
    "accepted": "confirmed",
    "quantity changed": "confirmed",
    "price changed": "confirmed",
    "date changed": "confirmed",
    "substituted": "confirmed",
    "backordered": "backordered",
    "rejected": "rejected",
}  # "deleted" moves nothing: what the buyer cancelled is ordered no longer


def confirm(thread: OrderThread, answer: OrderAcknowledgment) -> Change:
    """Takes an 855: per line, what is confirmed, backordered and rejected. A later 855 replaces an earlier one.

    Without lines, an accepted or rejected 855 speaks for every line in full. With lines, it must cover each line, and the
    quantities of a line must add up to what was ordered (rule R05).
    """
    if wrong := _another_order(thread, answer.number, answer.release_number):
        return Change(thread, (wrong,))
    if not answer.lines:
        return Change(_all_answered(msgspec.structs.replace(thread, lines=_as_a_whole(thread.lines, answer.decision))))
    decided = {line.number: _decided(line) for line in answer.lines}
    wrong_lines = [
        *_unknown_lines(thread, decided),
        *(wrong for line in thread.lines for wrong in _undecided(line, decided.get(line.number))),
    ]
    if wrong_lines:
        return Change(thread, tuple(wrong_lines))
    prices = {line.number: line.unit_price for line in answer.lines}
    lines = tuple(_as_answered(line, decided.get(line.number, {}), prices.get(line.number)) for line in thread.lines)
    return Change(_all_answered(msgspec.structs.replace(thread, lines=lines)))


def ship(
    thread: OrderThread,
    notice: ShipNotice,
    *,
    over_shipment_percent: Decimal = Decimal(0),
    as_it_left: bool = False,
) -> Change:
    """Takes an 856: what of this order left. Other orders in the same shipment are left to their own threads.

    More than ordered (plus the tolerance) is a disagreement; ``as_it_left`` says that a person has confirmed that so much did
    leave, and the balances then show it.
    """
    ours = [o for o in notice.orders if o.order_number == thread.order_number and o.release_number == thread.release_number]
    if not ours:
        return _refused(thread, "another order", f"shipment {notice.shipment} holds nothing of order {thread.order_number}")
    items = [item for order in ours for pack in order.packs for item in pack.items]
    left = _sums((item.line_number, item.quantity) for item in items)
    shipment = ThreadShipment(
        number=notice.shipment,
        shipped_on=notice.shipped_on,
        lines=tuple(LineQuantity(number=number, quantity=quantity) for number, quantity in left.items()),
    )
    if told := next((earlier for earlier in thread.shipments if earlier.number == notice.shipment), None):
        return (
            Change(thread)
            if told == shipment
            else _refused(
                thread,
                "shipment told otherwise",
                f"shipment {told.number} was told before with other quantities or another date",
                told.number,
            )
        )
    by_store = shipped_to(thread, [pack for order in ours for pack in order.packs])
    wrong = [*_unknown_lines(thread, left), *_unit_differs(thread, items)]
    if not as_it_left:
        beyond = _beyond_ordered(thread, left, over_shipment_percent)
        wrong += beyond or beyond_store(thread, by_store, "shipped", over_shipment_percent)
    if wrong:
        return Change(thread, tuple(wrong))
    lines = tuple(
        with_stores(msgspec.structs.replace(line, shipped=line.shipped + left.get(line.number, Decimal(0))), by_store, "shipped")
        for line in thread.lines
    )
    return Change(msgspec.structs.replace(thread, lines=lines, shipments=(*thread.shipments, shipment)))


def bill(thread: OrderThread, invoice: Invoice) -> Change:
    """Takes an 810: a receivable is opened and the quantities are billed; never more than was shipped, to any store.

    A credit note takes back part of an invoice: see ``credit``.
    """
    if wrong := _another_order(thread, invoice.order_number, invoice.release_number):
        return Change(thread, (wrong,))
    if is_credit(invoice):
        return credit(thread, invoice)
    receivable = receivable_of(invoice)
    if earlier := thread.receivable(invoice.number):
        same = msgspec.structs.replace(earlier, payments=(), credits=(), shares=()) == receivable
        return Change(thread) if same else _used(thread, invoice)
    if invoice.type != "debit":
        return _refused(
            thread, "no debit", f"invoice {invoice.number} is of type {invoice.type}; only debits bill goods", invoice.number
        )
    if invoice.currency and thread.currency and invoice.currency != thread.currency:
        return _refused(thread, "another currency", f"billed in {invoice.currency}, ordered in {thread.currency}", invoice.number)
    billed = _sums((line.number, line.quantity) for line in invoice.lines)
    by_store = billed_to(thread, invoice)
    beyond = [*_unknown_lines(thread, billed), *_beyond_shipped(thread, billed)]
    if beyond := beyond or beyond_store(thread, by_store, "billed"):
        return Change(thread, tuple(beyond))
    lines = tuple(
        with_stores(msgspec.structs.replace(line, billed=line.billed + billed.get(line.number, Decimal(0))), by_store, "billed")
        for line in thread.lines
    )
    opened = msgspec.structs.replace(receivable, shares=shares_of(thread, invoice, by_store))
    return Change(msgspec.structs.replace(thread, lines=lines, receivables=(*thread.receivables, opened)))


def credit(thread: OrderThread, note: Invoice) -> Change:
    """Takes a credit note (810, BIG07 CR): what it takes back of its invoice is open no longer.

    More than the invoice came to, or than was billed of a line or store, is a disagreement.
    """
    of = thread.receivable(credited_invoice(note))
    if of is None:
        named = credited_invoice(note) or "none"
        return _refused(
            thread, "unknown invoice", f"credit note {note.number} is of invoice {named}, which is not ours", note.number
        )
    if told := next((one for one in of.credits if one.number == note.number), None):
        return Change(thread) if told.amount == note.total else _used(thread, note)
    if thread.receivable(note.number) or any(one.number == note.number for each in thread.receivables for one in each.credits):
        return _used(thread, note)
    if of.credited + note.total > of.amount:
        message = f"{of.credited + note.total} credited of {of.amount} billed"
        return _refused(thread, "credited beyond billed", message, of.invoice)
    taken = _sums((line.number, line.quantity) for line in note.lines) if takes_quantity(note) else {}
    by_store = billed_to(thread, note, "credited") if taken else {}
    beyond = [*_unknown_lines(thread, taken), *beyond_billed(thread, taken)]
    if beyond := beyond or beyond_store(thread, by_store, "credited"):
        return Change(thread, tuple(beyond))
    balances = ("credited", "returned") if why_credited(note) == "returned" else ("credited",)
    lines = tuple(
        with_stores(
            msgspec.structs.replace(
                line, **{name: getattr(line, name) + taken.get(line.number, Decimal(0)) for name in balances}
            ),
            by_store,
            *balances,
        )
        for line in thread.lines
    )
    changed = of.with_credit(note.number, note.total, note.invoiced_on)
    return Change(_with_receivable(msgspec.structs.replace(thread, lines=lines), changed))


def remit(thread: OrderThread, application: Application) -> Change:
    """Takes an 820 as applied: its receivables of this order become remitted. Nothing is paid by it yet."""
    ours = [item for item in application.applied if thread.receivable(item.invoice)]
    if not ours:
        return _refused(thread, "unknown invoice", f"remittance {application.trace} names no invoice of this order")
    remitted = thread
    for item in ours:
        receivable = remitted.receivable(item.invoice)
        if receivable is None or _is_on(receivable, item):
            continue
        if wrong := _not_remittable(receivable, item, application.currency):
            return Change(thread, (wrong,))
        remitted = _with_receivable(remitted, receivable.with_payment(item.payment))
    return Change(remitted)


def say_anew(thread: OrderThread, application: Application) -> OrderThread:
    """Takes what was decided of a remittance: its payments of this order, as far as they were remitted, say what it says now."""
    for item in application.applied:
        if receivable := thread.receivable(item.invoice):
            thread = _with_receivable(thread, receivable.with_payment_anew(item.payment))
    return thread


def pay(thread: OrderThread, application: Application) -> Change:
    """Takes a remittance that ``cash.settle`` found at the bank: what it remitted on this order is paid."""
    if application.settled_by is None:
        return _refused(thread, "not finished", f"remittance {application.trace} has no deposit yet", application.trace)
    paid = thread
    for item in application.applied:
        receivable = paid.receivable(item.invoice)
        if receivable is None:
            continue
        if not _is_on(receivable, item):
            return _refused(thread, "paid before remitted", f"invoice {item.invoice} was not remitted by it", item.invoice)
        paid = _with_receivable(paid, receivable.with_settled(application.remittance))
    return Change(paid)


def unpay(thread: OrderThread, application: Application) -> OrderThread:
    """Takes that the bank took the money of a remittance back: what it pays of this order is remitted, and paid no more."""
    for invoice in {item.invoice for item in application.applied}:
        if receivable := thread.receivable(invoice):
            thread = _with_receivable(thread, receivable.with_settled(application.remittance, settled=False))
    return thread


def _refused(thread: OrderThread, kind: Kind, message: str, place: str = "") -> Change:
    return Change(thread, (Disagreement(kind=kind, message=message, place=place),))


def _used(thread: OrderThread, invoice: Invoice) -> Change:
    message = f"invoice {invoice.number} was made before with other content"
    return _refused(thread, "invoice number used", message, invoice.number)


def _sums(quantities: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for number, quantity in quantities:
        sums[number] += quantity
    return dict(sums)


def _all_answered(thread: OrderThread) -> OrderThread:
    answered = tuple(msgspec.structs.replace(change, answered=True) for change in thread.changes)
    return msgspec.structs.replace(thread, changes=answered)


def _another_order(thread: OrderThread, number: str, release: str) -> Disagreement | None:
    if (number, release) == (thread.order_number, thread.release_number):
        return None
    return Disagreement(
        kind="another order",
        message=f"names order {number} release '{release}', not {thread.order_number} release '{thread.release_number}'",
        place=number,
    )


def _unknown_lines(thread: OrderThread, named: Iterable[str]) -> list[Disagreement]:
    return [
        Disagreement(kind="unknown line", message=f"order {thread.order_number} has no line {number}", place=f"line {number}")
        for number in named
        if thread.line(number) is None
    ]


def _as_a_whole(lines: tuple[LineBalance, ...], decision: str) -> tuple[LineBalance, ...]:
    none = Decimal(0)
    if decision == "rejected":
        return tuple(msgspec.structs.replace(x, confirmed=none, backordered=none, rejected=x.ordered - x.shipped) for x in lines)
    if decision.startswith("accepted"):
        return tuple(msgspec.structs.replace(x, confirmed=x.ordered, backordered=none, rejected=none) for x in lines)
    return lines


def _decided(line: AcknowledgedLine) -> dict[str, Decimal]:
    balances = {"confirmed": Decimal(0), "backordered": Decimal(0), "rejected": Decimal(0)}
    for decision in line.decisions:
        if balance := BALANCE_OF_STATUS.get(decision.status):
            balances[balance] += decision.quantity
    return balances


def _as_answered(line: LineBalance, decided: dict[str, Decimal], price: Decimal | None) -> LineBalance:
    """A line as an 855 says: at its price, where that is not the order's and anything is taken at it."""
    is_refused = decided.get("rejected") == line.ordered
    return msgspec.structs.replace(line, **decided, agreed_price=None if is_refused or price == line.unit_price else price)


def _undecided(line: LineBalance, decided: dict[str, Decimal] | None) -> list[Disagreement]:
    place = f"line {line.number}"
    if decided is None and line.ordered == 0:
        return []
    if decided is None:
        return [Disagreement(kind="line not covered", message=f"nothing is said of line {line.number}", place=place)]
    if (said := sum(decided.values())) != line.ordered:
        message = f"{said} {line.unit} decided of {line.ordered} ordered"
        return [Disagreement(kind="quantities do not add up", message=message, place=place)]
    if line.ordered - decided["rejected"] < line.shipped:
        message = f"{decided['rejected']} {line.unit} rejected, but {line.shipped} of {line.ordered} have left"
        return [Disagreement(kind="less than shipped", message=message, place=place)]
    return []


def _unit_differs(thread: OrderThread, items: list[PackedItem]) -> list[Disagreement]:
    return [
        Disagreement(
            kind="unit differs",
            message=f"shipped in {item.unit}, ordered in {line.unit}",
            place=f"line {item.line_number}",
        )
        for item in items
        if (line := thread.line(item.line_number)) and item.unit != line.unit
    ]


def _beyond_ordered(thread: OrderThread, left: dict[str, Decimal], over_percent: Decimal) -> list[Disagreement]:
    return [
        Disagreement(
            kind="shipped beyond ordered",
            message=f"{line.shipped + left[line.number]} {line.unit} shipped of {line.ordered - line.rejected} to ship",
            place=f"line {line.number}",
        )
        for line in thread.lines
        if line.number in left and line.shipped + left[line.number] > line.ordered * (100 + over_percent) / 100 - line.rejected
    ]


def _beyond_shipped(thread: OrderThread, billed: dict[str, Decimal]) -> list[Disagreement]:
    return [
        Disagreement(
            kind="billed beyond shipped",
            message=f"{line.billed - line.credited + more} {line.unit} billed of {line.shipped - line.returned} shipped",
            place=f"line {line.number}",
        )
        for line in thread.lines
        if (more := billed.get(line.number, Decimal(0))) > line.to_bill
    ]


def _is_on(receivable: Receivable, item: AppliedItem) -> bool:
    """Whether this very payment is on the receivable already, settled or not."""
    payment = item.payment
    return payment in (msgspec.structs.replace(known, settled=payment.settled) for known in receivable.payments)


def _not_remittable(receivable: Receivable, item: AppliedItem, currency: str) -> Disagreement | None:
    payment, place = item.payment, receivable.invoice
    if not same_currency(currency, receivable.currency):
        message = f"{payment.net} paid in {currency}, invoice {receivable.invoice} is in {receivable.currency}"
        return Disagreement(kind="another currency", message=message, place=place)
    here = (payment.remittance, payment.item, payment.credit)
    if any((known.remittance, known.item, known.credit) == here for known in receivable.payments):
        message = f"item {payment.item} of {payment.remittance} was applied before, with other amounts"
        return Disagreement(kind="remitted twice", message=message, place=place)
    claimed = payment.net + payment.discount + payment.deducted + payment.claimed
    if claimed > max(receivable.left + receivable.untaken, Decimal(0)):
        message = f"{claimed} remitted of {receivable.left} that is left"
        return Disagreement(kind="remitted beyond billed", message=message, place=place)
    return None


def _with_receivable(thread: OrderThread, changed: Receivable) -> OrderThread:
    receivables = tuple(changed if known.invoice == changed.invoice else known for known in thread.receivables)
    return msgspec.structs.replace(thread, receivables=receivables)
