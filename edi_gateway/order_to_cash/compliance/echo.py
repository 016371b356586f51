"""R18 and R24: what the buyer sent comes back to the letter, leading zeros and all."""

from __future__ import annotations

from edi_gateway.documents.base import ItemId
from edi_gateway.documents.order import Order, OrderLine
from edi_gateway.documents.party import Party
from edi_gateway.order_to_cash.compliance.breach import Breach, Breaches
from edi_gateway.order_to_cash.sscc import is_gtin
from edi_gateway.trading.compliance.pack import Does

_GTINS = ("UP", "EN", "UK", "UA", "UI")


def line_of(order: Order, number: str) -> OrderLine | None:
    """The order's line with this number; None when it has none."""
    return next((line for line in order.lines if line.number == number), None)


def r18_item_ids(line: OrderLine, ids: tuple[ItemId, ...], gtin: Does) -> Breaches:
    """Item ids are the ids and qualifiers the buyer used, and GTINs end in their check digit; ``gtin`` says what if not."""
    place = f"line {line.number}"
    for wrong in [id for id in ids if id not in line.item_ids]:
        yield Breach(rule="R18", message=f"{wrong.qualifier} {wrong.id} is no id the buyer used", place=place)
    for left_out in [id for id in line.item_ids if id not in ids]:
        yield Breach(rule="R18", message=f"the buyer's {left_out.qualifier} {left_out.id} is left out", place=place)
    for id in ids:
        if gtin != "off" and id.qualifier in _GTINS and not is_gtin(id.id):
            message = f"{id.qualifier} {id.id} is no GTIN: its check digit or length is wrong"
            yield Breach(rule="R18", severity="stop" if gtin == "block" else "warn", message=message, place=place)


def r24_echo(what: str, sent: str, echoed: str) -> Breaches:
    """One value of the order, echoed exactly."""
    if sent != echoed:
        yield Breach(rule="R24", message=f"the order says '{sent}', this says '{echoed}'", place=what)


def r24_ship_to(sent: Party | None, echoed: Party | None) -> Breaches:
    """The ship-to's id and its qualifier, echoed exactly."""
    if sent is None:
        return
    yield from r24_echo("ship-to id", sent.id, echoed.id if echoed else "")
    yield from r24_echo("ship-to id qualifier", sent.id_qualifier, echoed.id_qualifier if echoed else "")
