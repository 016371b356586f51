"""How goods go into cartons: full cartons of one item first, then what is left over, mixed as far as it fits; each store's apart.

Cartons go onto pallets where the customer wants that, so many on each.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from msgspec.structs import replace

from edi_gateway.documents.order import StoreQuantity
from edi_gateway.order_to_cash.facts import PackContent, PackedCarton

POUNDS = Decimal("0.01")


class Goods(NamedTuple):
    """A quantity of one line to pack, in the line's unit: how many fill a carton, and what one weighs in pounds.

    ``store`` is the one store it is for, where the order is for many.
    """

    line_number: str
    quantity: Decimal
    per_carton: Decimal
    weight: Decimal
    store: str = ""


def pack(goods: list[Goods], empty_carton: Decimal, per_pallet: int | None = None) -> tuple[PackedCarton, ...]:
    """The cartons that hold all of ``goods``; ``empty_carton`` is what the cardboard weighs.

    With ``per_pallet``, so many cartons stand on each pallet, named "1", "2", …; without, on none.
    """
    stores = dict.fromkeys(each.store for each in goods)
    cartons = [carton for store in stores for carton in _packed([each for each in goods if each.store == store], empty_carton)]
    if per_pallet is None:
        return tuple(cartons)
    return tuple(replace(carton, pallet=str(number // per_pallet + 1)) for number, carton in enumerate(cartons))


def split(goods: Goods, stores: Sequence[StoreQuantity], before: Decimal) -> list[Goods]:
    """Goods by the store they are for, in the order's sequence; ``before`` is what earlier shipments had of the line."""
    if not stores:
        return [goods]
    parts, left = [], goods.quantity
    for one in stores:
        had = min(before, one.quantity)
        before -= had
        if quantity := min(one.quantity - had, left):
            parts.append(goods._replace(quantity=quantity, store=one.store))
            left -= quantity
    return [*parts, goods._replace(quantity=left)] if left else parts


def _packed(goods: list[Goods], empty_carton: Decimal) -> tuple[PackedCarton, ...]:
    filled: list[list[Goods]] = []
    left: list[Goods] = []
    for each in goods:
        full, rest = divmod(each.quantity, each.per_carton)
        filled += [[each._replace(quantity=each.per_carton)] for _ in range(int(full))]
        if rest:
            left.append(each._replace(quantity=rest))
    return tuple(_carton(content, empty_carton) for content in filled + _mixed(left))


def _mixed(left: list[Goods]) -> list[list[Goods]]:
    """First fit: a remainder goes into the first carton with room for it, by share of a full carton."""
    cartons: list[list[Goods]] = []
    for each in left:
        for carton in cartons:
            if sum(held.quantity / held.per_carton for held in carton) + each.quantity / each.per_carton <= 1:
                carton.append(each)
                break
        else:
            cartons.append([each])
    return cartons


def _carton(content: list[Goods], empty_carton: Decimal) -> PackedCarton:
    weight = empty_carton + sum((held.quantity * held.weight for held in content), Decimal(0))
    return PackedCarton(
        contents=tuple(PackContent(line_number=held.line_number, quantity=held.quantity) for held in content),
        weight=weight.quantize(POUNDS),
        store=content[0].store,
    )
