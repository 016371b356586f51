"""What an invoice takes over of an order's charges, taxes and discount: by the share of the order that is billed with it, and of
a line's by the share of that line.

It is reckoned against what the invoices before it took already. So however an order is billed, and changed in between, all of
them together take what the order states and never more, and the one that completes the order takes the rest. What a credit note
took back with goods is to take again; what it took back with a price is not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple, TypeVar

import msgspec

from edi_gateway.documents.base import Charge, Tax, Terms
from edi_gateway.documents.invoice import Invoice, InvoiceLine
from edi_gateway.documents.order import Order
from edi_gateway.order_to_cash.credit import credited_invoice, is_credit, takes_quantity
from edi_gateway.order_to_cash.facts import BilledLine
from edi_gateway.order_to_cash.money import exact_amount, to_cent
from edi_gateway.order_to_cash.turnaround.charges import invoiced_charges, of_amount

_Part = TypeVar("_Part", Charge, Tax)
_NOT_EXEMPT = frozenset({"", "2", "4", "6", "B"})  # TXI06 (441): no exemption, or none of goods


class Ratio(NamedTuple):
    """How much is ``billed`` of a ``whole`` order, or of a line of it."""

    billed: Decimal
    whole: Decimal

    def of(self, amount: Decimal) -> Decimal:
        """So much of an ``amount``, not rounded."""
        return amount if self.billed == self.whole else amount * self.billed / self.whole


class Proportion(NamedTuple):
    """What is billed of the ``order``, and of each of its ``lines`` of which something is wanted, and the invoices and credit
    notes ``before``."""

    order: Ratio
    lines: Mapping[str, Ratio]
    before: Sequence[Invoice]

    def due(self, amount: Decimal, line: str = "") -> Decimal:
        """What is due by now of an ``amount`` that stands at the order, or at a ``line``: of one that is gone, nothing."""
        part = self.lines.get(line) if line else self.order
        return part.of(amount) if part else Decimal(0)


def _left(due: Decimal, taken: Decimal) -> Decimal:
    """What is left of what is due, of which so much was ``taken`` before; nothing where that was enough."""
    due = to_cent(due)
    return due - taken if abs(due) > abs(taken) else Decimal(0)


def proportion(order: Order, billed: Sequence[BilledLine], before: Sequence[Invoice]) -> Proportion:
    """By the worth of the lines at the order's prices, whatever they are billed at; by quantities where it does not name them.

    ``order`` is the order as it stands. What is billed of a line beyond it counts for nothing.
    """
    by_line: defaultdict[str, Decimal] = defaultdict(Decimal)
    for line in billed:
        by_line[line.line_number] += line.quantity
    for one in before:
        for line_before in one.lines if _moves_goods(one) else ():
            by_line[line_before.number] += _sign(one) * line_before.quantity
    parts = [Ratio(min(max(by_line[line.number], Decimal(0)), line.quantity), line.quantity) for line in order.lines]
    weights = _weights(order)
    counted = sum((part.billed * weight for part, weight in zip(parts, weights, strict=True)), Decimal(0))
    whole = sum((part.whole * weight for part, weight in zip(parts, weights, strict=True)), Decimal(0))
    wanted = {line.number: part for line, part in zip(order.lines, parts, strict=True) if part.whole}
    return Proportion(Ratio(counted, whole), wanted, before)


def _weights(order: Order) -> list[Decimal]:
    """What one of each line counts for."""
    priced = [exact_amount(Decimal(1), line.unit_price or Decimal(0), line.price_basis) for line in order.lines]
    usual = any(priced) and all(line.unit_price is not None for line in order.lines)
    return priced if usual else [Decimal(1) for _ in priced]


def charges_of(order: Order, share: Proportion) -> tuple[Charge, ...]:
    """Its allowances and charges (SAC), those of its lines among them; of one kind together. Raises NeedsPerson where it does
    not say how much one is."""
    every = invoiced_charges(order)
    return _taken_over(every, share, lambda one: (*one.charges, *(charge for line in one.lines for charge in line.charges)))


def stated_taxes_of(order: Order, share: Proportion) -> tuple[Tax, ...]:
    """Its taxes (TXI) that are amounts and not rates."""
    every = [("", tax) for tax in order.taxes] + [(line.number, tax) for line in order.lines for tax in line.taxes]
    stated = ((line, tax) for line, tax in every if tax.percent is None and is_due(tax))
    return _taken_over(stated, share, lambda one: one.taxes)


def is_due(tax: Tax) -> bool:
    """Whether it is to be paid: the order does not say that its goods are exempt from it."""
    return tax.exempt in _NOT_EXEMPT


def terms_of(order: Order, share: Proportion) -> Terms | None:
    """Its terms of sale, with the share of a discount that it states as an amount (ITD08)."""
    terms = order.terms
    if terms is None or terms.discount_amount is None:
        return terms
    granted = (_granted(one, share.before) for one in share.before if not is_credit(one))
    left = _left(share.due(terms.discount_amount), sum(granted, Decimal(0)))
    return msgspec.structs.replace(terms, discount_amount=left)


def _granted(invoice: Invoice, before: Sequence[Invoice]) -> Decimal:
    """The discount in money that an invoice grants still: that of the goods which no credit note took back, at its prices."""
    amount = invoice.terms.discount_amount if invoice.terms else None
    whole = sum((line.amount for line in invoice.lines), Decimal(0))
    if not amount or not whole:
        return amount or Decimal(0)
    back = [one for one in before if is_credit(one) and takes_quantity(one) and credited_invoice(one) == invoice.number]
    taken = _quantities(line for one in back for line in one.lines)
    billed = _quantities(invoice.lines)
    parts = (line.amount * min(taken[line.number] / billed[line.number], Decimal(1)) for line in invoice.lines if line.quantity)
    return amount - to_cent(amount * sum(parts, Decimal(0)) / whole)


def _quantities(lines: Iterable[InvoiceLine]) -> defaultdict[str, Decimal]:
    found: defaultdict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        found[line.number] += line.quantity
    return found


def _taken_over(
    ordered: Iterable[tuple[str, _Part]], share: Proportion, parts_of: Callable[[Invoice], Iterable[_Part]]
) -> tuple[_Part, ...]:
    """What is left of parts, each with the line it stands at; of one that is taken over whole all it says."""
    stated: dict[_Part, _Part] = {}
    due: dict[_Part, Decimal] = {}
    for line, part in ordered:
        kind = _kind(part)
        stated[kind] = part if kind not in stated else kind
        due[kind] = due.get(kind, Decimal(0)) + share.due(part.amount or Decimal(0), line)
    taken: dict[_Part, Decimal] = {}
    for one in share.before:
        for part in parts_of(one) if _moves_goods(one) else ():
            taken[_kind(part)] = taken.get(_kind(part), Decimal(0)) + _sign(one) * (part.amount or Decimal(0))
    left = ((part, _left(due[kind], taken.get(kind, Decimal(0)))) for kind, part in stated.items())
    return tuple(of_amount(part, amount) for part, amount in left if amount)


def _kind(part: _Part) -> _Part:
    return of_amount(part, Decimal(0))


def _sign(one: Invoice) -> int:
    return -1 if is_credit(one) else 1


def _moves_goods(one: Invoice) -> bool:
    return not is_credit(one) or takes_quantity(one)
