"""Group number: whether a group came under a number (GS06) that another one of its kind had, in another interchange."""

from __future__ import annotations

from edi_gateway.store.unit import Unit
from edi_gateway.trading.profile import TradingPartner
from edi_gateway.x12.envelope import FunctionalGroup


def tell_repeated_group(unit: Unit, event: FunctionalGroup, row: int, interchange: int, partner: TradingPartner) -> None:
    """Tells of it, and holds nothing: what its sets say was said before is for their business numbers to show.

    Nothing is told of who numbers groups in each interchange anew, from 1.
    """
    number = event.control_number[:20]
    if _is_its_place(unit, number, interchange):
        return
    earlier = unit.interchanges.group_before(interchange, event.code[:10], number, partner.duplicates.window_of("interchange"))
    if earlier is None:
        return
    came_in = unit.interchanges.get(earlier.interchange_id).control_number
    text = f"group {event.code} {number} came under a number that one in interchange {came_in} had; its sets are taken as new"
    unit.events.tell("group.number_reused", f"group:{row}", text, partner=partner.name, control_number=number)


def _is_its_place(unit: Unit, number: str, interchange: int) -> bool:
    return number.isdecimal() and int(number) == len(unit.interchanges.groups(interchange))
