"""What happened and what a person did about it: the chained events, replays, approvals and alerts."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint, text

from edi_gateway.store.tables.base import Id, id_column, metadata
from edi_gateway.store.types import Instant

event = Table(
    "event",
    metadata,
    id_column(),
    Column("at", Instant, nullable=False),
    Column("actor", String(80), nullable=False),
    Column("kind", String(60), nullable=False),
    Column("partner", String(80)),
    Column("subject", String(120), nullable=False),
    Column("control_number", String(20), nullable=False, server_default=""),
    Column("text", Text, nullable=False),
    Column("details", String(64), nullable=False, server_default=""),  # the digest of actor and text, which retention may remove
    Column("hash", String(64), nullable=False, server_default=""),  # of this event and the hash before it: see store.chain
    Index("ix_event_subject", "subject"),
    Index("ix_event_kind", "kind", postgresql_ops={"kind": "varchar_pattern_ops"}),
    Index("ix_event_partner", "partner"),
    Index("ix_event_actor", "actor", sqlite_where=text("actor <> 'gateway'"), postgresql_where=text("actor <> 'gateway'")),
)

event_chain = Table(
    "event_chain",  # one row: where the chain of events ends
    metadata,
    Column("id", Integer, primary_key=True),
    Column("events", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
)

event_cursor = Table(
    "event_cursor",
    metadata,
    Column("reader", String(40), primary_key=True),
    Column("event", BigInteger, nullable=False),  # the last one it has read
)

descent = Table(
    "descent",
    metadata,
    Column("child", String(120), primary_key=True),  # transaction:12, document:ab…, transmission:7
    Column("parent", String(120), primary_key=True),
    Column("how", String(20), nullable=False),  # replay, retransmit, re-envelope, correct
    Column("because", Text, nullable=False),
    Column("actor", String(80), nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_descent_parent", "parent"),
)

replay = Table(
    "replay",
    metadata,
    id_column(),
    Column("origin", String(10), nullable=False),  # raw, parsed, mapped
    Column("versions", String(10), nullable=False),  # current, pinned
    Column("numbers", String(10), nullable=False),  # new, kept
    Column("sends", Boolean, nullable=False),  # whether what was sent or posted is sent or posted again
    Column("is_dry", Boolean, nullable=False),
    Column("selection", Text, nullable=False),
    Column("because", Text, nullable=False),
    Column("actor", String(80), nullable=False),
    Column("state", String(10), nullable=False),  # running, done; of a dry run: confirmed
    Column("started_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
)

replay_item = Table(
    "replay_item",
    metadata,
    Column("replay_id", Id, ForeignKey("replay.id"), primary_key=True),
    Column("transaction_id", Id, ForeignKey("transaction_set.id"), primary_key=True),
    Column("state", String(10), nullable=False),  # open, done, failed
    Column("effect", String(20), nullable=False, server_default=""),
    Column("text", Text, nullable=False, server_default=""),
    Column("differences", Text, nullable=False, server_default="[]"),
    Column("child", String(120), nullable=False, server_default=""),
)

approval = Table(
    "approval",
    metadata,
    id_column(),
    Column("operation", String(20), nullable=False),
    Column("subject", String(120), nullable=False),
    Column("partner", String(80)),
    Column("arguments", Text, nullable=False),
    Column("fingerprint", String(64), nullable=False),  # of what it is about, as it was when it was asked for
    Column("because", Text, nullable=False),
    Column("asked_by", String(80), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("state", String(10), nullable=False),  # asked, given, refused, stale
    Column("answered_by", String(80)),
    Column("answered_at", Instant),
    Index("ix_approval_state", "state"),
)

alert = Table(
    "alert",
    metadata,
    id_column(),
    Column("rule", String(80), nullable=False),
    Column("key", String(200), nullable=False),  # what all it is about has in common
    Column("level", String(10), nullable=False),  # notice, warning, urgent
    Column("partner", String(80)),
    Column("state", String(12), nullable=False),  # open, acknowledged, resolved
    Column("text", Text, nullable=False),  # of the latest event
    Column("count", Integer, nullable=False),  # of things and happenings it is about
    Column("began_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("escalation", String(80), nullable=False),
    Column("step", Integer, nullable=False, server_default="0"),  # steps of the escalation that were taken
    Column("next_at", Instant),  # when the next one is; none: no other
    Column("acknowledged_by", String(80)),
    Column("acknowledged_at", Instant),
    Column("note", Text, nullable=False, server_default=""),
    Column("resolved_at", Instant),
    Column("resolved_because", Text, nullable=False, server_default=""),
    Index(
        "ix_alert_unresolved",
        "rule",
        "key",
        unique=True,
        sqlite_where=text("state <> 'resolved'"),
        postgresql_where=text("state <> 'resolved'"),
    ),
)

alert_subject = Table(
    "alert_subject",
    metadata,
    Column("alert_id", Id, ForeignKey("alert.id"), primary_key=True),
    Column("subject", String(120), primary_key=True),
    Column("kind", String(60), primary_key=True),
    Column("event_id", BigInteger, nullable=False),  # the latest that told of it
    Column("at", Instant, nullable=False),
    Column("over_at", Instant),  # when its cause was gone
)

notice = Table(
    "notice",
    metadata,
    id_column(),
    Column("alert_id", Id, ForeignKey("alert.id"), nullable=False),
    Column("step", Integer, nullable=False),  # 0: that it is over
    Column("channel", String(80), nullable=False),
    Column("state", String(10), nullable=False),  # due, sending, sent, failed, unknown, dropped
    Column("due_at", Instant, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("because", Text, nullable=False, server_default=""),
    Column("changed_at", Instant, nullable=False),
    UniqueConstraint("alert_id", "step", "channel"),
    Index("ix_notice_state", "state", "due_at"),
)
