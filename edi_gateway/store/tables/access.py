"""Who may use the gateway and where it reports to: people, API keys and webhooks."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint, text

from edi_gateway.store.tables.base import Id, id_column, metadata
from edi_gateway.store.types import Instant

person = Table(
    "person",
    metadata,
    id_column(),
    Column("name", String(80), nullable=False),
    Column("role", String(12), nullable=False),  # viewer, analyst, operator, admin
    Column("password", Text, nullable=False),  # its argon2id hash
    Column("disabled_at", Instant),
    Column("created_at", Instant, nullable=False),
    Column("last_seen_at", Instant),
    UniqueConstraint("name"),
)

session = Table(
    "session",
    metadata,
    Column("digest", String(64), primary_key=True),  # SHA-256 of the token, which only the browser has
    Column("person_id", Id, ForeignKey("person.id"), nullable=False),
    Column("address", String(64), nullable=False),
    Column("began_at", Instant, nullable=False),
    Column("used_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Index("ix_session_person_id", "person_id"),
)

invitation = Table(
    "invitation",
    metadata,
    Column("digest", String(64), primary_key=True),  # SHA-256 of the token in the one-time link
    Column("name", String(80), nullable=False),  # whose password it sets; empty: whoever comes first, as the first admin
    Column("role", String(12), nullable=False),
    Column("made_by", String(80), nullable=False),
    Column("ends_at", Instant, nullable=False),
)

sign_in_failure = Table(
    "sign_in_failure",
    metadata,
    id_column(),
    Column("name", String(80), nullable=False),
    Column("address", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_sign_in_failure_at", "at"),
)

saved_search = Table(
    "saved_search",
    metadata,
    Column("person", String(80), primary_key=True),
    Column("name", String(60), primary_key=True),
    Column("query", Text, nullable=False),  # what follows the question mark in the address of the list
    Column("saved_at", Instant, nullable=False),
)

api_key = Table(
    "api_key",
    metadata,
    Column("id", String(16), primary_key=True),  # the part of the key that may be shown
    Column("digest", String(64), nullable=False),  # SHA-256 of the whole key
    Column("name", String(80), nullable=False),
    Column("scope", String(10), nullable=False),  # read, operate, admin; mailbox
    Column("partner", String(80)),  # the only one it sees; none: all of them
    Column("connection", String(80)),  # of scope mailbox: whose mailbox it opens
    Column("created_at", Instant, nullable=False),
    Column("created_by", String(80), nullable=False),
    Column("ends_at", Instant),
    Column("used_at", Instant),
    Column("revoked_at", Instant),
)

idempotency_key = Table(
    "idempotency_key",
    metadata,
    Column("owner", String(80), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("fingerprint", String(64), nullable=False),  # of method, address and body
    Column("status", Integer),  # none while it is in flight
    Column("answer", Text, nullable=False, server_default=""),
    Column("at", Instant, nullable=False),
    Index("ix_idempotency_key_at", "at"),
)

webhook = Table(
    "webhook",
    metadata,
    id_column(),
    Column("address", Text, nullable=False),
    Column("kinds", Text, nullable=False),  # kinds of events, or their beginnings ("flow."), as JSON; [] for all
    Column("partner", String(80)),
    Column("after", BigInteger, nullable=False),  # the last event that was looked at for it
    Column("paused", Boolean, nullable=False, server_default=text("false")),
    Column("old_secret_until", Instant),  # after a rotation both secrets sign until then
    Column("created_at", Instant, nullable=False),
    Column("created_by", String(80), nullable=False),
    Column("removed_at", Instant),
)

webhook_delivery = Table(
    "webhook_delivery",
    metadata,
    id_column(),
    Column("webhook_id", Id, ForeignKey("webhook.id"), nullable=False),
    Column("event_id", BigInteger, nullable=False),
    Column("message_id", String(40), nullable=False),  # webhook-id: the same at every try
    Column("state", String(10), nullable=False),  # due, delivered, dead
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("due_at", Instant, nullable=False),
    Column("status", Integer),  # what the other side answered last
    Column("detail", Text, nullable=False, server_default=""),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("webhook_id", "event_id"),
    Index("ix_webhook_delivery_state", "state", "due_at"),
)
