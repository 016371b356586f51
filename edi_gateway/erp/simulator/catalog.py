"""What the simulated ERP sells, to whom, and how fast it works."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import msgspec

from edi_gateway.documents.base import ItemId
from edi_gateway.documents.order import OrderLine

_GTINS = ("UP", "EN", "UK", "UA", "UI")  # qualifiers of one number, the GTIN, in its lengths
_EACH = {"EA": 1, "PR": 2, "DZ": 12}
_CASES = ("CA", "CS", "CT")


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One thing sold. ``list_price`` in dollars and ``weight`` in pounds are for one each; ``stock`` is the opening stock."""

    number: str
    title: str
    list_price: Decimal
    weight: Decimal = Decimal(1)
    per_carton: int = 1
    stock: Decimal = Decimal(0)
    blocked: bool = False
    ids: tuple[ItemId, ...] = ()
    buyer_ids: dict[str, tuple[ItemId, ...]] = {}  # by partner

    def eaches(self, unit: str) -> Decimal | None:
        """How many each are in one ``unit``; None for a unit it is not sold in."""
        if unit in _CASES:
            return Decimal(self.per_carton)
        each = _EACH.get(unit)
        return None if each is None else Decimal(each)


class Customer(msgspec.Struct, frozen=True, kw_only=True):
    """A partner as the ERP knows it; ``credit_used`` is what it owes from before.

    ``per_pallet`` is how many cartons stand on a pallet of theirs; None: their cartons go loose.
    """

    credit_limit: Decimal | None = None
    credit_used: Decimal = Decimal(0)
    per_pallet: int | None = None


class Pace(msgspec.Struct, frozen=True, kw_only=True):
    """How long the ERP takes. ``restocks_after`` None: missing goods come only when somebody restocks.

    ``short_stock``: backorder keeps what is missing until it comes, cancel gives it up after ``cancels_after``, reject refuses it
    at once.
    """

    decides_after: timedelta = timedelta(minutes=2)
    ships_after: timedelta = timedelta(hours=4)
    bills_after: timedelta = timedelta(hours=1)
    restocks_after: timedelta | None = None
    short_stock: str = "backorder"
    cancels_after: timedelta = timedelta(days=3)
    travels: timedelta = timedelta(days=2)


class Catalog(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the ERP begins with. ``company_prefix`` begins its bill of lading numbers."""

    items: tuple[Item, ...]
    customers: dict[str, Customer]
    pace: Pace = Pace()
    scac: str = ""
    company_prefix: str = "0614141"
    empty_carton: Decimal = Decimal("0.50")


class ItemFinder:
    """Finds items by the ids buyers write: our own ids for everybody, a buyer's ids for that buyer."""

    def __init__(self, items: tuple[Item, ...]) -> None:
        self._by_id: dict[tuple[str, str, str], Item] = {}
        for item in items:
            for id in item.ids:
                self._by_id["", *_key(id)] = item
            for partner, ids in item.buyer_ids.items():
                for id in ids:
                    self._by_id[partner, *_key(id)] = item

    def item_of(self, partner: str, line: OrderLine) -> Item | None:
        """The one item that all ids of the line we know agree on; None when none is known, or they disagree."""
        keys = [_key(id) for id in line.item_ids]
        found = [self._by_id.get(("", *key)) or self._by_id.get((partner, *key)) for key in keys]
        numbers = {item.number: item for item in found if item}
        return next(iter(numbers.values())) if len(numbers) == 1 else None


def _key(id: ItemId) -> tuple[str, str]:
    return ("GTIN", id.id.zfill(14)) if id.qualifier in _GTINS else (id.qualifier, id.id)
