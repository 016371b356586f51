"""Which invoice a remittance item is for: by its number, then by its order; by amount only as a suggestion.

What an item says beside that has to agree: an invoice of another order, or of another amount than the item's gross, may be a
number mistyped, and money on the wrong invoice is worse than a question.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal, NamedTuple

from edi_gateway.documents.remittance import RemittanceItem
from edi_gateway.order_to_cash.money import total
from edi_gateway.order_to_cash.receivable import Receivable


class Match(NamedTuple):
    """The invoice, or none and those it may be, the likeliest first.

    ``several``: the order is known and has more than one open invoice. ``otherwise``: what the item says against the invoice.
    """

    receivable: Receivable | None = None
    by: Literal["invoice number", "order number"] = "invoice number"
    suggestions: tuple[str, ...] = ()
    several: bool = False
    otherwise: str = ""


def match(item: RemittanceItem, receivables: Mapping[str, Receivable]) -> Match:
    """The invoice ``item`` is for. ``receivables`` are by invoice number, as they stand before this item."""
    if item.qualifier != "PO" and (receivable := receivables.get(item.reference)):
        otherwise = _said_otherwise(item, receivable, receivables)
        return Match(suggestions=(receivable.invoice,), otherwise=otherwise) if otherwise else Match(receivable)
    order = item.reference if item.qualifier == "PO" else item.order_number
    of_order = [r for r in receivables.values() if order and r.order_number == order and r.unremitted > 0]
    if len(of_order) == 1:
        otherwise = _said_otherwise(item, of_order[0], receivables)
        suggestions = (of_order[0].invoice,) if otherwise else ()
        return Match(suggestions=suggestions, otherwise=otherwise) if otherwise else Match(of_order[0], "order number")
    if of_order:
        likeliest = sorted(of_order, key=lambda r: r.unremitted != _claimed(item))
        return Match(suggestions=tuple(r.invoice for r in likeliest), several=True)
    return Match(suggestions=likely(item, receivables))


def _said_otherwise(item: RemittanceItem, receivable: Receivable, receivables: Mapping[str, Receivable]) -> str:
    """What the item says that is not so of this invoice: another order; or a gross above it, or that of another open invoice.

    A gross below it alone says nothing: payers write there what they pay.
    """
    if item.order_number and item.order_number != receivable.order_number:
        return f"invoice {receivable.invoice} is of order {receivable.order_number}, not of {item.order_number}"
    if item.gross is None or item.gross in (receivable.amount, receivable.unremitted):
        return ""
    if item.gross > receivable.amount or any(other.unremitted == item.gross for other in receivables.values()):
        return f"invoice {receivable.invoice} is over {receivable.amount}, not over {item.gross}"
    return ""


def _claimed(item: RemittanceItem) -> Decimal:
    deducted = total([adjustment.amount for adjustment in item.adjustments])
    return item.paid + (item.discount or 0) - deducted


def likely(item: RemittanceItem, receivables: Mapping[str, Receivable]) -> tuple[str, ...]:
    """Invoices whose number differs in leading zeros only, those its references name, then those of the very amount, left or
    claimed."""
    bare = item.reference.lstrip("0")
    alike = [r.invoice for r in receivables.values() if bare and r.invoice.lstrip("0") == bare]
    named = [each.value for each in item.references if each.value in receivables]
    amounts = {amount for amount in (item.paid, _claimed(item)) if amount > 0}
    same_amount = [r.invoice for r in receivables.values() if amounts & {r.unremitted, r.claimed, r.left}]
    return tuple(dict.fromkeys((*alike, *named, *same_amount)))
