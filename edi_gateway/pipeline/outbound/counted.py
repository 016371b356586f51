"""Counted: what its order thread keeps of a document of ours; to edit that in the document alone would part the two."""

from __future__ import annotations

import re
from collections.abc import Iterator

from edi_gateway.documents.base import Value
from edi_gateway.documents.invoice import Invoice
from edi_gateway.mapping.difference import CHANGED, between_documents, changed_fields
from edi_gateway.order_to_cash.credit import OF_INVOICE

_OF_WHAT = {"order_number", "release_number", "number", "line_number", "mark_for"}  # an order, a line of it, a store
_HOW_MUCH = {"quantity", "unit", "unit_price", "price_basis", "amount", "total", "currency", "charges", "taxes", "terms"}
_DECIDED = {"type", "decision", "status"}
_DATED = {"shipped_on", "invoiced_on"}
_COUNTED = _OF_WHAT | _HOW_MUCH | _DECIDED | _DATED
_NAME = re.compile(r"[a-z_]+")


def recounted(before: Value, after: Value) -> list[str]:
    """What of a change the order thread would have to count anew, one line a field; whatever else it changes is not told."""
    paths = [each.path for each in changed_fields(before, after)]
    told = dict(zip(paths, between_documents(before, after, CHANGED), strict=True))
    return [told[path] for path in paths if _COUNTED.intersection(_NAME.findall(path))] + list(_of_invoice(before, after))


def _of_invoice(before: Value, after: Value) -> Iterator[str]:
    """The shipment an invoice bills; and of a credit note, of which invoice it is and why."""
    if not isinstance(before, Invoice) or not isinstance(after, Invoice):
        return
    if before.shipment != after.shipment:
        yield f"shipment: was {before.shipment}, is {after.shipment} now"
    was, now = ([one for one in each.references if one.qualifier == OF_INVOICE] for each in (before, after))
    if was != now:
        yield f"references: {OF_INVOICE} is another"
