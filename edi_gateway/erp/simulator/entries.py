"""What can happen in the simulated ERP: each entry is one line of its journal, and the journal is all it remembers."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TypeAlias

from edi_gateway.documents.base import Value
from edi_gateway.documents.order import Order
from edi_gateway.erp.base import OrderEvent


class OrderPosted(Value, frozen=True, kw_only=True, tag="order posted"):
    """The gateway posted an order under ``key``."""

    at: datetime
    key: str
    reference: str
    partner: str
    order: Order


class ChangePosted(Value, frozen=True, kw_only=True, tag="change posted"):
    """The gateway posted a change of the order ``of`` under ``key``: taken, or ``refused`` because of something."""

    at: datetime
    key: str
    reference: str
    of: str
    order: Order
    refused: str = ""


class RemittancePosted(Value, frozen=True, kw_only=True, tag="remittance posted"):
    """The gateway posted a remittance under ``key``; it lowers the partner's credit in use."""

    at: datetime
    key: str
    reference: str
    partner: str
    amount: Decimal


class Told(Value, frozen=True, kw_only=True, tag="told"):
    """Something was decided, shipped or billed, and waits to be collected."""

    event: OrderEvent


class NothingShipped(Value, frozen=True, kw_only=True, tag="nothing shipped"):
    """The goods promised to an order were not on the shelf when it was to leave: they go back to waiting."""

    at: datetime
    key: str


class StockCounted(Value, frozen=True, kw_only=True, tag="stock counted"):
    """So many (each) of an item are on the shelf: the opening stock, or a correction."""

    at: datetime
    item: str
    on_hand: Decimal


class Restocked(Value, frozen=True, kw_only=True, tag="restocked"):
    """So many (each) of an item came in."""

    at: datetime
    item: str
    quantity: Decimal


class Confirmed(Value, frozen=True, kw_only=True, tag="confirmed"):
    """The gateway has these events on record."""

    ids: tuple[str, ...]


Entry: TypeAlias = OrderPosted | ChangePosted | RemittancePosted | Told | NothingShipped | StockCounted | Restocked | Confirmed
