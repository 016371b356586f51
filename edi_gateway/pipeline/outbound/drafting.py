"""What every draft of an answer to an order works with: the order as it stands, the partner, who we are to it, and its today."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from edi_gateway.documents.base import Value
from edi_gateway.documents.order import Order
from edi_gateway.documents.party import Party
from edi_gateway.documents.ship_notice import ShipNotice
from edi_gateway.errors import Defect
from edi_gateway.pipeline.standing import standing_order
from edi_gateway.pipeline.tools import Tools
from edi_gateway.store.rows import DocumentRow
from edi_gateway.store.threads import StoredThread
from edi_gateway.store.unit import Unit
from edi_gateway.trading.profile import Address, OurIdentity, TradingPartner


class Drafted(NamedTuple):
    """A document and its business number; ``beside`` are the documents of further orders it is about."""

    document: Value
    number: str
    beside: tuple[str, ...] = ()


class Drafting:
    """Drafting answers to one order, in the transaction that records them. ``row`` is the order's document."""

    def __init__(self, unit: Unit, tools: Tools, row: DocumentRow, stored: StoredThread) -> None:
        self.unit, self.tools, self.row, self.stored = unit, tools, row, stored
        self.order: Order = standing_order(unit, row.id)
        self.partner: TradingPartner = tools.directory.partner(row.partner)
        self.ours: OurIdentity = tools.directory.identity(self.partner.ours)

    @property
    def zone(self) -> ZoneInfo:
        """Days and times in what we send are those of the partner's place."""
        return ZoneInfo(self.partner.time_zone)

    @property
    def now(self) -> datetime:
        return self.unit.clock.now().astimezone(self.zone)

    @property
    def today(self) -> date:
        return self.now.date()

    def notices(self) -> list[ShipNotice]:
        """The ship notices of the order, oldest first."""
        found = [self.unit.documents.read(row.id) for row in self.unit.documents.in_thread(self.stored.id, "ship notice")]
        return [notice for notice in found if isinstance(notice, ShipNotice)]


def drafting_of(unit: Unit, tools: Tools, order: str) -> Drafting:
    """For the order of this document. Raises Defect where it has no thread."""
    stored = unit.threads.of_document(order)
    if stored is None:
        raise Defect(f"order document {order} has no order thread")
    return Drafting(unit, tools, unit.documents.get(order), stored)


def party(role: str, address: Address | None) -> Party | None:
    """One of our addresses in a document."""
    return Party(role=role, **address.model_dump()) if address else None
