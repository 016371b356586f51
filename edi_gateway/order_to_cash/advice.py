"""What an ERP advises on an order before we decide: a snapshot that is recorded, over which the rules are pure."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from edi_gateway.documents.base import Value


class ItemAdvice(Value, frozen=True, kw_only=True):
    """What the ERP says of one order line: does it know the item, its price, and how much it can promise.

    ``list_price`` is for one of the unit ordered (PO103), whatever the line's price basis; ``available`` is counted in that unit.
    """

    line_number: str
    known: bool
    item: str = ""  # the ERP's own item number
    list_price: Decimal | None = None
    available: Decimal | None = None
    blocked: bool = False
    pack: int | None = None  # how many each are in one of the unit ordered, where that is a case


class Advice(Value, frozen=True, kw_only=True):
    """The ERP's answer to ``consult``; money is in the order's currency, None where the ERP does not say."""

    as_of: datetime
    customer_known: bool = True
    credit_limit: Decimal | None = None
    credit_used: Decimal | None = None
    items: tuple[ItemAdvice, ...] = ()
