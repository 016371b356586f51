"""Names of what is sent: each its own on its connection, where the partner and we tell one from another by it."""

from __future__ import annotations

from edi_gateway.store.unit import Unit
from edi_gateway.trading.sent_as_files import marked


def unused_name(unit: Unit, connection: str, wanted: str) -> str:
    """A name that nothing sent over the connection has: ``wanted``, or that marked ``_2`` when its number comes round again."""
    name, round_ = wanted, 1
    while unit.transmissions.named("out", connection, name):
        round_ += 1
        name = marked(wanted, f"_{round_}")
    return name
