"""What came and went: payloads, transmissions, and the envelopes and sets found in them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from edi_gateway.store.tables.base import Id, id_column, metadata
from edi_gateway.store.types import Instant

USUAL: dict[str, tuple[str, ...]] = {
    "validation": ("valid",),
    "delivery": ("sent", "delivered", "received"),
    "acknowledgment": ("none", "not owed", "accepted"),
}
"""By status of a set: the words nearly all have in the end. Only sets with another one are in that status's index."""

SET_AWAITED = "acknowledgment IN ('awaited', 'overdue')"
SOME_FINDING = "(findings <> '[]' OR partner_findings <> '[]')"
GROUP_OWED = "acknowledgment IN ('owed', 'overdue')"


def _partly(where: str) -> dict[str, Any]:
    """Of an index: which rows are in it. A database uses it where a query says the same in the same words."""
    return {"sqlite_where": text(where), "postgresql_where": text(where)}


def _unusual(status: str) -> Index:
    words = ", ".join(f"'{word}'" for word in USUAL[status])
    return Index(f"ix_transaction_set_{status}", status, "id", **_partly(f"{status} NOT IN ({words})"))


payload = Table(
    "payload",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("body", LargeBinary),  # up to 256 KB here, larger ones in a file of that name
    Column("recorded_at", Instant, nullable=False),
    Column("removed_at", Instant),  # when retention took its bytes away; hash and size stay
)

transmission = Table(
    "transmission",
    metadata,
    id_column(),
    Column("direction", String(3), nullable=False),
    Column("connection", String(80), nullable=False),
    Column("partner", String(80)),
    Column("payload", String(64), ForeignKey("payload.sha256"), nullable=False),
    Column("name", Text, nullable=False),  # the file's name there, or the Message-ID: the same at every retry
    Column("identity", Text, nullable=False),  # what tells it from another of that name: path, size, time
    Column("state", String(20), nullable=False),
    Column("detail", Text, nullable=False, server_default=""),
    Column("at", Instant, nullable=False),
    Column("told_at", Instant),  # when the other side confirmed it has the bytes, or fetched them
    UniqueConstraint("direction", "connection", "identity"),
    Index("ix_transmission_at", "at"),
    Index("ix_transmission_name", "name", postgresql_ops={"name": "text_pattern_ops"}),
    Index("ix_transmission_partner", "partner", "direction", "at"),
    Index("ix_transmission_payload", "payload"),
)

interchange = Table(
    "interchange",
    metadata,
    id_column(),
    Column("transmission_id", Id, ForeignKey("transmission.id")),
    Column("direction", String(3), nullable=False),
    Column("partner", String(80)),
    Column("sender", String(20), nullable=False),
    Column("receiver", String(20), nullable=False),
    Column("control_number", String(20), nullable=False),
    Column("version", String(5), nullable=False),
    Column("usage", String(1), nullable=False),
    Column("start", BigInteger, nullable=False),
    Column("state", String(20), nullable=False),  # reading, read, read in part, duplicate, unknown sender, held, damaged, written
    Column("duplicate_of", Id, ForeignKey("interchange.id")),
    Column("isa", Text, nullable=False),  # the sixteen elements, as JSON
    Column("findings", Text, nullable=False, server_default="[]"),
    Column("acknowledgment", String(20), nullable=False, server_default="none"),  # the TA1: none, owed, sent, accepted, …
    Column("answered_by", Id),  # the transaction_set row of our TA1
    Column("at", Instant, nullable=False),
    Index("ix_interchange_control_number", "control_number"),
    Index("ix_interchange_transmission_id", "transmission_id"),
    Index("ix_interchange_partner", "partner", "direction"),
    Index("ix_interchange_answered_by", "answered_by", **_partly("answered_by IS NOT NULL")),
)

