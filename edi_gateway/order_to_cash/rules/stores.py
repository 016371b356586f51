"""Do a line's quantity and what its stores are to get go together?"""

from __future__ import annotations

from edi_gateway.documents.order import OrderLine
from edi_gateway.order_to_cash.advice import ItemAdvice
from edi_gateway.order_to_cash.rules.ruling import Objection
from edi_gateway.order_to_cash.stores import doubt_of_sum
from edi_gateway.trading.profile import OrderTerms


def stores(line: OrderLine, _advice: ItemAdvice | None, terms: OrderTerms) -> Objection | None:
    """The quantities of the stores (SDQ) come to the line's: else goods would ship, and be billed, that belong to no store."""
    if terms.stores_differ == "accept" or not (doubt := doubt_of_sum(line.quantity, line.unit, line.stores)):
        return None
    return Objection("hold", "stores", doubt)
