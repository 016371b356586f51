"""Does all of an order go to one place?"""

from __future__ import annotations

from edi_gateway.documents.order import Order
from edi_gateway.documents.party import Party
from edi_gateway.order_to_cash.rules.ruling import Reason

SHIP_TO = "ST"


def one_place(order: Order) -> Reason | None:
    """No line names another ship-to (N1*ST in the PO1 loop) than the order: our 855, 856 and 810 say the order's of all lines."""
    elsewhere: dict[str, list[str]] = {}
    for line in order.lines:
        for party in line.parties:
            if line.quantity and party.role == SHIP_TO and not _is_same(party, order.ship_to):
                elsewhere.setdefault(_name(party), []).append(line.number)
    if not elsewhere:
        return None
    told = "; ".join(f"line {', '.join(numbers)} goes to {place}" for place, numbers in elsewhere.items())
    whole = f"the order to {_name(order.ship_to)}" if order.ship_to else "the order names no place"
    message = f"{told}, {whole}: our answers name the order's place alone — have an order for each place, or correct the ship-to"
    return Reason(rule="places", message=message)


def _is_same(party: Party, ship_to: Party | None) -> bool:
    """By their ids; where one has none, by their names."""
    if ship_to is None:
        return False
    return party.id == ship_to.id if party.id and ship_to.id else party.name == ship_to.name


def _name(party: Party) -> str:
    return party.id or party.name or "a place without a name"
