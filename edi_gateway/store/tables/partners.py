"""What was agreed with partners: versions of profiles and maps, certifications, cross-references, secrets and certificates."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, Integer, LargeBinary, String, Table, Text, UniqueConstraint, text

from edi_gateway.store.tables.base import id_column, metadata
from edi_gateway.store.types import Instant

profile_version = Table(
    "profile_version",
    metadata,
    id_column(),
    Column("kind", String(20), nullable=False),  # partner, connection, ourselves, map
    Column("name", String(120), nullable=False),
    Column("version", String(64), nullable=False),
    Column("body", Text, nullable=False),
    Column("applied_at", Instant, nullable=False),
    Column("applied_by", String(80), nullable=False),
    Column("from_files", Boolean, nullable=False, server_default=text("true")),  # false: the files do not say it
    UniqueConstraint("kind", "name", "version", "applied_at"),
)

certification = Table(
    "certification",
    metadata,
    id_column(),
    Column("partner", String(80), nullable=False),
    Column("profile_version", String(64), nullable=False),
    Column("state", String(10), nullable=False),  # running, passed, failed, broken
    Column("done", Integer, nullable=False, server_default="0"),  # scenarios
    Column("total", Integer, nullable=False),
    Column("report", Text, nullable=False, server_default=""),  # as JSON, of what was played until now
    Column("because", Text, nullable=False, server_default=""),  # why it is broken
    Column("began_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("by", String(80), nullable=False),
    Index("ix_certification_partner", "partner"),
)

cross_reference = Table(
    "cross_reference",
    metadata,
    id_column(),
    Column("partner", String(80), nullable=False),
    Column("kind", String(10), nullable=False),  # item, location
    Column("code", String(80), nullable=False),  # theirs
    Column("qualifier", String(3), nullable=False),  # of their code; empty for any
    Column("ours", String(80), nullable=False),
    Column("valid_from", Date, nullable=False),  # the year 1: from ever
    Column("valid_until", Date),
    Column("note", Text, nullable=False, server_default=""),
    Column("changed_at", Instant, nullable=False),
    Column("changed_by", String(80), nullable=False),
    UniqueConstraint("partner", "kind", "code", "qualifier", "valid_from"),
)

secret = Table(
    "secret",
    metadata,
    Column("name", String(120), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),  # encrypted under the vault's key, bound to its name
    Column("key_id", String(16), nullable=False),  # which key that was
    Column("changed_at", Instant, nullable=False),
    Column("changed_by", String(80), nullable=False),
)

certificate = Table(
    "certificate",
    metadata,
    id_column(),
    Column("owner", String(120), nullable=False),  # connection:NAME, a partner's; ourselves:IDENTITY
    Column("role", String(12), nullable=False),  # any, signing, encryption
    Column("fingerprint", String(64), nullable=False),  # SHA-256, hex
    Column("der", LargeBinary, nullable=False),
    Column("chain", LargeBinary, nullable=False),  # PEM of those who vouch for it
    Column("subject", Text, nullable=False),
    Column("valid_from", Instant, nullable=False),
    Column("valid_until", Instant, nullable=False),
    Column("use_from", Instant, nullable=False),  # when we switch to it
    Column("has_key", Boolean, nullable=False),  # its private key is in the vault
    Column("told_days", Integer),  # the last warning before its end that was told
    Column("retired_at", Instant),
    Column("added_at", Instant, nullable=False),
    Column("added_by", String(80), nullable=False),
    UniqueConstraint("owner", "fingerprint"),
)
