"""What an allowance or charge of an order (SAC) is on its invoices: whether it is for them at all, and what it comes to."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TypeVar

import msgspec

from edi_gateway.documents.base import Charge, Tax
from edi_gateway.documents.order import Order, OrderLine
from edi_gateway.errors import NeedsPerson
from edi_gateway.order_to_cash.money import exact_amount, to_cent

# SAC12 (331): billed back, by check, to an account or a fund, paid or issued by the vendor or reseller, denied, cancelled,
# for information, a tax not to be paid. What says nothing, or off invoice (02), to be paid by the customer (06) …, is for us.
_APART = frozenset({"01", "03", "04", "05", "09", "10", "11", "12", "15", "18", "20", "21"})
_OF_GOODS = frozenset({"", "2", "3", "5", "6", "Z"})  # SAC06 (378): a percentage of what the goods cost, nothing taken off before

_Part = TypeVar("_Part", Charge, Tax)


def of_amount(part: _Part, amount: Decimal) -> _Part:
    """A charge or tax of another amount; the quantity of a charge (SAC09, SAC10) goes with the amount it came with."""
    if isinstance(part, Charge) and part.amount != amount:
        return msgspec.structs.replace(part, amount=amount, quantity=None, unit="")
    return msgspec.structs.replace(part, amount=amount)


def invoiced_charges(order: Order) -> Iterator[tuple[str, Charge]]:
    """Those of the order and of its lines that its invoices take over, each behind its line's number, with its whole amount.

    Only allowances and charges: requests, promotions and services are not agreed, and SAC01 N says that it is neither. Raises
    NeedsPerson where one says in no way we know how much it is.
    """
    every = [("", charge, order.lines) for charge in order.charges]
    every += [(line.number, charge, (line,)) for line in order.lines for charge in line.charges]
    for number, charge, lines in every:
        if charge.kind in ("allowance", "charge") and charge.handling not in _APART:
            yield number, msgspec.structs.replace(charge, amount=_amount(charge, lines))


def _amount(charge: Charge, lines: tuple[OrderLine, ...]) -> Decimal:
    """As stated (SAC05); or of a rate, for so many units; or of a percentage, of what the lines cost."""
    if charge.amount < 0:
        raise _unknown(charge, f"of {charge.amount}, which could go either way")
    if charge.amount or (not charge.rate and not charge.percent):
        return charge.amount
    if charge.rate and charge.quantity is not None:
        return to_cent(charge.rate * charge.quantity)
    if charge.rate:
        raise _unknown(charge, f"at {charge.rate}, and does not say for how many (SAC10)")
    percent = charge.percent or Decimal(0)
    if charge.percent_of not in _OF_GOODS:
        raise _unknown(charge, f"of {percent} percent of something we do not know (SAC06 {charge.percent_of})")
    if any(line.unit_price is None for line in lines):
        raise _unknown(charge, f"of {percent} percent, and does not name all prices")
    goods = (exact_amount(line.quantity, line.unit_price or Decimal(0), line.price_basis) for line in lines)
    return to_cent(sum(goods, Decimal(0)) * percent / 100)


def _unknown(charge: Charge, said: str) -> NeedsPerson:
    return NeedsPerson(
        f"the order has the {charge.kind} {charge.code or charge.agency_code} (SAC) {said}",
        do="bill it without the order's charges: say `invoice_charges: none` in the profile and resume it, and settle the charge "
        "with them apart; no change (860) says it anew",
    )
