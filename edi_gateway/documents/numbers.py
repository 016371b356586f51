"""Numbers in a document or what an ERP tells: where each stands, and whether anybody can mean it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from edi_gateway.documents.base import Value

_LONGEST = 15  # digits before the point, and after it: no element of X12 holds more


class Number(NamedTuple):
    """A number, the field it stands in, and the value that field is of."""

    path: str
    holder: Value
    field: str
    value: Decimal


def numbers_of(value: Value, path: str = "") -> Iterator[Number]:
    """Every number of a value and its parts; ``path`` is like ``lines[0].quantity``."""
    for name in value.__struct_fields__:
        found, here = getattr(value, name), f"{path}{name}"
        if isinstance(found, Decimal):
            yield Number(here, value, name, found)
        elif isinstance(found, Value):
            yield from numbers_of(found, f"{here}.")
        elif isinstance(found, tuple):
            for place, each in enumerate(found):
                if isinstance(each, Value):
                    yield from numbers_of(each, f"{here}[{place}].")


def not_meant(value: Decimal) -> str:
    """What keeps anybody from meaning a number; empty where nothing does."""
    if not value.is_finite():
        return "which is no number"
    return "which nobody counts" if value and not -_LONGEST <= value.adjusted() < _LONGEST else ""
