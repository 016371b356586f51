"""Which stores get how much of a changed line (SDQ). What has left for a store is never taken from it, and never from another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

import msgspec

from edi_gateway.documents.order import OrderLine, StoreQuantity, each_store_once
from edi_gateway.order_to_cash.stores import doubt_of_sum

NONE = Decimal(0)


class AmongStores(NamedTuple):
    """``stores`` as they are from now on. ``doubt`` is for a person; ``too_late`` says for which store more has left."""

    stores: tuple[StoreQuantity, ...]
    doubt: str = ""
    too_late: str = ""


def among_stores(
    line: OrderLine,
    wanted: Decimal,
    told: tuple[StoreQuantity, ...],
    gone: Mapping[str, Decimal],
    *,
    more: Decimal = NONE,
    may_differ: bool = False,
) -> AmongStores:
    """How ``wanted`` of a line falls on its stores, where the change says ``told`` of them; ``gone`` is what has left, by store.

    ``told`` names every store there is to be; or only those it changes, if the line comes out right so. ``more`` is 1 or -1 where
    the buyer says how many more or fewer. Where nothing is told, fewer are taken from those named last, and more are for no
    store: a person has to agree to either. ``may_differ``: nobody is asked where the stores do not come to the line, as long as
    it is clear what each is to get. Nor is anybody where line and stores stay as they are.
    """
    line, told = msgspec.structs.replace(line, stores=each_store_once(line.stores)), each_store_once(told)
    if told:
        stores = _as_told(line, wanted, told, more)
        is_known = wanted == line.quantity and Counter(stores) == Counter(line.stores)
        is_clear = may_differ and {one.store for one in line.stores} <= {one.store for one in stores}
        wrong = "" if is_known or is_clear else doubt_of_sum(wanted, line.unit, stores)
        doubt = f"line {line.number}: {wrong}" if wrong else ""
    elif not line.stores or wanted == line.quantity:
        return AmongStores(line.stores)
    else:
        stores = tuple(_first(line.stores, wanted, gone))
        does_not_say = f"line {line.number} is for {len(line.stores)} stores, and it does not say which get how many now"
        is_clear = may_differ and wanted > line.quantity
        doubt = does_not_say if wanted > sum(gone.values(), NONE) and not is_clear else ""
    return AmongStores(stores, doubt, _too_late(line, stores, gone))


def _as_told(line: OrderLine, wanted: Decimal, told: tuple[StoreQuantity, ...], more: Decimal) -> tuple[StoreQuantity, ...]:
    if more:
        had = {one.store: one.quantity for one in line.stores}
        told = tuple(
            msgspec.structs.replace(one, quantity=max(had.get(one.store, NONE) + more * one.quantity, NONE)) for one in told
        )
    elif sum((one.quantity for one in told), NONE) == wanted:
        return told
    now = {one.store: one for one in (*line.stores, *told)}
    merged = tuple(one for one in now.values() if one.quantity)
    return merged if more or sum((one.quantity for one in merged), NONE) == wanted else told


def _first(stores: tuple[StoreQuantity, ...], wanted: Decimal, gone: Mapping[str, Decimal]) -> Iterator[StoreQuantity]:
    """Each store keeps what has left for it; the rest goes to those named first, up to what they had."""
    kept = {one.store: min(gone.get(one.store, NONE), one.quantity) for one in stores}
    left = wanted - sum(kept.values(), NONE)
    for one in stores:
        given = max(min(one.quantity - kept[one.store], left), NONE)
        left -= given
        if given + kept[one.store]:
            yield msgspec.structs.replace(one, quantity=given + kept[one.store])


def _too_late(line: OrderLine, stores: tuple[StoreQuantity, ...], gone: Mapping[str, Decimal]) -> str:
    had, now = ({one.store: one.quantity for one in each} for each in (line.stores, stores))
    wrong = (store for store in had if now.get(store, NONE) < min(gone.get(store, NONE), had[store]))
    return "; ".join(f"{gone[store]} {line.unit} of it have left for store {store}" for store in wrong)
