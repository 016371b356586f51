"""How one shipment model becomes the trees partners want of an 856, and comes back from them.

A document holds orders, their packs, and the items of each pack; a pack knows its pallet. Partners are told pallets with packs on
them (tare levels), packs, items with the packs they are in (standard carton), or items alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from edi_gateway.documents.ship_notice import ItemInPacks, ItemQuantity, Pack, PackedItem, Pallet
from edi_gateway.mapping.conversions import ListConversion, Unconvertible

_OF_PACK = tuple(name for name in ItemQuantity.__struct_fields__ if name not in ("quantity", "unit"))
_OF_ITEM = PackedItem.__struct_fields__


def items_of(packs: Iterable[Pack]) -> tuple[PackedItem, ...]:
    """The items of all packs, each order line once with the quantities added up."""
    items: dict[PackedItem, PackedItem] = {}
    for item in (item for pack in packs for item in pack.items):
        key = replace(item, quantity=Decimal(0))
        known = items.get(key)
        items[key] = replace(item, quantity=known.quantity + item.quantity) if known else item
    return tuple(items.values())


def _one_pack(items: tuple[PackedItem, ...]) -> tuple[Pack, ...]:
    return (Pack(sscc="", items=items),) if items else ()


# --- pallets ------------------------------------------------------------------------------------------------------------------


def _pallets(packs: tuple[Pack, ...]) -> tuple[Pallet, ...]:
    """Packs that stand on pallets, by pallet, in the order they first come."""
    stacked: dict[str, list[Pack]] = {}
    for pack in packs:
        if pack.pallet:
            stacked.setdefault(pack.pallet, []).append(replace(pack, pallet=""))
    return tuple(Pallet(sscc=sscc, packs=tuple(on)) for sscc, on in stacked.items())


def _off_pallets(pallets: tuple[Pallet, ...]) -> tuple[Pack, ...]:
    return tuple(replace(pack, pallet=pallet.sscc) for pallet in pallets for pack in pallet.packs)


def _loose(packs: tuple[Pack, ...]) -> tuple[Pack, ...]:
    return tuple(pack for pack in packs if _labelled(pack) and not pack.pallet)


def _labelled(pack: Pack) -> bool:
    return bool(pack.pallet) or any(getattr(pack, name) for name in _OF_PACK)


# --- standard cartons ---------------------------------------------------------------------------------------------------------


def _in_packs(packs: tuple[Pack, ...]) -> tuple[ItemInPacks, ...]:
    """Each order line once, with the packs it is in; a pack says how much of it only where that is not an even share."""
    within: dict[PackedItem, list[tuple[Pack, Decimal]]] = {}
    for pack in packs:
        for item in pack.items:
            within.setdefault(replace(item, quantity=Decimal(0)), []).append((pack, item.quantity))
    return tuple(_one_in_packs(item, shares) for item, shares in within.items())


def _one_in_packs(item: PackedItem, shares: list[tuple[Pack, Decimal]]) -> ItemInPacks:
    total = sum((quantity for _, quantity in shares), Decimal(0))
    labelled = [(pack, quantity) for pack, quantity in shares if _labelled(pack)]
    even = len(labelled) == len(shares) and all(quantity * len(shares) == total for _, quantity in shares)
    even = even and not _full_and_a_rest(total, len(shares), item.pack)
    parts = []
    for pack, quantity in labelled:
        said: dict[str, Any] = {} if even else {"quantity": quantity, "unit": item.unit}
        own: dict[str, Any] = {name: getattr(pack, name) for name in _OF_PACK}
        parts.append(ItemQuantity(**own, **said))
    values = {name: getattr(item, name) for name in _OF_ITEM}
    return ItemInPacks(**{**values, "quantity": total, "packs": tuple(parts)})


def _out_of_packs(items: tuple[ItemInPacks, ...]) -> tuple[Pack, ...]:
    """The packs, each once with all it holds; items that no pack is told for go into one without a label."""
    packs: dict[Any, Pack] = {}
    for number, item in enumerate(items):
        plain = {name: getattr(item, name) for name in _OF_ITEM}
        for count, (part, quantity) in enumerate(_shares(item)):
            own = {} if part is None else {name: getattr(part, name) for name in _OF_PACK}
            key = "" if part is None else part.sscc or (number, count)
            held = PackedItem(**{**plain, "quantity": quantity})
            known = packs.get(key)
            packs[key] = replace(known, items=(*known.items, held)) if known else Pack(**own, items=(held,))
    return tuple(packs.values())


def _shares(item: ItemInPacks) -> list[tuple[ItemQuantity | None, Decimal]]:
    """How much of an item is in which of its packs: as said, or evenly, or full packs and a rest. Raises Unconvertible."""
    said = [(pack, pack.quantity) for pack in item.packs if pack.quantity is not None]
    silent = [pack for pack in item.packs if pack.quantity is None]
    left = item.quantity - sum((quantity for _, quantity in said), Decimal(0))
    shares: list[tuple[ItemQuantity | None, Decimal]] = [*said]
    if not silent:
        return shares if item.packs and not left else [*shares, (None, left)]
    if _full_and_a_rest(left, len(silent), item.pack):
        full = Decimal(item.pack or 0)
        return [*shares, *((pack, full) for pack in silent[:-1]), (silent[-1], left - full * (len(silent) - 1))]
    share = left / len(silent)
    if share * len(silent) != left:
        raise Unconvertible(f"{item.quantity} cannot be told evenly of {len(item.packs)} packs")
    return [*shares, *((pack, share) for pack in silent)]


def _full_and_a_rest(quantity: Decimal, packs: int, pack: int | None) -> bool:
    """Whether a quantity that is not said of each pack is in full ones of ``pack`` and a last one, rather than evenly in all."""
    full = Decimal(pack or 0)
    return bool(quantity % packs) and full * (packs - 1) < quantity < full * packs


def _unlabelled(packs: tuple[Pack, ...]) -> tuple[ItemInPacks, ...]:
    return _in_packs(tuple(pack for pack in packs if not _labelled(pack)))


def _stacked(pack: Pack) -> bool:
    return bool(pack.pallet)


def _bare(pack: Pack) -> bool:
    return not _labelled(pack)


def _alone(pack: Pack) -> bool:
    return _labelled(pack) and not pack.pallet


_ITEMS, _ALL, _OFF_PALLETS = ("items",), Pack.__struct_fields__, ("items", *_OF_PACK)

LIST_CONVERSIONS: dict[str, ListConversion] = {
    conversion.name: conversion
    for conversion in (
        ListConversion("items of packs", Pack, PackedItem, _one_pack, items_of, tells=_ITEMS),
        ListConversion("items without packs", Pack, ItemInPacks, _out_of_packs, _unlabelled, _bare, _ITEMS),
        ListConversion("items in packs", Pack, ItemInPacks, _out_of_packs, _in_packs, tells=_OFF_PALLETS),
        ListConversion("pallets", Pack, Pallet, _off_pallets, _pallets, _stacked, _ALL),
        ListConversion("packs without pallets", Pack, Pack, tuple, _loose, _alone, _ALL),
    )
}
