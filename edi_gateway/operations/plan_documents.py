"""The documents a plan is made for: what came, what went, and files that hold either."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, TypeAlias

from edi_gateway.clock import Clock, SystemClock
from edi_gateway.documents.base import Value
from edi_gateway.documents.invoice import Invoice
from edi_gateway.documents.order import Order
from edi_gateway.documents.ship_notice import ShipNotice
from edi_gateway.erp.base import OrderBilled, OrderShipped
from edi_gateway.errors import WrongInput
from edi_gateway.order_to_cash.advice import Advice
from edi_gateway.x12.envelope import TransactionSet
from edi_gateway.x12.reader import Reader

ANSWERS = ("997", "999", "TA1")


class Received(NamedTuple):
    """A set as it came. ``connection`` and ``partner`` are as on record, nothing where it came in no gateway;
    ``advice`` is what the ERP had said of an order.
    """

    name: str
    code: str
    set: TransactionSet
    at: datetime
    connection: str = ""
    partner: str = ""
    advice: Advice | None = None


class Source(NamedTuple):
    """What an 856 or 810 was drafted from: the order as it ``came``, if nothing changed it since, and as it stands; what the ERP
    told; ``others`` that left in the same shipment, by document; the ``notice`` of the shipment billed; the order's invoices and
    credit notes ``before`` this one.
    """

    came: Received | None
    standing: Order
    event: OrderShipped | OrderBilled
    others: Mapping[str, Order] = {}
    notice: ShipNotice | None = None
    before: tuple[Invoice, ...] = ()


class Sent(NamedTuple):
    """A document of ours to be written again; ``like`` is the release of the order it answers, ``source`` what it was made of."""

    name: str
    code: str
    partner: str
    document: Value
    usage: str
    at: datetime
    like: str = ""
    source: Source | None = None


class Lost(NamedTuple):
    """A set on record whose bytes are there no more, and why."""

    name: str
    code: str
    partner: str
    because: str


Replayed: TypeAlias = Received | Sent | Lost


def in_files(path: Path, clock: Clock | None = None) -> Iterator[Received]:
    """Every set in a file, or in the files of a folder, acknowledgments left out, as if it came now.

    Raises WrongInput where there is no such file, or no set in any.
    """
    if not path.exists():
        raise WrongInput("there is no such file or folder", where=str(path))
    files = sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]
    now, held = (clock or SystemClock()).now(), 0
    for file in files:
        with file.open("rb") as stream:
            sets = [event for event in Reader(stream) if isinstance(event, TransactionSet) and event.code not in ANSWERS]
        for place, one in enumerate(sets, 1):
            held += 1
            yield Received(file.name if len(sets) == 1 else f"{file.name}, set {place}", one.code, one, now)
    if not held:
        raise WrongInput("holds no transaction set", where=str(path), do="name files as partners send them")
