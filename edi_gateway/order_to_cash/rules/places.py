"""Does all of an order go to one place?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from edi_gateway.documents.order import Order
from edi_gateway.documents.party import Party
from edi_gateway.order_to_cash.rules.ruling import Reason

SHIP_TO = "ST"


def one_place(order: Order) -> Reason | None:
    """Neither a line (N1*ST in the PO1 loop) nor the order names a second ship-to: our 855, 856 and 810 say one of all lines."""
    wanted = [line for line in order.lines if line.quantity]
    several = _of_several([*order.parties, *(party for line in wanted for party in line.parties)])
    elsewhere: dict[str, list[str]] = {}
    for line in wanted:
        for party in _others(line.parties, order.ship_to, several):
            elsewhere.setdefault(_name(party), []).append(line.number)
    told = [f"it goes to {_name(party)} as well" for party in _others(order.parties, order.ship_to, several)]
    told += [f"line {', '.join(numbers)} goes to {place}" for place, numbers in elsewhere.items()]
    if not told:
        return None
    whole = f"the order to {_name(order.ship_to)}" if order.ship_to else "the order names no place"
    what = f"{'; '.join(told)}, {whole}: our answers name the order's place alone"
    return Reason(rule="places", message=f"{what} — have an order for each place, or correct the ship-to")


def _of_several(parties: Iterable[Party]) -> set[str]:
    """The lists (N103) by which an order names several places to ship to: a name they share says nothing then."""
    ids: defaultdict[str, set[str]] = defaultdict(set)
    for party in parties:
        if party.role == SHIP_TO and party.id:
            ids[party.id_qualifier].add(party.id)
    return {of for of, named in ids.items() if len(named) > 1}


def _others(parties: tuple[Party, ...], ship_to: Party | None, several: set[str]) -> list[Party]:
    """The parties that are another place to ship to."""
    named = (party for party in parties if party.role == SHIP_TO)
    return [party for party in named if not _is_same(party, ship_to) or _is_of(several, party, ship_to)]


def _is_of(several: set[str], party: Party, ship_to: Party | None) -> bool:
    return party.id_qualifier in several and (ship_to is None or party.id != ship_to.id)


def _is_same(party: Party, ship_to: Party | None) -> bool:
    """By their ids; by names where one has no id; by names and streets where their ids are of two lists (N103: 92, UL …)."""
    if ship_to is None:
        return False
    if not party.id or not ship_to.id:
        return party.name == ship_to.name
    if party.id == ship_to.id or party.id_qualifier == ship_to.id_qualifier:
        return party.id == ship_to.id
    apart = party.street and ship_to.street and party.street != ship_to.street
    return bool(party.name) and party.name == ship_to.name and not apart


def _name(party: Party) -> str:
    return party.id or party.name or "a place without a name"
