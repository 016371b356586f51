"""What a change says of an order and does nothing to: it is for a person, so that nobody is told it was taken.

Of a line its item, quantity, price, packs, charges, schedule, parts and place are looked at, of the order its money, carrier and
parties, each as it stands once the change is taken. References, contacts, notes and descriptions are for people: they stay on
record, and nothing follows from them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from decimal import Decimal

import msgspec

from edi_gateway.documents.base import ItemId, Value
from edi_gateway.documents.order import Order, OrderLine
from edi_gateway.documents.order_change import ChangedLine, OrderChange
from edi_gateway.documents.party import Party
from edi_gateway.order_to_cash.money import basis_is_known, price_of_one, same_currency
from edi_gateway.order_to_cash.window import untold_days

ONE = Decimal(1)
_OF_A_LINE = {
    "pack": "pack (PO4)",
    "inner_pack": "inner pack (PO4)",
    "prices": "prices beside the unit price (CTP)",
    "charges": "allowances or charges (SAC)",
    "schedule": "schedule (SCH)",
    "sublines": "parts (SLN)",
}
_OF_THE_ORDER = {
    "contract": "contract",
    "department": "department (REF*DP)",
    "vendor_number": "vendor number (REF*IA)",
    "charges": "allowances or charges (SAC)",
    "terms": "terms of payment (ITD)",
    "taxes": "taxes (TXI)",
    "freight": "terms of freight (FOB)",
    "carrier": "carrier (TD5)",
}


def other_item(line: OrderLine, asked: ChangedLine) -> str:
    """Why ``asked`` is about another item than the line it means; empty where it is not, or names none.

    Two ids of one kind, of which the line has only one, are two items, whatever else is the same.
    """
    known, told = set(line.item_ids), set(asked.item_ids)
    another = {id.qualifier for id in told - known} & {id.qualifier for id in known}
    if not known or not told or (known & told and not another):
        return ""
    is_, other = f"line {line.number} is item {_named(line.item_ids)}", _named(asked.item_ids)
    if asked.change == "delete":
        return f"{is_}, and they delete {other}: resumed, line {line.number} is deleted all the same"
    return f"{is_}, and they say {other}: the line keeps its item"


def untaken_of_line(line: OrderLine, asked: ChangedLine, order: Order) -> Iterator[str]:
    """What ``asked`` says that is not so in ``line``, which is as it stands once the change is taken."""
    differs = []
    if asked.quantity not in (None, line.quantity):
        differs.append(f"quantity ({asked.quantity}, not {line.quantity})")
    if asked.unit_price not in (None, line.unit_price):
        differs.append(f"price ({asked.unit_price}, not {line.unit_price})")
    if asked.price_basis and not _covers_as_much(asked.price_basis, line.price_basis):
        differs.append(f"price basis ({asked.price_basis}, not {line.price_basis or 'each'})")
    differs += [words for field, words in _OF_A_LINE.items() if not _is_so(getattr(asked, field), getattr(line, field))]
    ids = _ids((*line.parties, *_parties(order)))
    differs += [f"place (N1*{role})" for role, id in _ids(asked.parties) if (role, id) not in ids]
    if differs:
        yield f"line {line.number} comes as '{asked.change}' with another {', '.join(differs)}: nothing is done of that"


def untaken_of_order(change: OrderChange, order: Order) -> Iterator[str]:
    """What a change says of the whole order and is not so. Another place to ship to is looked at where the order is found."""
    differs = [words for field, words in _OF_THE_ORDER.items() if not _is_so(getattr(change, field), getattr(order, field))]
    if not same_currency(change.currency, order.currency):
        differs.append(f"currency ({change.currency}, not {order.currency})")
    ids = _ids(_parties(order))
    roles = {role for role, _ in ids} - {"ST"}
    differs += [f"party (N1*{role})" for role, id in _ids(_parties(change)) if role in roles and (role, id) not in ids]
    if differs:
        yield f"it says another {', '.join(differs)} than the order: nothing is done of that"
    for segment in untold_days(change.extras):
        yield f"the days in {segment} are no date that is read: nothing is done of that"


def _is_so(told: object, known: object) -> bool:
    """Whether what is told is known: each of several; of one, whatever is told of it. What is not told may be anything."""
    if isinstance(told, tuple):
        known_each = [_plain(each) for each in known] if isinstance(known, tuple) else []
        return all(_plain(each) in known_each for each in told)
    if isinstance(told, Value):
        fields = (name for name in told.__struct_fields__ if name != "description")
        return all(_is_so(getattr(told, name), getattr(known, name, None)) for name in fields)
    return told in (None, "", known)


def _plain(value: object) -> object:
    """Without its description, which is for people."""
    return msgspec.structs.replace(value, description="") if isinstance(value, Value) and hasattr(value, "description") else value


def _covers_as_much(basis: str, other: str) -> bool:
    return basis == other or (basis_is_known(basis) and price_of_one(ONE, basis) == price_of_one(ONE, other))


def _parties(document: Order | OrderChange) -> tuple[Party, ...]:
    return (*(each for each in (document.ship_to, document.bill_to) if each), *document.parties)


def _ids(parties: Collection[Party]) -> list[tuple[str, str]]:
    """Each role and id, as far as they have one."""
    return [(party.role, party.id) for party in parties if party.id]


def _named(ids: tuple[ItemId, ...]) -> str:
    return " ".join(f"{id.qualifier} {id.id}" for id in ids)
