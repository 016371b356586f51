"""What was sent: a set of ours read back from the payload it left in."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from edi_gateway.errors import NeedsPerson
from edi_gateway.store.rows import TransactionRow
from edi_gateway.store.unit import Unit
from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.envelope import InterchangeAcknowledgment, Segment, TransactionSet
from edi_gateway.x12.reader import Reader

_ST02 = 2


class Written(NamedTuple):
    """Segments as a set is kept, and the marks that hold them apart; None where they say nothing of that."""

    segments: list[Segment]
    marks: Delimiters | None = None


def segments_sent(unit: Unit, row: TransactionRow) -> Written:
    """The segments of a set that has an envelope; those kept with it where it has none yet."""
    if row.interchange_id is None:
        return Written(msgspec.json.decode(row.segments, type=list[Segment]))
    found = _found(unit, row)
    if isinstance(found, TransactionSet):
        return Written(_to_write(found.segments), found.delimiters)
    return Written([list(found.ta1)])


def set_sent(unit: Unit, row: TransactionRow) -> list[Segment]:
    """Every segment of a set that has an envelope, from ST to SE: the place of each is how a partner counts them. Of a TA1, that
    one."""
    found = _found(unit, row)
    return found.segments if isinstance(found, TransactionSet) else [list(found.ta1)]


def _found(unit: Unit, row: TransactionRow) -> TransactionSet | InterchangeAcknowledgment:
    group = unit.interchanges.group(row.group_id) if row.group_id is not None else None
    interchange = unit.interchanges.get(row.interchange_id or 0)
    transmission = unit.transmissions.get(interchange.transmission_id or 0)
    with unit.payloads.open(transmission.payload) as payload:
        for event in Reader(payload):
            if isinstance(event, TransactionSet) and group is not None and _is_it(event, row, group.control_number):
                return event
            if isinstance(event, InterchangeAcknowledgment) and row.code == "TA1":
                return event
    raise NeedsPerson(f"{row.code} {row.control_number} is not in the payload of {transmission.name}", do="look at that payload")


def _to_write(segments: list[Segment]) -> list[Segment]:
    """Without SE; with its ST only where that says more than the number, as sets are kept before they are written."""
    return segments[:-1] if len(segments[0]) > _ST02 + 1 else segments[1:-1]


def _is_it(found: TransactionSet, row: TransactionRow, group: str) -> bool:
    same_group = found.group is not None and found.group.control_number.lstrip("0") == group.lstrip("0")
    return same_group and (found.code, found.control_number) == (row.code, row.control_number)
