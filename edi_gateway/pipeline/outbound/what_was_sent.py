"""What was sent: a set of ours read back from the payload it left in."""

from __future__ import annotations

import msgspec

from edi_gateway.errors import NeedsPerson
from edi_gateway.store.rows import TransactionRow
from edi_gateway.store.unit import Unit
from edi_gateway.x12.envelope import InterchangeAcknowledgment, Segment, TransactionSet
from edi_gateway.x12.reader import Reader

_ST02 = 2


def segments_sent(unit: Unit, row: TransactionRow) -> list[Segment]:
    """The segments of a set that has an envelope; those kept with it where it has none yet; as a set is kept."""
    if row.interchange_id is None:
        return msgspec.json.decode(row.segments, type=list[Segment])
    return _to_write(set_sent(unit, row))


def set_sent(unit: Unit, row: TransactionRow) -> list[Segment]:
    """Every segment of a set that has an envelope, from ST to SE: the place of each is how a partner counts them. Of a TA1, that
    one."""
    group = unit.interchanges.group(row.group_id) if row.group_id is not None else None
    interchange = unit.interchanges.get(row.interchange_id or 0)
    transmission = unit.transmissions.get(interchange.transmission_id or 0)
    with unit.payloads.open(transmission.payload) as payload:
        for event in Reader(payload):
            if isinstance(event, TransactionSet) and group is not None and _is_it(event, row, group.control_number):
                return event.segments
            if isinstance(event, InterchangeAcknowledgment) and row.code == "TA1":
                return [list(event.ta1)]
    raise NeedsPerson(f"{row.code} {row.control_number} is not in the payload of {transmission.name}", do="look at that payload")


def _to_write(segments: list[Segment]) -> list[Segment]:
    """Without SE; with its ST only where that says more than the number, as sets are kept before they are written."""
    if segments[0][0] == "TA1":
        return segments
    return segments[:-1] if len(segments[0]) > _ST02 + 1 else segments[1:-1]


def _is_it(found: TransactionSet, row: TransactionRow, group: str) -> bool:
    same_group = found.group is not None and found.group.control_number.lstrip("0") == group.lstrip("0")
    return same_group and (found.code, found.control_number) == (row.code, row.control_number)
