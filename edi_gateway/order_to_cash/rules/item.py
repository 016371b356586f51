"""Is the item one we sell?"""

from __future__ import annotations

from edi_gateway.documents.order import OrderLine
from edi_gateway.order_to_cash.advice import ItemAdvice
from edi_gateway.order_to_cash.rules.ruling import Objection
from edi_gateway.trading.profile import OrderTerms


def unknown_item(line: OrderLine, advice: ItemAdvice | None, terms: OrderTerms) -> Objection | None:
    """The ERP knows the item by one of the ids the buyer gave. Where it said nothing of the line, a person looks."""
    if advice is None:
        return Objection("hold", "unknown item", f"the ERP said nothing of line {line.number}")
    if advice.known:
        return None
    ids = ", ".join(f"{id.qualifier} {id.id}" for id in line.item_ids) or "no item id"
    return Objection(terms.unknown_item, "unknown item", f"the ERP does not know {ids}")


def pack(line: OrderLine, advice: ItemAdvice | None, terms: OrderTerms) -> Objection | None:
    """A case of the order (PO401) holds as many as a case of ours; lines that are not ordered by the case have no say."""
    if advice is None or advice.pack is None or line.pack is None or terms.pack_differs == "accept" or line.pack == advice.pack:
        return None
    return Objection(terms.pack_differs, "pack", f"a {line.unit} of {line.pack} is ordered, ours is of {advice.pack}")


def blocked_item(line: OrderLine, advice: ItemAdvice | None, terms: OrderTerms) -> Objection | None:
    """The item is not blocked for sale."""
    if advice and advice.known and advice.blocked:
        return Objection(terms.blocked_item, "blocked item", f"item {advice.item} is blocked for sale")
    return None
