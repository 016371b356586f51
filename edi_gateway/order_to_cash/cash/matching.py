"""Which invoice a remittance item is for: by its number, then by its order; by amount only as a suggestion."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from edi_gateway.documents.remittance import RemittanceItem
from edi_gateway.order_to_cash.receivable import Receivable


class Match(NamedTuple):
    """The invoice, or none and those it may be. ``several``: the order is known and has more than one open invoice."""

    receivable: Receivable | None = None
    by: Literal["invoice number", "order number"] = "invoice number"
    suggestions: tuple[str, ...] = ()
    several: bool = False


def match(item: RemittanceItem, receivables: Mapping[str, Receivable]) -> Match:
    """The invoice ``item`` is for. ``receivables`` are by invoice number, as they stand before this item."""
    if item.qualifier != "PO" and (receivable := receivables.get(item.reference)):
        return Match(receivable)
    order = item.reference if item.qualifier == "PO" else item.order_number
    of_order = [r for r in receivables.values() if order and r.order_number == order and r.unremitted > 0]
    exact = [r for r in of_order if r.unremitted == _claimed(item)]
    for candidates in (of_order, exact):
        if len(candidates) == 1:
            return Match(candidates[0], "order number")
    if of_order:
        return Match(suggestions=tuple(r.invoice for r in of_order), several=True)
    return Match(suggestions=_suggestions(item, receivables))


def _claimed(item: RemittanceItem) -> object:
    deducted = sum(adjustment.amount for adjustment in item.adjustments)
    return item.paid + (item.discount or 0) - deducted


def _suggestions(item: RemittanceItem, receivables: Mapping[str, Receivable]) -> tuple[str, ...]:
    """Invoices whose number differs in leading zeros only, then those of the very amount."""
    bare = item.reference.lstrip("0")
    alike = [r.invoice for r in receivables.values() if bare and r.invoice.lstrip("0") == bare]
    same_amount = [r.invoice for r in receivables.values() if r.unremitted > 0 and r.unremitted in (item.paid, _claimed(item))]
    return tuple(dict.fromkeys((*alike, *same_amount)))
