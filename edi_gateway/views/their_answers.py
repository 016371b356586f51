"""Which 997s and 999s of a partner are about a group of ours: every one, not only the last, which a group is linked to.

Of a 997 its AK102 is on record, as its business number; AK101 is read from its bytes. What it means is the last group that had
gone to that partner under both, in the same usage (ISA15), when it came: numbers begin anew one day.
"""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from edi_gateway.store.database import Database
from edi_gateway.store.interchanges import NEAREST, nearest
from edi_gateway.store.rows import GroupRow, TransactionRow, as_row
from edi_gateway.store.tables import functional_group, interchange, transaction
from edi_gateway.store.unit import Unit
from edi_gateway.x12.envelope import Interchange, Segment, TransactionSet

_CODES = ("997", "999")
_LONGEST = 9  # digits of GS06


def answers_to(store: Database, group: GroupRow) -> list[int]:
    """The sets that answer a group: of ours, every 997 and 999 of theirs, oldest first; of theirs, our one.

    One whose bytes are no longer kept is told only where the group is linked to it.
    """
    linked = {group.answered_by} if group.answered_by else set()
    with store.reading() as connection:
        sent = connection.execute(sa.select(interchange).where(interchange.c.id == group.interchange_id)).one()
        if sent.direction == "in":
            return sorted(linked)
        query = sa.select(transaction).where(
            transaction.c.partner == sent.partner,
            transaction.c.business_number.in_(_with_zeros(group.control_number)),
            transaction.c.direction == "in",
            transaction.c.code.in_(_CODES),
        )
        named = [as_row(TransactionRow, row) for row in connection.execute(query)]
    meant = {row.id: group_meant(store, row) for row in named if row.id not in linked}
    return sorted(linked | {id for id, each in meant.items() if each is not None and each.id == group.id})


def group_meant(store: Database, row: TransactionRow) -> GroupRow | None:
    """The group of ours that a 997 or 999 of theirs is about; None for one we never sent, or where its bytes are not kept."""
    with store.read() as unit:
        code, number = (*_ak1(unit, row)[1:3], "", "")[:2]
        ends = unit.interchanges.ends(row.interchange_id)
    query = (
        sa.select(functional_group)
        .join(interchange, interchange.c.id == functional_group.c.interchange_id)
        .where(interchange.c.direction == "out", interchange.c.partner == row.partner, interchange.c.usage == row.usage)
        .where(functional_group.c.code == code.strip(), functional_group.c.control_number.in_(_with_zeros(number)))
        .where(interchange.c.at <= row.at)
        .order_by(*NEAREST, functional_group.c.id.desc())
        .limit(1)
    )
    with store.reading() as connection:
        found = connection.execute(query, nearest(ends)).first()
    return as_row(GroupRow, found) if found else None


def _ak1(unit: Unit, row: TransactionRow) -> Segment:
    """The segment that names what is answered; empty where the bytes are no longer kept, or it has none."""
    if row.interchange_id is None or row.start is None or row.length is None:
        return []
    carried = unit.interchanges.get(row.interchange_id)
    moved = unit.transmissions.get(carried.transmission_id or 0)
    if unit.payloads.find(moved.payload) is None:
        return []
    with unit.payloads.open(moved.payload) as stream:
        stream.seek(row.start)
        text = stream.read(row.length).decode("latin-1")
    header = msgspec.json.decode(carried.isa, type=Interchange)
    text = header.cut.without(text, row.start) if header.cut else text
    told = TransactionSet(text, header.delimiters, offset=row.start)
    return next((segment for segment in told.segments if segment[0] == "AK1"), [])


def _with_zeros(number: str) -> list[str]:
    """A group's number as it may be written: with zeros in front, or without."""
    bare = number.strip().lstrip("0")
    return [bare.zfill(length) for length in range(len(bare), _LONGEST + 1)] or [bare]
