"""Orders nobody placed, plausible and always the same for the same seed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from edi_gateway.documents.base import DateOf, ItemId, Terms, Value
from edi_gateway.documents.order import Order, OrderLine
from edi_gateway.documents.party import Party
from edi_gateway.errors import WrongInput
from edi_gateway.trading.profile import TradingPartner

_PLACES = (
    ("Distribution Center East", "1810 Quarry Road", "Dayton", "OH", "45402"),
    ("Distribution Center West", "77 Orchard Way", "Stockton", "CA", "95206"),
    ("Regional Warehouse", "5200 Prairie Avenue", "Topeka", "KS", "66603"),
    ("Store", "36 Lakeshore Drive", "Madison", "WI", "53703"),
    ("Store", "914 Juniper Street", "Boise", "ID", "83702"),
)
_DEPARTMENTS = ("042", "017", "305")


class OfferedItem(Value, frozen=True, kw_only=True):
    """What a buyer may order: its ids in the order the buyer writes them, the price of one, how many a carton holds."""

    ids: tuple[ItemId, ...]
    price: Decimal
    per_carton: int = 1
    title: str = ""


def invent_orders(
    partner: TradingPartner, items: Sequence[OfferedItem], seed: int, count: int, *, on: date, first: int = 1
) -> list[Order]:
    """``count`` orders placed on the day ``on`` with consecutive numbers; ``first`` is where the numbering starts.

    Each asks for one to five different items, mostly in whole cartons, to one of five places, to be shipped within days.
    Raises WrongInput without items to choose from.
    """
    if not items:
        raise WrongInput("there is nothing to order", do="offer at least one item")
    dice = Random(f"{partner.name} {seed}")  # a game, not a secret
    return [_order(partner, items, dice, on, first + place) for place in range(count)]


def _order(partner: TradingPartner, items: Sequence[OfferedItem], dice: Random, on: date, number: int) -> Order:
    chosen = dice.sample(items, min(len(items), dice.randint(1, 5)))
    ships = on + timedelta(days=dice.randint(3, 7))
    return Order(
        number=f"{partner.name[:2].upper()}{on:%y}{number:06d}",
        purpose="original",
        type="stand-alone",
        ordered_on=on,
        department=dice.choice(_DEPARTMENTS),
        vendor_number="0045190",
        ship_to=_place(partner, dice),
        dates=(DateOf(qualifier="010", date=ships), DateOf(qualifier="001", date=ships + timedelta(days=10))),
        terms=Terms(type="01", basis="3", net_days=dice.choice((30, 45, 60))),
        lines=tuple(_line(item, dice, place) for place, item in enumerate(chosen, 1)),
    )


def _line(item: OfferedItem, dice: Random, place: int) -> OrderLine:
    cartons = dice.randint(1, 4) * item.per_carton
    odd = dice.random() < 0.15 and item.per_carton > 1
    return OrderLine(
        number=str(place),
        quantity=Decimal(cartons - dice.randint(1, item.per_carton - 1) if odd else cartons),
        unit="EA",
        unit_price=item.price,
        price_basis="PE",
        item_ids=item.ids,
        description=item.title,
    )


def _place(partner: TradingPartner, dice: Random) -> Party:
    at = dice.randrange(len(_PLACES))
    name, street, city, region, postal_code = _PLACES[at]
    return Party(
        role="ST",
        name=f"{partner.title} {name}",
        id_qualifier="92",
        id=f"{(at + 1) * 107:04d}",
        street=street,
        city=city,
        region=region,
        postal_code=postal_code,
        country="US",
    )
