"""The contract every ERP connector keeps: what we ask, what we hand over, and what it tells us.

The ERP decides, ships and bills; the gateway asks, posts and passes on. Posting is idempotent by our document id. What the ERP
has to tell waits as ``ErpEvent`` values until we confirm that they are on record, so nothing is lost between the two.
Foreign exceptions become TryAgain (asleep, slow), WrongInput (it refuses the document) or NeedsPerson.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple, Protocol, TypeAlias

import msgspec

from edi_gateway.documents.base import Carrier, Value
from edi_gateway.documents.order import Order
from edi_gateway.documents.remittance import Remittance


class ItemAdvice(Value, frozen=True, kw_only=True):
    """What the ERP says of one order line: does it know the item, its price, and how much it can promise."""

    line_number: str
    known: bool
    item: str = ""  # the ERP's own item number
    list_price: Decimal | None = None
    available: Decimal | None = None
    blocked: bool = False


class Advice(Value, frozen=True, kw_only=True):
    """The ERP's answer to ``consult``: a snapshot that is recorded, over which the rules are pure."""

    as_of: datetime
    customer_known: bool = True
    credit_limit: Decimal | None = None
    credit_used: Decimal | None = None
    items: tuple[ItemAdvice, ...] = ()


class Posted(NamedTuple):
    """The ERP has it, under its own number."""

    reference: str


class DecidedQuantity(Value, frozen=True, kw_only=True):
    """Part of a line as the ERP decided: ``status`` accepted, backordered or rejected."""

    line_number: str
    status: str
    quantity: Decimal
    ship_on: date | None = None
    reason: str = ""


class PackContent(Value, frozen=True, kw_only=True):
    line_number: str
    quantity: Decimal


class PackedCarton(Value, frozen=True, kw_only=True):
    """A carton as it was packed; ``sscc`` is empty where the gateway gives the number."""

    contents: tuple[PackContent, ...]
    weight: Decimal | None = None
    sscc: str = ""


class OrderDecided(Value, frozen=True, kw_only=True, tag="decided"):
    """The ERP has decided on an order."""

    id: str
    order: str  # our document id, as given to post
    at: datetime
    lines: tuple[DecidedQuantity, ...]


class OrderShipped(Value, frozen=True, kw_only=True, tag="shipped"):
    """Goods left."""

    id: str
    order: str
    at: datetime
    shipment: str
    cartons: tuple[PackedCarton, ...]
    carrier: Carrier | None = None
    bill_of_lading: str = ""
    carrier_reference: str = ""
    delivery_on: date | None = None


class BilledLine(Value, frozen=True, kw_only=True):
    line_number: str
    quantity: Decimal
    unit_price: Decimal


class OrderBilled(Value, frozen=True, kw_only=True, tag="billed"):
    """An invoice was made for a shipment."""

    id: str
    order: str
    at: datetime
    invoice: str
    shipment: str
    lines: tuple[BilledLine, ...]


ErpEvent: TypeAlias = OrderDecided | OrderShipped | OrderBilled


class Erp(Protocol):
    """One ERP, reached."""

    def consult(self, partner: str, order: Order) -> Advice:
        """Credit, price and stock for an order, as of now. Changes nothing."""
        ...

    def post_order(self, key: str, partner: str, order: Order) -> Posted:
        """Creates the order once; the same ``key`` again gives the same answer."""
        ...

    def post_remittance(self, key: str, partner: str, remittance: Remittance) -> Posted:
        """Hands over a remittance that was applied; the same ``key`` again gives the same answer."""
        ...

    def find(self, key: str) -> Posted | None:
        """Whether ``key`` was posted: asked after a crash in between."""
        ...

    def pending(self, limit: int = 100) -> list[ErpEvent]:
        """What the ERP has to tell and we have not confirmed yet, oldest first."""
        ...

    def confirm(self, event_ids: list[str]) -> None:
        """These events are on record with us; harmless when repeated."""
        ...


def event_to_json(event: ErpEvent) -> bytes:
    """An event as JSON, its kind in the field ``type``."""
    return msgspec.json.encode(event)


def event_from_json(body: bytes) -> ErpEvent:
    """The event written by ``event_to_json``."""
    return msgspec.json.decode(body, type=ErpEvent)  # type: ignore[no-any-return]
