"""What an ERP tells, held to what every connector owes: moments with a zone, and numbers a business can have.

A quantity that left, was billed or was credited, and the units a price is for, are above nothing; a quantity that was decided on,
a price and a weight are nothing or more. A number is never NaN or Infinity, and never longer than anybody counts.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TypeVar

import msgspec

from edi_gateway.documents.base import Value
from edi_gateway.documents.numbers import Number, not_meant, numbers_of
from edi_gateway.erp.base import BilledLine, PackContent
from edi_gateway.errors import WrongInput

V = TypeVar("V", bound=Value)
_ABOVE_NOTHING = ((PackContent, "quantity"), (BilledLine, "quantity"), (BilledLine, "price_units"))


def as_told(told: V) -> V:
    """The same with its times in a zone (UTC where none is said). Raises WrongInput naming the number nobody can mean."""
    for number in numbers_of(told):
        if wrong := _what_is_wrong(number):
            raise WrongInput(f"{number.path} is {number.value}, {wrong}", do="write it like 1234.50")
    return with_zones(told)


def with_zones(value: V) -> V:
    """Times without a zone are UTC."""
    changed = {
        name: found.replace(tzinfo=UTC)
        for name in value.__struct_fields__
        if isinstance(found := getattr(value, name), datetime) and found.tzinfo is None
    }
    return msgspec.structs.replace(value, **changed) if changed else value


def _what_is_wrong(number: Number) -> str:
    """What keeps it from being meant; empty where nothing does."""
    value = number.value
    if wrong := not_meant(value):
        return wrong
    if value < 0:
        return "which is below nothing"
    is_needed = any(isinstance(number.holder, type_) and number.field == field for type_, field in _ABOVE_NOTHING)
    return "which is nothing: leave it out" if is_needed and not value else ""