interchange_claim = Table(
    "interchange_claim",
    metadata,
    Column("sender", String(20), primary_key=True),
    Column("receiver", String(20), primary_key=True),
    Column("usage", String(1), primary_key=True),  # T and P are often numbered apart
    Column("control_number", String(20), primary_key=True),
    Column("claimed_at", Instant, nullable=False),  # an old number may come back when the partner's window is over
    Column("interchange_id", Id, ForeignKey("interchange.id"), nullable=False),
)

arrival = Table(
    "arrival",
    metadata,
    Column("sender", String(20), primary_key=True),
    Column("receiver", String(20), primary_key=True),
    Column("usage", String(1), primary_key=True),
    Column("partner", String(80), nullable=False),
    Column("highest", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("late", Integer, nullable=False, server_default="0"),  # how many came out of order, missed before or not
    Column("again", Integer, nullable=False, server_default="0"),  # the same once more
    Column("reused", Integer, nullable=False, server_default="0"),  # another interchange under a number that came before
)

missing_arrival = Table(
    "missing_arrival",
    metadata,
    Column("sender", String(20), primary_key=True),
    Column("receiver", String(20), primary_key=True),
    Column("usage", String(1), primary_key=True),
    Column("first", BigInteger, primary_key=True),
    Column("last", BigInteger, nullable=False),
    Column("since", Instant, nullable=False),
)

functional_group = Table(
    "functional_group",
    metadata,
    id_column(),
    Column("interchange_id", Id, ForeignKey("interchange.id"), nullable=False),
    Column("code", String(10), nullable=False),
    Column("control_number", String(20), nullable=False),
    Column("release", String(20), nullable=False),
    Column("gs", Text, nullable=False),
    Column("declared", Integer),
    Column("received", Integer, nullable=False, server_default="0"),
    Column("findings", Text, nullable=False, server_default="[]"),
    Column("acknowledgment", String(30), nullable=False),  # not owed, owed, sent; outbound: none, accepted, …
    Column("due_at", Instant),
    Column("half_told_at", Instant),  # when somebody was told that half the time to answer it is over
    Column("answered_at", Instant),
    Column("answered_by", Id),  # the transaction_set row of our 997; outbound: of theirs, the last that came
    Index("ix_functional_group_interchange_id", "interchange_id"),
    Index("ix_functional_group_control_number", "control_number", "code"),
    Index("ix_functional_group_answered_by", "answered_by", **_partly("answered_by IS NOT NULL")),
    Index("ix_functional_group_owed", "due_at", **_partly(GROUP_OWED)),
)

transaction = Table(
    "transaction_set",
    metadata,
    id_column(),
    Column("direction", String(3), nullable=False),
    Column("partner", String(80)),
    Column("group_id", Id, ForeignKey("functional_group.id")),
    Column("interchange_id", Id, ForeignKey("interchange.id")),
    Column("code", String(10), nullable=False),
    Column("release", String(20), nullable=False),
    Column("usage", String(1), nullable=False),
    Column("control_number", String(20), nullable=False, server_default=""),
    Column("start", BigInteger),
    Column("length", BigInteger),
    Column("business_number", String(80), nullable=False, server_default=""),
    Column("document_id", String(32)),
    Column("profile_version", String(64), nullable=False, server_default=""),
    Column("validation", String(30), nullable=False),
    Column("delivery", String(30), nullable=False),
    Column("acknowledgment", String(30), nullable=False),
    Column("verdict", String(30), nullable=False, server_default=""),  # ours on what we received, before it has left
    Column("acknowledgment_due_at", Instant),
    Column("findings", Text, nullable=False, server_default="[]"),  # ours, about what we received or would have sent
    Column("partner_findings", Text, nullable=False, server_default="[]"),  # theirs, from their acknowledgment
    Column("segments", Text, nullable=False, server_default=""),  # outbound, before it has an envelope: JSON
    Column("at", Instant, nullable=False),
    Index("ix_transaction_set_group_id", "group_id"),
    Index("ix_transaction_set_interchange_id", "interchange_id"),
    Index(
        "ix_transaction_set_business_number", "business_number", "id", postgresql_ops={"business_number": "varchar_pattern_ops"}
    ),
    Index("ix_transaction_set_document_id", "document_id"),
    Index("ix_transaction_set_at", "at", "direction"),
    Index("ix_transaction_set_partner", "partner", "code", "direction", "at"),
    Index("ix_transaction_set_partner_id", "partner", "id"),
    Index(
        "ix_transaction_set_partner_business_number",
        "partner",
        "business_number",
        "id",
        postgresql_ops={"business_number": "varchar_pattern_ops"},
    ),
    Index("ix_transaction_set_code", "code", "id"),
    Index("ix_transaction_set_awaited", "acknowledgment_due_at", **_partly(SET_AWAITED)),
    Index("ix_transaction_set_findings", "id", **_partly(SOME_FINDING)),
    *(_unusual(status) for status in USUAL),
)

set_finding = Table(  # kept by triggers on transaction_set: each kind and code of a set's findings, ours and theirs
    "set_finding",
    metadata,
    Column("set_id", Id, ForeignKey("transaction_set.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", Text().with_variant(Text(collation="C"), "postgresql"), primary_key=True),  # so that beginnings are by bytes
    Column("code", Text, primary_key=True),
    Index("ix_set_finding_kind", "kind", "set_id"),
    Index("ix_set_finding_code", "code", "set_id"),
)


def _counts() -> list[Column[Any]]:
    """Of sets by day (UTC), partner (empty: nobody known), direction and code; see store.set_counts."""
    texts = (("partner", 80), ("direction", 3), ("code", 10))
    named: list[Column[Any]] = [Column(name, String(length), nullable=False) for name, length in texts]
    counts: list[Column[Any]] = [Column(name, Integer, nullable=False) for name in ("sets", "wrong", "open")]
    return [Column("day", Date, nullable=False), *named, *counts]


set_count = Table("set_count", metadata, *_counts(), PrimaryKeyConstraint("day", "partner", "direction", "code"))

set_count_change = Table("set_count_change", metadata, id_column(), *_counts())  # appended by triggers on transaction_set

as2_message = Table(
    "as2_message",
    metadata,
    id_column(),
    Column("direction", String(8), nullable=False),  # in, out; receipt: one for no message of ours
    Column("connection", String(80), nullable=False),
    Column("sender", String(128), nullable=False),  # AS2-From
    Column("receiver", String(128), nullable=False),
    Column("message_id", String(998), nullable=False),
    Column("name", Text, nullable=False, server_default=""),  # what we send: the transmission's name
    Column("fields", Text, nullable=False),  # the header, as JSON
    Column("wire", String(64), ForeignKey("payload.sha256")),  # the body as it went or came: the evidence
    Column("size", BigInteger, nullable=False, server_default="0"),
    Column("mic", String(120), nullable=False, server_default=""),
    Column("content", String(64), nullable=False, server_default=""),  # SHA-256 of the payload in a message of ours
    Column("content_size", BigInteger, nullable=False, server_default="0"),
    Column("state", String(20), nullable=False),
    Column("said", Text, nullable=False, server_default=""),
    Column("is_told", Boolean, nullable=False, server_default=text("false")),
    Column("tries", Integer, nullable=False, server_default="0"),  # posts of a message of ours, or of a receipt we owe
    Column("due_at", Instant),  # when its receipt is due
    Column("answer", Text, nullable=False, server_default=""),  # what a message of theirs was answered with, as JSON
    Column("receipt", Text, nullable=False, server_default=""),  # the receipt: ours to deliver later, or theirs as it came
    Column("receipt_to", Text, nullable=False, server_default=""),
    Column("receipt_state", String(12), nullable=False, server_default=""),  # owed, delivered, given up
    Column("at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    UniqueConstraint("direction", "sender", "receiver", "message_id"),
    Index("ix_as2_message_name", "connection", "name"),
    Index("ix_as2_message_wire", "wire"),
    Index("ix_as2_message_receipt_state", "receipt_state", "due_at"),
)
