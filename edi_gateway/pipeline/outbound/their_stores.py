"""Stores as the buyer names them, in what the ERP tells of an order that it has in our codes."""

from __future__ import annotations

import msgspec

from edi_gateway.erp.base import BilledLine, PackedCarton
from edi_gateway.errors import NeedsPerson
from edi_gateway.pipeline.our_codes import order_in_our_codes
from edi_gateway.pipeline.outbound.drafting import Drafting
from edi_gateway.pipeline.standing import standing_order


def cartons_in_their_stores(at: Drafting, cartons: tuple[PackedCarton, ...]) -> tuple[PackedCarton, ...]:
    """Each carton marked for its store as the order that it is of names it."""
    of = {order: _Stores(at, order) for order in {carton.order for carton in cartons if carton.store}}
    return tuple(
        msgspec.structs.replace(carton, store=of[carton.order].as_written(carton.store)) if carton.store else carton
        for carton in cartons
    )


def lines_in_their_stores(at: Drafting, lines: tuple[BilledLine, ...]) -> tuple[BilledLine, ...]:
    """Each line billed for its store as the order names it."""
    if not any(line.store for line in lines):
        return lines
    of = _Stores(at)
    return tuple(msgspec.structs.replace(line, store=of.as_written(line.store)) if line.store else line for line in lines)


class _Stores:
    """The stores of one order by our codes; ``order`` is its document, nothing for the one that is drafted for."""

    def __init__(self, at: Drafting, order: str = "") -> None:
        self._theirs: dict[str, set[str]] = {}
        if at.partner.cross_references.locations == "none":
            return
        row, sent = (at.unit.documents.get(order), standing_order(at.unit, order)) if order else (at.row, at.order)
        told = order_in_our_codes(at.unit, row, sent, at.partner)
        for line, told_line in zip(sent.lines, told.lines, strict=True):
            for one, ours in zip(line.stores, told_line.stores, strict=True):
                self._theirs.setdefault(ours.store, set()).add(one.store)

    def as_written(self, store: str) -> str:
        """The buyer's code of a store; one that is none of ours stays. Raises NeedsPerson where ours is for several of theirs."""
        theirs = self._theirs.get(store, {store})
        if len(theirs) > 1:
            raise NeedsPerson(
                f"the ERP tells of store {store}, and that is our code of the buyer's {', '.join(sorted(theirs))}",
                do="have it tell of the store in the buyer's code, and give each store a code of its own (edi-gateway xref)",
            )
        (only,) = theirs
        return only
