"""R19: lots and expiry dates of items that need them."""

from __future__ import annotations

from datetime import timedelta

from edi_gateway.documents.ship_notice import PackedItem, ShipNotice
from edi_gateway.order_to_cash.compliance.breach import Breach, Breaches
from edi_gateway.trading.compliance.pack import Freshness

EVERY_ITEM = "*"


def check_freshness(notice: ShipNotice, items: list[PackedItem], terms: Freshness) -> Breaches:
    """A flagged item has a lot, and a date that is far enough ahead on the day it leaves; exactly so many days are enough."""
    for item in items:
        if not _is_flagged(item, terms.items):
            continue
        place = f"line {item.line_number}"
        if terms.lot and not item.lot:
            yield Breach(rule="R19", message="no lot number", place=place)
        if terms.least_days is None:
            continue
        if item.expires_on is None:
            yield Breach(rule="R19", message="no expiry date", place=place)
        elif item.expires_on < notice.shipped_on + timedelta(days=terms.least_days):
            message = f"lot {item.lot or '(none)'} expires on {item.expires_on}, less than {terms.least_days} days after it left"
            yield Breach(rule="R19", message=message, place=place)


def _is_flagged(item: PackedItem, flagged: tuple[str, ...]) -> bool:
    return EVERY_ITEM in flagged or any(id.id in flagged for id in item.item_ids)
