"""Again: what was sent goes once more, the same bytes as a transmission of its own; a partner knows it by its control number."""

from __future__ import annotations

from edi_gateway.pipeline.tools import start
from edi_gateway.store.rows import InterchangeRow
from edi_gateway.store.unit import Unit
from edi_gateway.trading.sent_as_files import marked


def send_again(unit: Unit, interchange: InterchangeRow, mark: str) -> int:
    """Retransmits an interchange of ours under a name of its own, with ``again`` and ``mark`` in it; the transmission's id."""
    first = unit.transmissions.get(interchange.transmission_id or 0)
    name = marked(first.name, f"_again{mark}")
    transmission = unit.transmissions.add(
        direction="out",
        connection=first.connection,
        partner=first.partner,
        payload=first.payload,
        name=name,
        identity=name,
        state="to send",
    )
    start(unit, "send", f"transmission:{transmission}", partner=first.partner, connection=first.connection)
    return transmission
