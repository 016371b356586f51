"""Whether a buyer wants something done: an order is new and firm, a change changes. Copies and drafts are neither.

Purposes are data element 353 (BEG01, BCH01), types data element 92 (BEG02, BCH02), both in the words of the maps' code lists.
"""

from __future__ import annotations

from collections.abc import Collection

from edi_gateway.documents.order import Order
from edi_gateway.documents.order_change import OrderChange

ORIGINAL = "original"
_CHANGES = (ORIGINAL, "cancellation", "addition", "change", "replacement")
_NOT_FIRM = {
    "information": "a copy for information",
    "blanket estimate": "an estimate and no firm commitment",
    "confirmation": "the confirmation of an order that was placed otherwise",
    "BD": "a bid",
    "BQ": "a budgetary quote",
}


def no_new_order(order: Order, *, is_known: bool = False, alike: Collection[str] = ()) -> str:
    """Why a person has to say that this is an order to fulfil; empty where it is.

    ``is_known``: this very order is on record. ``alike``: the documents of other orders of its number.
    """
    said = _not_firm(order.type)
    if order.purpose != ORIGINAL and not is_known:
        there = f"an order {order.number} on record" if alike else f"no order {order.number} on record"
        which = f" (document {', '.join(alike)}), which stays as it is" if alike else ""
        said = f"came as '{order.purpose}', and there is {there}{which}"
    return f"it {said}: resume it if it is a new order all the same, reject it, or dismiss it" if said else ""


def no_change(change: OrderChange, order: Order) -> str:
    """Why a person has to say that this is to change ``order``; empty where it is."""
    said = "" if change.type == order.type else _not_firm(change.type)
    if change.purpose not in _CHANGES:
        said = f"came as '{change.purpose}', which asks for no change"
    return f"it {said}: resume it to apply it all the same, reject it, or dismiss it" if said else ""


def _not_firm(type: str) -> str:
    return f"is of type '{type}', {_NOT_FIRM[type]}" if type in _NOT_FIRM else ""
