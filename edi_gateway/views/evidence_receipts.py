"""The AS2 receipts (MDN) of what moved: theirs for what we sent, ours for what came."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec
import sqlalchemy as sa

from edi_gateway.store.among import Among
from edi_gateway.store.as2_messages import As2MessageRow, Kept
from edi_gateway.store.rows import TransmissionRow, as_row
from edi_gateway.store.tables import as2_message

_HERE = sa.select(as2_message).where(as2_message.c.connection == sa.bindparam("at")).order_by(as2_message.c.id)
_SENT = Among(_HERE.where(as2_message.c.direction == "out"), as2_message.c.name)
_CAME = Among(_HERE.where(as2_message.c.direction == "in"), as2_message.c.message_id)


class ReceiptRow(msgspec.Struct, frozen=True):
    """One receipt, for the message in which a transmission went or came; ``direction`` is the message's."""

    id: int
    direction: str
    connection: str
    message_id: str
    name: str
    state: str
    said: str
    at: datetime
    receipt: Kept


def receipts(connection: sa.Connection, moved: Iterable[TransmissionRow]) -> list[ReceiptRow]:
    """Every receipt that was given or got for some transmissions, in the order of their messages."""
    sent, came = dict[str, list[str]](), dict[str, list[str]]()
    for one in moved:
        if one.direction == "out":
            sent.setdefault(one.connection, []).append(one.name)
        elif one.identity.startswith("as2|"):  # as2|message id|number of the part
            came.setdefault(one.connection, []).append(one.identity.removeprefix("as2|").rpartition("|")[0])
    rows = [row for at, names in sent.items() for row in _SENT.rows(connection, names, at=at)]
    rows += [row for at, ids in came.items() for row in _CAME.rows(connection, ids, at=at)]
    found = (_receipt(as_row(As2MessageRow, row)) for row in rows)
    return sorted((one for one in found if one is not None), key=lambda one: one.id)


def _receipt(row: As2MessageRow) -> ReceiptRow | None:
    """A receipt of ours that was wanted at once is the answer to the message; None where none was given or has come."""
    text = row.receipt or (row.answer if row.direction == "in" else "")
    kept = Kept.read(text) if text else None
    if kept is None or not kept.body:
        return None
    whose = (row.id, row.direction, row.connection, row.message_id, row.name, row.state, row.said, row.changed_at)
    return ReceiptRow(*whose, kept)
