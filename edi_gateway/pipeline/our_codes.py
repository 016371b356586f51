"""Our codes: the order as the ERP gets it, the partner's item ids and locations exchanged for ours by its cross-references.

The order on record keeps the codes the buyer wrote, and every answer echoes those; only what the ERP sees is in our codes.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

import msgspec

from edi_gateway.documents.base import ItemId
from edi_gateway.documents.order import Order, OrderLine, StoreQuantity
from edi_gateway.documents.party import Party
from edi_gateway.errors import WrongInput
from edi_gateway.store.rows import DocumentRow
from edi_gateway.store.unit import Unit
from edi_gateway.trading.profile import TradingPartner

OUR_ITEM = "VN"  # data element 235: the seller's item number
OUR_LOCATION = "91"  # data element 66: assigned by the seller
MOST_TOLD = 5  # misses named in one hold


class Exchanged(NamedTuple):
    """The order in our codes, and what stands in no cross-reference though it has to."""

    order: Order
    misses: tuple[str, ...]

    def whole(self) -> Order:
        """The order. Raises WrongInput (held) that names each miss and how to mend it."""
        if self.misses:
            more = len(self.misses) - MOST_TOLD
            raise WrongInput("; ".join(self.misses[:MOST_TOLD]) + (f"; and {more} more" if more > 0 else ""))
        return self.order


def order_in_our_codes(unit: Unit, row: DocumentRow, order: Order, partner: TradingPartner) -> Order:
    """What the ERP gets of an order on record. Raises WrongInput where an entry was taken away since."""
    return exchange(unit, order, partner, row.at).whole()


def exchange(unit: Unit, order: Order, partner: TradingPartner, at: datetime) -> Exchanged:
    """Exchanges what the partner's profile asks for, by the entries that hold on the day of a moment at the partner's place."""
    misses: list[str] = []
    terms = partner.cross_references
    if terms.locations == terms.items == "none":
        return Exchanged(order, ())
    on = partner.today(at)
    if terms.locations != "none":
        order = _Locations(unit, order, partner.name, on, misses if terms.locations == "required" else []).exchanged()
    if terms.items != "none":
        order = _Items(unit, order, partner.name, on, misses if terms.items == "required" else []).exchanged()
    return Exchanged(order, tuple(misses))


class _Items:
    """The item ids of one order."""

    def __init__(self, unit: Unit, order: Order, partner: str, on: date, misses: list[str]) -> None:
        self._order, self._partner, self._misses = order, partner, misses
        codes = [id.id for line in order.lines for id in line.item_ids]
        self._ours = unit.cross_references.ours(partner, "item", codes, on)

    def exchanged(self) -> Order:
        return msgspec.structs.replace(self._order, lines=tuple(self._line(line) for line in self._order.lines))

    def _line(self, line: OrderLine) -> OrderLine:
        known = {f"{id.qualifier}:{id.id}": ours for id in line.item_ids if (ours := self._of(id))}
        if len(set(known.values())) > 1:
            told = ", ".join(f"'{theirs}' is our {ours}" for theirs, ours in known.items())
            raise WrongInput(f"PO1 of line {line.number} names two items: {told}", do="mend one of them, then resume")
        if known:
            return msgspec.structs.replace(line, item_ids=(ItemId(qualifier=OUR_ITEM, id=next(iter(known.values()))),))
        if line.item_ids:
            theirs = [f"{id.qualifier}:{id.id}" for id in line.item_ids]
            self._misses.append(_miss(f"PO1 of line {line.number}", "item", self._partner, theirs))
        return line

    def _of(self, id: ItemId) -> str | None:
        return self._ours.get((id.qualifier, id.id)) or self._ours.get(("", id.id))


class _Locations:
    """The ship-to of one order, and the stores its lines are for."""

    def __init__(self, unit: Unit, order: Order, partner: str, on: date, misses: list[str]) -> None:
        self._order, self._partner, self._misses = order, partner, misses
        codes = [store.store for line in order.lines for store in line.stores]
        codes += [order.ship_to.id] if order.ship_to else []
        self._ours = unit.cross_references.ours(partner, "location", codes, on)

    def exchanged(self) -> Order:
        lines = tuple(
            msgspec.structs.replace(line, stores=tuple(self._store(line, one) for one in line.stores)) if line.stores else line
            for line in self._order.lines
        )
        return msgspec.structs.replace(self._order, ship_to=self._party(self._order.ship_to), lines=lines)

    def _party(self, party: Party | None) -> Party | None:
        ours = self._of(party.id_qualifier, party.id, "N104 of N1*ST") if party and party.id else None
        return msgspec.structs.replace(party, id_qualifier=OUR_LOCATION, id=ours) if party and ours else party

    def _store(self, line: OrderLine, one: StoreQuantity) -> StoreQuantity:
        ours = self._of(one.id_qualifier, one.store, f"SDQ of line {line.number}")
        return msgspec.structs.replace(one, id_qualifier=OUR_LOCATION, store=ours) if ours else one

    def _of(self, qualifier: str, code: str, segment: str) -> str | None:
        ours = self._ours.get((qualifier, code)) or self._ours.get(("", code))
        if ours is None:
            self._misses.append(_miss(segment, "location", self._partner, [f"{qualifier}:{code}"]))
        return ours


def _miss(segment: str, kind: str, partner: str, theirs: Sequence[str]) -> str:
    """Names segment and value, and the command that mends it and lets the order go on."""
    values = " or ".join(f"'{each}'" for each in theirs)
    command = f"edi-gateway xref add {partner} {kind} {shlex.quote(theirs[0])} OUR-CODE --resume"
    return f"{segment}: {kind} {values} is in no cross-reference of {partner} — {command}"
