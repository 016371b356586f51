"""Where a set says its business number, found without a map."""

from __future__ import annotations

from typing import NamedTuple

from edi_gateway.x12 import standard
from edi_gateway.x12.envelope import TransactionSet


class NumberPlace(NamedTuple):
    """A segment and the position of the number in it."""

    segment: str
    element: int


_PLACES = {
    "850": NumberPlace("BEG", 3),
    "860": NumberPlace("BCH", 3),
    "855": NumberPlace("BAK", 3),
    "865": NumberPlace("BCA", 3),
    "856": NumberPlace("BSN", 2),
    "810": NumberPlace("BIG", 2),
    "820": NumberPlace("TRN", 2),
    "824": NumberPlace("OTI", 3),
}
_ELSEWHERE = NumberPlace("ST", 2)


def number_place(code: str) -> NumberPlace:
    """Where a set of this kind has its number; ST02 where we know no better."""
    return _PLACES.get(code, _ELSEWHERE)


def number_of(transaction_set: TransactionSet) -> str:
    """The PO, shipment, invoice or trace number of a set; nothing where it is not in its place."""
    place = number_place(transaction_set.code)
    for segment in transaction_set.segments:
        if segment[0] == place.segment and len(segment) > place.element:
            return segment[place.element]
    return ""


def data_element(code: str, release: str) -> str | None:
    """The number of the data element that holds the business number (AK402)."""
    place = number_place(code)
    nearest = standard.nearest(code, release)
    definition = standard.segment(nearest.definition.release, place.segment) if nearest else None
    return definition.elements[place.element - 1].reference if definition else None
