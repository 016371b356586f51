"""What broken rules may cost: the partner's fee times what it is for one of, exact, with the reckoning; or why it is unknown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from edi_gateway.documents.base import Value
from edi_gateway.documents.invoice import Invoice
from edi_gateway.documents.order import Order
from edi_gateway.documents.order_acknowledgment import OrderAcknowledgment
from edi_gateway.documents.ship_notice import ShipNotice
from edi_gateway.order_to_cash.compliance.breach import Around
from edi_gateway.order_to_cash.compliance.verdict import Verdict
from edi_gateway.order_to_cash.credit import is_credit
from edi_gateway.order_to_cash.money import basis_is_known, line_amount, total
from edi_gateway.order_to_cash.thread import OrderThread
from edi_gateway.trading.compliance.pack import CompliancePack, RuleTerms

UNKNOWN = "unknown"
_A_DAY = 86_400


class Exposure(Value, frozen=True, kw_only=True):
    """What one document may cost by one rule; ``amount`` None: it cannot be reckoned, and ``reckoning`` says why."""

    rule: str
    amount: Decimal | None = None
    reckoning: str

    @property
    def said(self) -> str:
        """The amount, or that it is unknown."""
        return UNKNOWN if self.amount is None else f"{self.amount:f}"


class Measures(NamedTuple):
    """How much there is of a document; None for what it does not tell. ``goods`` and ``invoice`` are money."""

    orders: int = 1
    lines: int | None = None
    cartons: int | None = None
    days_late: int | None = None
    goods: Decimal | None = None
    invoice: Decimal | None = None


class _Part(NamedTuple):
    """One of the two parts of a fee: ``amount`` None where it cannot be reckoned."""

    said: str
    amount: Decimal | None


def exposures(verdicts: Iterable[Verdict], pack: CompliancePack, measures: Measures) -> tuple[Exposure, ...]:
    """One for each broken rule of which a fee is known: a rule broken at five places of a document is charged once for each of
    what its fee is for one of."""
    broken: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        if verdict.result in ("stopped", "warned"):
            broken.setdefault(verdict.rule, []).append(verdict)
    found = (_exposure(rule, pack.terms(rule), [each.place for each in those], measures) for rule, those in broken.items())
    return tuple(each for each in found if each is not None)


def measures_of(document: Value, orders: Sequence[tuple[Order, OrderThread]], around: Around) -> Measures:
    """What can be counted of an 855, 856 or 810 about these orders."""
    late = _days_late(around)
    match document:
        case OrderAcknowledgment():
            goods = _worth((line.quantity, line.unit_price, line.price_basis) for order, _ in orders for line in order.lines)
            return Measures(lines=len(orders[0][0].lines), days_late=late, goods=goods, invoice=_billed(orders, None))
        case ShipNotice():
            return _of_notice(document, orders, late)
        case Invoice():
            goods = total([line.amount for line in document.lines])
            charged = Decimal(0) if is_credit(document) else document.total
            return Measures(len({document.order_number}), len(document.lines), None, late, goods, charged)
    return Measures(days_late=late)


def _of_notice(notice: ShipNotice, orders: Sequence[tuple[Order, OrderThread]], late: int | None) -> Measures:
    lines = {
        (order.number, order.release_number, line.number): (line.unit_price, line.price_basis)
        for order, _ in orders
        for line in order.lines
    }
    items = [(part, item) for part in notice.orders for pack in part.packs for item in pack.items]
    keys = [(part.order_number, part.release_number, item.line_number) for part, item in items]
    goods = _worth((item.quantity, *lines.get(key, (None, ""))) for (_, item), key in zip(items, keys, strict=True))
    return Measures(
        len(notice.orders), len(set(keys)), notice.pack_count or None, late, goods, _billed(orders, {notice.shipment})
    )


def _worth(parts: Iterable[tuple[Decimal, Decimal | None, str]]) -> Decimal | None:
    """The sum of line amounts; None as soon as a price is not known, for part of the worth would be a wrong one."""
    amounts: list[Decimal] = []
    for quantity, price, basis in parts:
        if price is None or not basis_is_known(basis):
            return None
        amounts.append(line_amount(quantity, price, basis))
    return total(amounts)


def _billed(orders: Sequence[tuple[Order, OrderThread]], shipments: set[str] | None) -> Decimal | None:
    """What was billed of the orders, or of these shipments of theirs; None where nothing was yet."""
    found = [one.amount for _, thread in orders for one in thread.receivables if shipments is None or shipments & {one.shipment}]
    return total(found) if found else None


def _days_late(around: Around) -> int | None:
    """Days past the deadline, a begun one counts; None where there is no deadline."""
    if around.goes_at is None or around.due_at is None:
        return None
    return -(-max(int((around.goes_at - around.due_at).total_seconds()), 0) // _A_DAY)


def _exposure(rule: str, terms: RuleTerms, places: list[str], measures: Measures) -> Exposure | None:
    parts = [*_percent(terms, measures), *_each(terms, places, measures)]
    if not parts:
        return None
    reckoning = "; ".join(part.said for part in parts)
    amounts = [part.amount for part in parts if part.amount is not None]
    if len(amounts) < len(parts):
        return Exposure(rule=rule, reckoning=reckoning)
    whole = sum(amounts, Decimal(0))
    return Exposure(rule=rule, amount=whole, reckoning=reckoning + (f"; together {whole:f}" if len(parts) > 1 else ""))


def _percent(terms: RuleTerms, measures: Measures) -> list[_Part]:
    if not terms.fee_percent:
        return []
    of = measures.goods if terms.percent_of == "goods" else measures.invoice
    if of is None:
        why = "a price is not known" if terms.percent_of == "goods" else "nothing is billed of it yet"
        return [_Part(f"{terms.fee_percent:f}% of the {terms.percent_of}: {why}", None)]
    amount = terms.fee_percent * of / 100
    return [_Part(f"{terms.fee_percent:f}% of {of:f} = {amount:f}", amount)]


def _each(terms: RuleTerms, places: list[str], measures: Measures) -> list[_Part]:
    if not terms.fee:
        return []
    count = _count(terms.per, places, measures)
    if count is None:
        return [_Part(f"{terms.fee:f} per {terms.per}: how many {terms.per}s it is for is not known", None)]
    amount = terms.fee * count
    return [_Part(f"{count} {terms.per}{'' if count == 1 else 's'} × {terms.fee:f} = {amount:f}", amount)]


def _count(per: str, places: list[str], measures: Measures) -> int | None:
    """How many it is for: the lines or cartons it is broken at where it names them, else all of the document."""
    match per:
        case "line":
            return _named(places, "line ") or measures.lines
        case "carton":
            return _named(places, "pack ") or measures.cartons
        case "day":
            return measures.days_late or None
        case "order":
            return measures.orders
    return 1


def _named(places: list[str], kind: str) -> int:
    """How many of a kind the places name; nothing where one of them is about something else."""
    return len(set(places)) if all(place.startswith(kind) for place in places) else 0
