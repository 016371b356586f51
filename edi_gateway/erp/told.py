"""What an ERP tells, held to what every connector owes: moments with a zone, and numbers a business can have.

A quantity that left, was billed or was credited, and the units a price is for, are above nothing; a quantity that was decided on,
a price and a weight are nothing or more. A number is never NaN or Infinity, and never longer than anybody counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import NamedTuple, TypeVar

import msgspec

from edi_gateway.documents.base import Value
from edi_gateway.erp.base import BilledLine, PackContent
from edi_gateway.errors import WrongInput

V = TypeVar("V", bound=Value)
_LONGEST = 15  # digits before the point, and after it: no element of X12 holds more
_ABOVE_NOTHING = ((PackContent, "quantity"), (BilledLine, "quantity"), (BilledLine, "price_units"))


class _Number(NamedTuple):
    """A number, the field it stands in, and the value that field is of."""

    path: str
    holder: Value
    field: str
    value: Decimal


def as_told(told: V) -> V:
    """The same with its times in a zone (UTC where none is said). Raises WrongInput naming the number nobody can mean."""
    for number in _numbers(told, ""):
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


def _numbers(value: Value, path: str) -> Iterator[_Number]:
    for name in value.__struct_fields__:
        found, here = getattr(value, name), f"{path}{name}"
        if isinstance(found, Decimal):
            yield _Number(here, value, name, found)
        elif isinstance(found, Value):
            yield from _numbers(found, f"{here}.")
        elif isinstance(found, tuple):
            for place, each in enumerate(found):
                if isinstance(each, Value):
                    yield from _numbers(each, f"{here}[{place}].")


def _what_is_wrong(number: _Number) -> str:
    """What keeps it from being meant; empty where nothing does."""
    value = number.value
    if not value.is_finite():
        return "which is no number"
    if value and not -_LONGEST <= value.adjusted() < _LONGEST:
        return "which nobody counts"
    if value < 0:
        return "which is below nothing"
    is_needed = any(isinstance(number.holder, type_) and number.field == field for type_, field in _ABOVE_NOTHING)
    return "which is nothing: leave it out" if is_needed and not value else ""
