"""What is to become of a change of an order: decided when it is applied, asked for when it is delivered and answered."""

from __future__ import annotations

import msgspec

from edi_gateway.documents.base import Value
from edi_gateway.order_to_cash.changes import Revision
from edi_gateway.order_to_cash.rules import Ruling
from edi_gateway.store.unit import Unit


class Planned(Value, frozen=True, kw_only=True):
    """What is to become of a change: the order as it will be, and of what it adds, what our rules say."""

    revision: Revision
    ruling: Ruling


def planned_of(unit: Unit, document: str) -> Planned:
    """What was planned to become of a change."""
    return msgspec.json.decode(unit.documents.ruling(document), type=Planned)
