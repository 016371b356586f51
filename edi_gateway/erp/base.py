"""The contract every ERP connector keeps: what we ask, what we hand over, and what it tells us.

The ERP decides, ships and bills; the gateway asks, posts and passes on. Posting is idempotent by our document id. What the ERP
has to tell waits as ``ErpEvent`` values until we confirm that they are on record, so nothing is lost between the two. A connector
is called from several threads and processes, for several partners at once; what is posted for one partner, one after the other.
Foreign exceptions become TryAgain (asleep: it surely did nothing), Uncertain, a kind of it, where no answer came to a post (it is
asked with ``find`` before it is posted again), WrongInput (it refuses the document) or NeedsPerson.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import NamedTuple, Protocol, TypeAlias

import msgspec

from edi_gateway.documents.base import Value
from edi_gateway.documents.order import Order
from edi_gateway.documents.remittance import Remittance
from edi_gateway.errors import NeedsPerson
from edi_gateway.order_to_cash.advice import Advice, ItemAdvice
from edi_gateway.order_to_cash.facts import (
    Billed,
    BilledLine,
    Credited,
    Decided,
    DecidedQuantity,
    PackContent,
    PackedCarton,
    Shipped,
)

__all__ = [
    "Advice",
    "BilledLine",
    "ChangePosted",
    "DecidedQuantity",
    "Embedded",
    "Erp",
    "ErpEvent",
    "ItemAdvice",
    "OrderBilled",
    "OrderCredited",
    "OrderDecided",
    "OrderEvent",
    "OrderShipped",
    "PackContent",
    "PackedCarton",
    "Posted",
    "Unreadable",
    "event_from_json",
    "event_to_json",
    "in_one_go",
    "is_instant",
    "order_unknown",
]


class Posted(NamedTuple):
    """The ERP has it, under its own number."""

    reference: str


class ChangePosted(NamedTuple):
    """What the ERP made of a change of an order: its number for it, or why it is too late for one."""

    reference: str
    refused: str = ""


class OrderDecided(Decided, frozen=True, kw_only=True, tag="decided"):
    """The ERP has decided on an order, or decided anew (a backorder was cancelled): the latest one stands."""

    id: str
    order: str  # our document id, as given to post


class OrderShipped(Shipped, frozen=True, kw_only=True, tag="shipped"):
    """Goods left."""

    id: str
    order: str


class OrderBilled(Billed, frozen=True, kw_only=True, tag="billed"):
    """An invoice was made for a shipment."""

    id: str
    order: str


class OrderCredited(Credited, frozen=True, kw_only=True, tag="credited"):
    """Part of an invoice was taken back by a credit note."""

    id: str
    order: str


class Unreadable(Value, frozen=True, kw_only=True, tag="unreadable"):
    """The ERP told something nobody understands; ``what`` says where and why. It is kept for a person and holds up nothing."""

    id: str
    at: datetime
    what: str


OrderEvent: TypeAlias = OrderDecided | OrderShipped | OrderBilled | OrderCredited
ErpEvent: TypeAlias = OrderEvent | Unreadable


class Erp(Protocol):
    """One ERP, reached."""

    def consult(self, partner: str, order: Order) -> Advice:
        """Credit, price and stock for an order, as of now. Changes nothing."""
        ...

    def post_order(self, key: str, partner: str, order: Order) -> Posted:
        """Creates the order once; the same ``key`` again gives the same answer."""
        ...

    def post_change(self, key: str, partner: str, of: str, order: Order) -> ChangePosted:
        """Makes the order posted under ``of`` what ``order`` says; the same ``key`` again gives the same answer.

        Every line stands in ``order`` with the quantity it is to have now, 0 where it is cancelled. A line of which more has left
        than that is a refusal of the whole change. An ERP that takes it decides anew, as one ``OrderDecided``. Raises
        NeedsPerson (``order_unknown``) where it knows no order ``of``, for then it has none by that id, or one that was typed in.
        """
        ...

    def post_remittance(self, key: str, partner: str, remittance: Remittance) -> Posted:
        """Hands over a remittance that was applied; the same ``key`` again gives the same answer."""
        ...

    def find(self, key: str) -> Posted | None:
        """Whether ``key`` was posted: asked after a crash in between, or an answer that never came."""
        ...

    def pending(self, limit: int = 100) -> list[ErpEvent]:
        """What the ERP has to tell and we have not confirmed yet, oldest first."""
        ...

    def confirm(self, event_ids: list[str]) -> None:
        """These events are on record with us; harmless when repeated."""
        ...

    def check(self) -> str:
        """Says in a sentence what it is and that it can be worked with. Raises what keeps it from that; changes nothing."""
        ...


class Embedded(Erp, Protocol):
    """What an ERP in this very process says besides; it derives from this, so that its words are checked."""

    @property
    def is_instant(self) -> bool:
        """Whether its answers take no longer than our own database's: then nothing else is let by while it is asked."""
        ...

    def in_one_go(self) -> AbstractContextManager[None]:
        """What one thread posts within it is kept together: it surely is when that has ended, and only then.

        Raises TryAgain at its end where nobody knows of any of it.
        """
        ...


def is_instant(erp: Erp) -> bool:
    """Whether an ERP answers at once; one that does not say so may take its time."""
    return bool(getattr(erp, "is_instant", False))


def in_one_go(erp: Erp) -> AbstractContextManager[None]:
    """Around what is posted together; an ERP that knows no such thing keeps each at once."""
    its_own: Callable[[], AbstractContextManager[None]] = getattr(erp, "in_one_go", nullcontext)
    return its_own()


def order_unknown(erp: str, of: str, number: str) -> NeedsPerson:
    """Why an ERP cannot change an order: it was never posted under our id, so it is there by other means, or not at all."""
    return NeedsPerson(
        f"{erp} does not know order {number} by our id ({of})",
        do="change it there by hand, then 'hold delivered'; or dismiss the change, if the order is not there at all",
    )


def event_to_json(event: ErpEvent) -> bytes:
    """An event as JSON, its kind in the field ``type``."""
    return msgspec.json.encode(event)


def event_from_json(body: bytes) -> ErpEvent:
    """The event written by ``event_to_json``."""
    return msgspec.json.decode(body, type=ErpEvent)  # type: ignore[no-any-return]
