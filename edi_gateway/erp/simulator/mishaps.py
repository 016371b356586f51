"""What can go wrong with a single order in the warehouse: the truck comes late, or the picker does not find everything."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import TypeAlias

import msgspec


class Mishap(msgspec.Struct, frozen=True, kw_only=True):
    """What happens to one order.

    ``late``: its first truck leaves so much later than promised. ``not_found``: so many of its first line, in the line's unit,
    are not found when it is picked for the first time; they turn up when the item is next restocked.
    """

    late: timedelta = timedelta(0)
    not_found: Decimal = Decimal(0)


Mishaps: TypeAlias = Mapping[str, Mishap]
"""By the buyer's number of the order. Fixed before the first order comes, for what happened is worked out from it again."""

NONE = Mishap()
