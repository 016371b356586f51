"""Credit notes: an 810 of ours (BIG07 CR) that takes back part of an invoice. Its amounts are positive; its type says which way.

The invoice it is of stands in REF*OI, and why it is given in REF03: goods came back; more was billed than was due; or at too high
a price, and then its unit price is the difference and no quantity is taken back.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, TypeAlias, get_args

from edi_gateway.documents.base import Reference
from edi_gateway.documents.invoice import Invoice
from edi_gateway.order_to_cash.disagreement import Disagreement
from edi_gateway.order_to_cash.thread import OrderThread

CREDIT = "credit memo"
OF_INVOICE = "OI"

Why: TypeAlias = Literal["returned", "overbilled", "price"]
WHYS: tuple[Why, ...] = get_args(Why)


def is_credit(invoice: Invoice) -> bool:
    """Whether it takes back what another one billed."""
    return invoice.type in (CREDIT, "credit")


def credit_reference(invoice: str, why: Why) -> Reference:
    """The reference of a credit note to what it is of."""
    return Reference(qualifier=OF_INVOICE, value=invoice, description=why)


def credited_invoice(credit: Invoice) -> str:
    """The number of the invoice it is of; nothing where it does not say."""
    return next((one.value for one in credit.references if one.qualifier == OF_INVOICE), "")


def why_credited(credit: Invoice) -> Why:
    """Why it is given; as for goods that came back, where it does not say."""
    said = next((one.description for one in credit.references if one.qualifier == OF_INVOICE), "")
    return next((why for why in WHYS if why == said), "returned")


def takes_quantity(credit: Invoice) -> bool:
    """Whether quantities are taken back, and not only money."""
    return why_credited(credit) != "price"


def beyond_billed(thread: OrderThread, credited: dict[str, Decimal]) -> list[Disagreement]:
    """Lines of which more would be credited than was billed."""
    return [
        Disagreement(
            kind="credited beyond billed",
            message=f"{line.credited + credited[line.number]} {line.unit} credited of {line.billed} billed",
            place=f"line {line.number}",
        )
        for line in thread.lines
        if line.number in credited and line.credited + credited[line.number] > line.billed
    ]
