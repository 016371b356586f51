"""Terms of sale with their days worked out (ITD04, ITD06, ITD08), for a partner that wants to read dates and amounts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from edi_gateway.documents.base import Terms
from edi_gateway.order_to_cash.last_days import discount_until, net_until
from edi_gateway.order_to_cash.money import Rounding, to_cent

_INVOICE_DATE, _SHIP_DATE = ("", "3"), ("1",)  # ITD02 (333): from which day the terms count


def terms_with_dates(
    terms: Terms | None, *, invoiced_on: date, shipped_on: date | None, total: Decimal, rounding: Rounding
) -> Terms | None:
    """The terms with the last day for the discount, the last day to pay, and the discount in money.

    What the terms state themselves stays. Days that count from neither the invoice nor the shipment (from delivery, from the
    receipt of goods) are left as days: nobody here knows when those begin.
    """
    if terms is None:
        return None
    begins = invoiced_on if terms.basis in _INVOICE_DATE else shipped_on if terms.basis in _SHIP_DATE else None
    amount = to_cent(total * terms.discount_percent / 100, rounding) if terms.discount_percent else None
    return msgspec.structs.replace(
        terms,
        discount_due_on=discount_until(terms, begins) if begins else terms.discount_due_on,
        net_due_on=net_until(terms, begins) if begins else terms.net_due_on,
        discount_amount=terms.discount_amount if terms.discount_amount is not None else amount,
    )


def as_ordered(invoiced: Terms | None, ordered: Terms) -> Terms | None:
    """Terms of an invoice without what was worked out: what must equal those of the order (R22).

    A discount that the order states as an amount (ITD08) may be granted in part: an invoice of part of the order has its share.
    """
    if invoiced is None:
        return None
    whole, granted = ordered.discount_amount, invoiced.discount_amount
    if whole is not None and granted is not None and 0 <= granted <= whole:
        invoiced = msgspec.structs.replace(invoiced, discount_amount=whole)
    worked_out = ("discount_due_on", "net_due_on", "discount_amount")
    return msgspec.structs.replace(invoiced, **{name: None for name in worked_out if getattr(ordered, name) is None})
