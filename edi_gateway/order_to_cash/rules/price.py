"""Is the price the one we sell at?"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from edi_gateway.documents.order import OrderLine
from edi_gateway.order_to_cash.advice import ItemAdvice
from edi_gateway.order_to_cash.facts import DecidedQuantity
from edi_gateway.order_to_cash.money import basis_is_known, price_of_one, price_on_basis
from edi_gateway.order_to_cash.rules.ruling import Objection
from edi_gateway.trading.profile import OrderTerms


def price_basis(line: OrderLine, advice: ItemAdvice | None, terms: OrderTerms) -> Objection | None:
    """We know how many units the price covers (PO105); where not, a person looks before money is reckoned."""
    if basis_is_known(line.price_basis):
        return None
    return Objection("hold", "price basis", f"basis {line.price_basis} does not say how many units {line.unit_price} covers")


def price(line: OrderLine, advice: ItemAdvice | None, terms: OrderTerms) -> Objection | None:
    """The buyer's price is our list price, within the tolerance in percent of it; exactly at the limit is within.

    Both are compared for one of the unit ordered and unrounded, so that a price per hundred is not judged by its cents.
    """
    if advice is None or not advice.known or not basis_is_known(line.price_basis):
        return None
    if line.unit_price is None:
        return (
            None if advice.list_price is not None else Objection("hold", "price", "neither the order nor the ERP names a price")
        )
    if advice.list_price is None or terms.price_difference == "accept":
        return None
    asked = price_of_one(line.unit_price, line.price_basis)
    if abs(asked - advice.list_price) <= advice.list_price * Decimal(terms.price_tolerance_percent) / 100:
        return None
    return Objection(terms.price_difference, "price", f"ordered at {asked} for one {line.unit}, our price is {advice.list_price}")


def at_our_price(line: OrderLine, advice: ItemAdvice | None, parts: list[DecidedQuantity]) -> list[DecidedQuantity]:
    """The parts of a line that are not refused, at our list price on the basis of the line."""
    if advice is None or advice.list_price is None:
        return parts
    price = price_on_basis(advice.list_price, line.price_basis)
    return [
        part if part.status == "rejected" else msgspec.structs.replace(part, unit_price=price, instead_of=line.unit_price)
        for part in parts
    ]
