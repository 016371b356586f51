"""All rules over one order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

from edi_gateway.documents.order import Order, OrderLine
from edi_gateway.order_to_cash.advice import Advice, ItemAdvice
from edi_gateway.order_to_cash.facts import DecidedQuantity
from edi_gateway.order_to_cash.money import line_amount, price_on_basis, total
from edi_gateway.order_to_cash.rules.item import blocked_item, pack, unknown_item
from edi_gateway.order_to_cash.rules.order import credit, fresh_advice, known_customer, minimum_order, open_window
from edi_gateway.order_to_cash.rules.partly_refused import partly_refused
from edi_gateway.order_to_cash.rules.payment import payment_terms
from edi_gateway.order_to_cash.rules.places import one_place
from edi_gateway.order_to_cash.rules.price import at_our_price, price, price_basis
from edi_gateway.order_to_cash.rules.ruling import Objection, Reason, Ruling, at_our_prices
from edi_gateway.order_to_cash.rules.stock import Stock, short_stock, split_by_stock
from edi_gateway.order_to_cash.rules.stores import stores
from edi_gateway.trading.profile import OrderTerms

LINE_RULES = (unknown_item, blocked_item, pack, price_basis, price, stores, short_stock)


def decide(order: Order, advice: Advice, terms: OrderTerms, *, today: date, now: datetime | None = None) -> Ruling:
    """What can become of each line, and why a person has to look first, if so.

    A line that a rule rejects is rejected in full; one whose price is ours is accepted at that. Lines of one item share what is
    in stock, in their order. A hold changes no quantity: once a person resumes the order, it goes on as ``lines`` say. ``today``
    is the day in the warehouse's zone; ``now`` is what the age of the advice is reckoned from, None: it is not.
    """
    advised = {item.line_number: item for item in advice.items}
    stock, whole = Stock(order, advised), _worth(order, advised, ())
    lines: list[DecidedQuantity] = []
    reasons: list[Reason] = []
    for line in order.lines:
        item, of_item = stock.left(line, advised.get(line.number)), terms.of_item(id.id for id in line.item_ids)
        objections = [objection for rule in LINE_RULES if (objection := rule(line, item, of_item))]
        reasons += [_reason(line, objection) for objection in objections if objection.action == "hold"]
        rejected = next((objection for objection in objections if objection.action == "reject"), None)
        parts = [_rejected(line, rejected)] if rejected else split_by_stock(line, item, of_item)
        stock.take(line, item, parts)
        lines += at_our_price(line, item, parts) if any(objection.action == "our price" for objection in objections) else parts
    asked = (
        known_customer(order, advice),
        minimum_order(whole, terms),
        credit(_left(order, Ruling(lines=tuple(lines)), advised, whole), advice, terms),
        one_place(order),
        open_window(order, terms, today),
        payment_terms(order, whole, terms, today),
        fresh_advice(advice, terms, now),
    )
    reasons += [reason for reason in asked if reason]
    return partly_refused(Ruling(lines=tuple(lines), needs_approval=tuple(reasons)), terms)


def _left(order: Order, ruling: Ruling, advised: Mapping[str, ItemAdvice], whole: Decimal) -> Decimal:
    """What the order comes to as we take it; ``whole``: as the buyer sent it."""
    ours = at_our_prices(order, ruling)
    return whole if ours is order and not ruling.rejected else _worth(ours, advised, ruling.lines)


def _worth(order: Order, advised: Mapping[str, ItemAdvice], decided: Iterable[DecidedQuantity]) -> Decimal:
    """What the order comes to without what is rejected; at our list price where the buyer names none."""
    rejected: dict[str, Decimal] = {}
    for part in decided:
        if part.status == "rejected":
            rejected[part.line_number] = rejected.get(part.line_number, Decimal(0)) + part.quantity
    return total([_amount(line, line.quantity - rejected.get(line.number, Decimal(0)), advised) for line in order.lines])


def _amount(line: OrderLine, quantity: Decimal, advised: Mapping[str, ItemAdvice]) -> Decimal:
    unit_price = line.unit_price
    if unit_price is None:
        item = advised.get(line.number)
        unit_price = price_on_basis((item.list_price if item else None) or Decimal(0), line.price_basis)
    return line_amount(quantity, unit_price, line.price_basis)


def _reason(line: OrderLine, objection: Objection) -> Reason:
    return Reason(rule=objection.rule, message=objection.message, place=f"line {line.number}")


def _rejected(line: OrderLine, objection: Objection) -> DecidedQuantity:
    return DecidedQuantity(line_number=line.number, status="rejected", quantity=line.quantity, reason=objection.rule)
