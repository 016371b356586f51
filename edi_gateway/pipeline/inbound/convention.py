"""Which implementation guide a set says it follows (ST03): an acknowledgment of 005010 says it again (AK203)."""

from __future__ import annotations

from collections.abc import Sequence

from edi_gateway.errors import NeedsPerson
from edi_gateway.store.rows import InterchangeRow, TransactionRow
from edi_gateway.store.unit import Unit
from edi_gateway.x12.envelope import Interchange, TransactionSet

_LONGEST_ST = 200  # bytes: ST01 to ST03 have 47 characters at most


def conventions(unit: Unit, row: InterchangeRow, header: Interchange, sets: Sequence[TransactionRow]) -> list[str]:
    """ST03 of each set, read in its payload; empty where it has none, and where the payload is gone."""
    if row.transmission_id is None:
        return [""] * len(sets)
    try:
        stream = unit.payloads.open(unit.transmissions.get(row.transmission_id).payload)
    except NeedsPerson:
        return [""] * len(sets)
    found = []
    with stream:
        for one in sets:
            stream.seek(one.start or 0)
            text = stream.read(min(one.length or 0, _LONGEST_ST)).decode("latin-1")
            text = header.cut.without(text, one.start or 0) if header.cut else text
            found.append(TransactionSet(text, header.delimiters).convention)
    return found
