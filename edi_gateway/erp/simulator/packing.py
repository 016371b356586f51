"""How goods go into cartons: full cartons of one item first, then what is left over, mixed as far as it fits."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from edi_gateway.order_to_cash.facts import PackContent, PackedCarton

POUNDS = Decimal("0.01")


class Goods(NamedTuple):
    """A quantity of one line to pack, in the line's unit: how many fill a carton, and what one weighs in pounds."""

    line_number: str
    quantity: Decimal
    per_carton: Decimal
    weight: Decimal


def pack(goods: list[Goods], empty_carton: Decimal) -> tuple[PackedCarton, ...]:
    """The cartons that hold all of ``goods``; ``empty_carton`` is what the cardboard weighs."""
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
    )
