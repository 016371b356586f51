"""What of an invoice is still to credit: of each line, how much stands billed at which price, less the credit notes there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from edi_gateway.documents.invoice import Invoice
from edi_gateway.errors import WrongInput
from edi_gateway.order_to_cash.credit import Why, why_credited
from edi_gateway.order_to_cash.facts import BilledLine

_Left: TypeAlias = dict[tuple[str, Decimal], Decimal]
"""What stands billed, by line number and unit price: one number may be billed at several."""


class Taken(NamedTuple):
    """What is credited of a line: a quantity, at the price it stands billed at, or by so much a unit."""

    quantity: Decimal
    price: Decimal | None = None


class Given(NamedTuple):
    """A credit note there is: why it was given, and what of which lines, at which price (or less by how much)."""

    why: Why
    lines: tuple[BilledLine, ...]


def given_by(note: Invoice) -> Given:
    """What a credit note takes back."""
    lines = (BilledLine(line_number=each.number, quantity=each.quantity, unit_price=each.unit_price) for each in note.lines)
    return Given(why_credited(note), tuple(lines))


def credited_lines(invoice: Invoice, before: Iterable[Given], taken: Mapping[str, Taken], why: Why) -> tuple[BilledLine, ...]:
    """The lines of a further credit note of ``invoice``; without ``taken``, all that stands billed on it.

    Raises WrongInput for a line it does not have, and for more than stands billed of one: of its quantity or of its price.
    """
    left = _left(invoice, before)
    standing: dict[str, Decimal] = {}
    for (number, _), quantity in left.items():
        standing[number] = standing.get(number, Decimal(0)) + quantity
    if why == "price" and not (taken and all(each.price for each in taken.values())):
        raise WrongInput("a price is taken back by so much a unit", do="write LINE=QUANTITY@DIFFERENCE, such as 001=12@0.50")
    asked = taken or {number: Taken(quantity) for number, quantity in standing.items() if quantity}
    if not asked:
        raise WrongInput(f"all of invoice {invoice.number} is credited already")
    for number, each in asked.items():
        if not each.quantity.is_finite() or each.quantity <= 0:
            raise WrongInput(f"'{each.quantity}' of line {number} is no quantity to credit", do="credit more than nothing")
        if number not in standing:
            raise WrongInput(f"invoice {invoice.number} has no line {number}", do=f"its lines are {', '.join(standing)}")
        if each.quantity > standing[number]:
            raise WrongInput(f"{each.quantity} of line {number} are more than the {standing[number]} that stand billed on it")
    return tuple(line for number, each in asked.items() for line in _credited(left, number, each, why))


def _left(invoice: Invoice, before: Iterable[Given]) -> _Left:
    left: _Left = {}
    for line in invoice.lines:
        _put(left, line.number, line.unit_price, line.quantity)
    for note in before:
        for given in note.lines:
            by_price = note.why == "price"
            for part in _take(left, given.line_number, given.quantity, None if by_price else given.unit_price):
                if by_price:  # the quantity stays billed, at so much less
                    lower = max(part.unit_price - given.unit_price, Decimal(0))
                    _put(left, part.line_number, lower, part.quantity)
    return left


def _credited(left: _Left, number: str, taken: Taken, why: Why) -> list[BilledLine]:
    parts = _take(left, number, taken.quantity, None if why == "price" else taken.price)
    if taken.price is None:
        return parts
    worth = sum((part.quantity * part.unit_price for part in parts), Decimal(0))
    most = min(part.unit_price for part in parts) if why == "price" else worth / taken.quantity
    if taken.price > most:
        raise WrongInput(f"{taken.price} a unit of line {number} is more than the {most} that it stands billed at")
    return [BilledLine(line_number=number, quantity=taken.quantity, unit_price=taken.price)]


def _put(left: _Left, number: str, price: Decimal, quantity: Decimal) -> None:
    left[number, price] = left.get((number, price), Decimal(0)) + quantity


def _take(left: _Left, number: str, quantity: Decimal, price: Decimal | None = None) -> list[BilledLine]:
    """Takes a quantity of a line out of what is left, at this price first; what was taken at each."""
    taken = []
    for key in sorted((key for key in left if key[0] == number), key=lambda key: key[1] != price):
        part = min(quantity, left[key])
        left[key] -= part
        quantity -= part
        if part:
            taken.append(BilledLine(line_number=number, quantity=part, unit_price=key[1]))
    return taken
