"""AS2 messages: what was sent and what came, each with its receipt; the evidence is kept as it went over the wire."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from edi_gateway.clock import Clock
from edi_gateway.store.connection import Connection
from edi_gateway.store.prepared import upsert
from edi_gateway.store.rows import as_row
from edi_gateway.store.tables import as2_message

OWED, DELIVERED, GIVEN_UP = "owed", "delivered", "given up"
FAILED = ("refused", "unproven")  # what a receipt says of a message of ours, if not that it is confirmed


_SECRET = frozenset({"authorization", "proxy-authorization", "cookie"})


class Kept(msgspec.Struct, frozen=True):
    """An HTTP answer or a receipt, as it is kept in a column; ``body`` is in base64."""

    status: int
    fields: tuple[tuple[str, str], ...]
    body: str

    @classmethod
    def of(cls, status: int, fields: Iterable[tuple[str, str]], body: bytes) -> str:
        """As text."""
        return msgspec.json.encode(cls(status, public_fields(fields), base64.b64encode(body).decode())).decode()

    @classmethod
    def read(cls, text: str) -> Kept:
        """Back from text."""
        return msgspec.json.decode(text, type=cls)

    @property
    def content(self) -> bytes:
        """The body as it went or came."""
        return base64.b64decode(self.body)

    @property
    def wire(self) -> bytes:
        """Header and body in one, as a mail program or ``openssl smime`` reads them."""
        head = "".join(f"{name}: {value}\r\n" for name, value in public_fields(self.fields))
        return head.encode("latin-1", "replace") + b"\r\n" + self.content


def public_fields(fields: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Header fields as they are kept: without what was only to log in with."""
    return tuple((name, value) for name, value in fields if name.lower() not in _SECRET)


class As2MessageRow(msgspec.Struct, frozen=True):
    """One message, or (direction ``receipt``) a receipt for no message of ours; ``tables.as2_message`` tells the columns."""

    id: int
    direction: str
    connection: str
    sender: str
    receiver: str
    message_id: str
    name: str
    fields: str
    wire: str | None
    size: int
    mic: str
    content: str
    content_size: int
    state: str
    said: str
    is_told: bool
    tries: int
    due_at: datetime | None
    answer: str
    receipt: str
    receipt_to: str
    receipt_state: str
    at: datetime
    changed_at: datetime


class As2Messages:
    """The AS2 messages of one unit of work."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection, self._clock = connection, clock

    def put(self, *, direction: str, sender: str, receiver: str, message_id: str, **values: Any) -> None:
        """Records a message, in place of an earlier one of the same id between the same two."""
        now = self._clock.now()
        key = {"direction": direction, "sender": sender, "receiver": receiver, "message_id": message_id}
        insert: Any = upsert(self._connection)(as2_message).values(**key, **values, at=now, changed_at=now)
        changed = {**values, "changed_at": now}
        self._connection.execute(insert.on_conflict_do_update(index_elements=list(key), set_=changed))

    def claim(self, *, direction: str, sender: str, receiver: str, message_id: str, **values: Any) -> bool:
        """Records a message unless one of that id is taken already; of all who try at once, exactly one is told True.

        A message that was refused is no obstacle.
        """
        now = self._clock.now()
        key = {"direction": direction, "sender": sender, "receiver": receiver, "message_id": message_id}
        insert: Any = upsert(self._connection)(as2_message).values(**key, **values, at=now, changed_at=now)
        insert = insert.on_conflict_do_update(
            index_elements=list(key), set_={**values, "changed_at": now}, where=as2_message.c.state == "refused"
        )
        return self._connection.execute(insert.returning(as2_message.c.id)).first() is not None

    def find(self, direction: str, sender: str, receiver: str, message_id: str) -> As2MessageRow | None:
        """The message of that id between two AS2 names."""
        return self._first(
            as2_message.c.direction == direction,
            as2_message.c.sender == sender,
            as2_message.c.receiver == receiver,
            as2_message.c.message_id == message_id,
        )

    def named(self, connection: str, name: str) -> As2MessageRow | None:
        """The newest message a payload of that name went out in."""
        return self._first(as2_message.c.direction == "out", as2_message.c.connection == connection, as2_message.c.name == name)

    def has_failed(self, connection: str, name: str) -> bool:
        """Whether a receipt says of that message that it was refused, or proves nothing."""
        row = self.named(connection, name)
        return row is not None and row.state in FAILED

    def sent(self, message_id: str) -> As2MessageRow | None:
        """The message of ours of that id, which is ours alone."""
        return self._first(as2_message.c.direction == "out", as2_message.c.message_id == message_id)

    def of_id(self, message_id: str) -> As2MessageRow | None:
        """The newest message of that id, whoever sent it, with or without angle brackets."""
        bare = message_id.strip().strip("<>")
        return self._first(as2_message.c.message_id.in_((bare, f"<{bare}>")))

    def change(self, id: int, **values: Any) -> None:
        """Sets columns of a message."""
        changed = {**values, "changed_at": self._clock.now()}
        self._connection.execute(as2_message.update().where(as2_message.c.id == id).values(changed))

    def owed(self) -> list[As2MessageRow]:
        """Messages whose receipt we have to deliver now, oldest first."""
        return self._all(as2_message.c.receipt_state == OWED, as2_message.c.due_at <= self._clock.now())

    def orphans(self) -> list[As2MessageRow]:
        """Receipts for no message of ours, newest first."""
        return self._all(as2_message.c.direction == "receipt")[::-1]

    def recent(self, limit: int, connection: str = "") -> list[As2MessageRow]:
        """The newest messages, of one connection or of all."""
        query = sa.select(as2_message).order_by(as2_message.c.id.desc()).limit(limit)
        if connection:
            query = query.where(as2_message.c.connection == connection)
        return [as_row(As2MessageRow, row) for row in self._connection.execute(query)]

    def _first(self, *conditions: Any) -> As2MessageRow | None:
        row = self._connection.execute(sa.select(as2_message).where(*conditions).order_by(as2_message.c.id.desc())).first()
        return as_row(As2MessageRow, row) if row else None

    def _all(self, *conditions: Any) -> list[As2MessageRow]:
        query = sa.select(as2_message).where(*conditions).order_by(as2_message.c.id)
        return [as_row(As2MessageRow, row) for row in self._connection.execute(query)]
