"""The business number of a set, found without a map, so that a set can be looked up even when it could not be read."""

from __future__ import annotations

from edi_gateway.x12.envelope import TransactionSet

PLACES = {
    "850": ("BEG", 3),
    "855": ("BAK", 3),
    "856": ("BSN", 2),
    "810": ("BIG", 2),
    "820": ("TRN", 2),
    "860": ("BCH", 3),
    "865": ("BCA", 3),
    "824": ("OTI", 3),
    "812": ("BCD", 2),
    "846": ("BIA", 3),
    "864": ("BMG", 2),
    "997": ("AK1", 2),
    "999": ("AK1", 2),
}


def business_number(transaction_set: TransactionSet) -> str:
    """The PO, shipment, invoice or trace number of a set; nothing where it is not in its place."""
    tag, element = PLACES.get(transaction_set.code, ("", 0))
    marks = transaction_set.delimiters
    at = transaction_set.text.find(tag + marks.element) if tag else -1
    if at < 0:
        return ""
    end = transaction_set.text.find(marks.segment, at)
    elements = transaction_set.text[at : end if end >= 0 else None].split(marks.element)
    return elements[element].strip()[:80] if element < len(elements) else ""
