"""The tables of what is received and sent: payloads, transmissions, interchanges, groups and sets."""

import sqlalchemy as sa
from alembic import op

from edi_gateway.store.types import Instant


def make() -> None:
    op.create_table(
        "arrival",
        sa.Column("sender", sa.String(length=20), nullable=False),
        sa.Column("receiver", sa.String(length=20), nullable=False),
        sa.Column("usage", sa.String(length=1), nullable=False),
        sa.Column("partner", sa.String(length=80), nullable=False),
        sa.Column("highest", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("last_at", Instant(), nullable=False),
        sa.Column("late", sa.Integer(), server_default="0", nullable=False),
        sa.Column("again", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("sender", "receiver", "usage", name=op.f("pk_arrival")),
    )
    op.create_table(
        "missing_arrival",
        sa.Column("sender", sa.String(length=20), nullable=False),
        sa.Column("receiver", sa.String(length=20), nullable=False),
        sa.Column("usage", sa.String(length=1), nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("sender", "receiver", "usage", "first", name=op.f("pk_missing_arrival")),
    )
    op.create_table(
        "payload",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("removed_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_payload")),
    )
    op.create_table(
        "set_count",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("partner", sa.String(length=80), nullable=False),
        sa.Column("direction", sa.String(length=3), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("sets", sa.Integer(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("open", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "partner", "direction", "code", name=op.f("pk_set_count")),
    )
    op.create_table(
        "set_count_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("partner", sa.String(length=80), nullable=False),
        sa.Column("direction", sa.String(length=3), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("sets", sa.Integer(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("open", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_set_count_change")),
    )
    op.create_table(
        "as2_message",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("direction", sa.String(length=8), nullable=False),
        sa.Column("connection", sa.String(length=80), nullable=False),
        sa.Column("sender", sa.String(length=128), nullable=False),
        sa.Column("receiver", sa.String(length=128), nullable=False),
        sa.Column("message_id", sa.String(length=998), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("wire", sa.String(length=64), nullable=True),
        sa.Column("size", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("mic", sa.String(length=120), server_default="", nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("said", sa.Text(), server_default="", nullable=False),
        sa.Column("is_told", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due_at", Instant(), nullable=True),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("receipt", sa.Text(), server_default="", nullable=False),
        sa.Column("receipt_to", sa.Text(), server_default="", nullable=False),
        sa.Column("receipt_state", sa.String(length=12), server_default="", nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("content", sa.String(length=64), server_default="", nullable=False),
        sa.Column("content_size", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["wire"], ["payload.sha256"], name=op.f("fk_as2_message_wire")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_as2_message")),
        sa.UniqueConstraint(
            "direction", "sender", "receiver", "message_id", name=op.f("uq_as2_message_direction_sender_receiver_message_id")
        ),
    )
    op.create_index("ix_as2_message_name", "as2_message", ["connection", "name"])
    op.create_index("ix_as2_message_receipt_state", "as2_message", ["receipt_state", "due_at"])
    op.create_index("ix_as2_message_wire", "as2_message", ["wire"])
    op.create_table(
        "transmission",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("direction", sa.String(length=3), nullable=False),
        sa.Column("connection", sa.String(length=80), nullable=False),
        sa.Column("partner", sa.String(length=80), nullable=True),
        sa.Column("payload", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("told_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["payload"], ["payload.sha256"], name=op.f("fk_transmission_payload")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transmission")),
        sa.UniqueConstraint("direction", "connection", "identity", name=op.f("uq_transmission_direction_connection_identity")),
    )
    op.create_index("ix_transmission_at", "transmission", ["at"])
    op.create_index("ix_transmission_name", "transmission", ["name"], postgresql_ops={"name": "text_pattern_ops"})
    op.create_index("ix_transmission_partner", "transmission", ["partner", "direction", "at"])
    op.create_index("ix_transmission_payload", "transmission", ["payload"])
    op.create_table(
        "interchange",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("transmission_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("direction", sa.String(length=3), nullable=False),
        sa.Column("partner", sa.String(length=80), nullable=True),
        sa.Column("sender", sa.String(length=20), nullable=False),
        sa.Column("receiver", sa.String(length=20), nullable=False),
        sa.Column("control_number", sa.String(length=20), nullable=False),
        sa.Column("version", sa.String(length=5), nullable=False),
        sa.Column("usage", sa.String(length=1), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("duplicate_of", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("isa", sa.Text(), nullable=False),
        sa.Column("findings", sa.Text(), server_default="[]", nullable=False),
        sa.Column("acknowledgment", sa.String(length=20), server_default="none", nullable=False),
        sa.Column("answered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["duplicate_of"], ["interchange.id"], name=op.f("fk_interchange_duplicate_of")),
        sa.ForeignKeyConstraint(["transmission_id"], ["transmission.id"], name=op.f("fk_interchange_transmission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interchange")),
    )
    op.create_index(
        "ix_interchange_answered_by",
        "interchange",
        ["answered_by"],
        unique=False,
        sqlite_where=sa.text("answered_by IS NOT NULL"),
        postgresql_where=sa.text("answered_by IS NOT NULL"),
    )
    op.create_index("ix_interchange_control_number", "interchange", ["control_number"])
    op.create_index("ix_interchange_partner", "interchange", ["partner", "direction"])
    op.create_index("ix_interchange_transmission_id", "interchange", ["transmission_id"])
    op.create_table(
        "functional_group",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("interchange_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("control_number", sa.String(length=20), nullable=False),
        sa.Column("release", sa.String(length=20), nullable=False),
        sa.Column("gs", sa.Text(), nullable=False),
        sa.Column("declared", sa.Integer(), nullable=True),
        sa.Column("received", sa.Integer(), server_default="0", nullable=False),
        sa.Column("findings", sa.Text(), server_default="[]", nullable=False),
        sa.Column("acknowledgment", sa.String(length=30), nullable=False),
        sa.Column("due_at", Instant(), nullable=True),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.Column("answered_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("half_told_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["interchange_id"], ["interchange.id"], name=op.f("fk_functional_group_interchange_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_functional_group")),
    )
    op.create_index(
        "ix_functional_group_answered_by",
        "functional_group",
        ["answered_by"],
        unique=False,
        sqlite_where=sa.text("answered_by IS NOT NULL"),
        postgresql_where=sa.text("answered_by IS NOT NULL"),
    )
    op.create_index("ix_functional_group_control_number", "functional_group", ["control_number", "code"])
    op.create_index("ix_functional_group_interchange_id", "functional_group", ["interchange_id"])
    op.create_index(
        "ix_functional_group_owed",
        "functional_group",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("acknowledgment IN ('owed', 'overdue')"),
        postgresql_where=sa.text("acknowledgment IN ('owed', 'overdue')"),
    )
    op.create_table(
        "interchange_claim",
        sa.Column("sender", sa.String(length=20), nullable=False),
        sa.Column("receiver", sa.String(length=20), nullable=False),
        sa.Column("control_number", sa.String(length=20), nullable=False),
        sa.Column("claimed_at", Instant(), nullable=False),
        sa.Column("interchange_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("payload", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["interchange_id"], ["interchange.id"], name=op.f("fk_interchange_claim_interchange_id")),
        sa.PrimaryKeyConstraint("sender", "receiver", "control_number", name=op.f("pk_interchange_claim")),
    )
    op.create_table(
        "transaction_set",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("direction", sa.String(length=3), nullable=False),
        sa.Column("partner", sa.String(length=80), nullable=True),
        sa.Column("group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("interchange_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("release", sa.String(length=20), nullable=False),
        sa.Column("usage", sa.String(length=1), nullable=False),
        sa.Column("control_number", sa.String(length=20), server_default="", nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=True),
        sa.Column("length", sa.BigInteger(), nullable=True),
        sa.Column("business_number", sa.String(length=80), server_default="", nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=True),
        sa.Column("profile_version", sa.String(length=64), server_default="", nullable=False),
        sa.Column("validation", sa.String(length=30), nullable=False),
        sa.Column("delivery", sa.String(length=30), nullable=False),
        sa.Column("acknowledgment", sa.String(length=30), nullable=False),
        sa.Column("verdict", sa.String(length=30), server_default="", nullable=False),
        sa.Column("acknowledgment_due_at", Instant(), nullable=True),
        sa.Column("findings", sa.Text(), server_default="[]", nullable=False),
        sa.Column("partner_findings", sa.Text(), server_default="[]", nullable=False),
        sa.Column("segments", sa.Text(), server_default="", nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["functional_group.id"], name=op.f("fk_transaction_set_group_id")),
        sa.ForeignKeyConstraint(["interchange_id"], ["interchange.id"], name=op.f("fk_transaction_set_interchange_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transaction_set")),
    )
    op.create_index(
        "ix_transaction_set_acknowledgment",
        "transaction_set",
        ["acknowledgment", "id"],
        unique=False,
        sqlite_where=sa.text("acknowledgment NOT IN ('none', 'not owed', 'accepted')"),
        postgresql_where=sa.text("acknowledgment NOT IN ('none', 'not owed', 'accepted')"),
    )
    op.create_index("ix_transaction_set_at", "transaction_set", ["at", "direction"])
    op.create_index(
        "ix_transaction_set_awaited",
        "transaction_set",
        ["acknowledgment_due_at"],
        unique=False,
        sqlite_where=sa.text("acknowledgment IN ('awaited', 'overdue')"),
        postgresql_where=sa.text("acknowledgment IN ('awaited', 'overdue')"),
    )
    op.create_index(
        "ix_transaction_set_business_number",
        "transaction_set",
        ["business_number", "id"],
        unique=False,
        postgresql_ops={"business_number": "varchar_pattern_ops"},
    )
    op.create_index("ix_transaction_set_code", "transaction_set", ["code", "id"])
    op.create_index(
        "ix_transaction_set_delivery",
        "transaction_set",
        ["delivery", "id"],
        unique=False,
        sqlite_where=sa.text("delivery NOT IN ('sent', 'delivered', 'received')"),
        postgresql_where=sa.text("delivery NOT IN ('sent', 'delivered', 'received')"),
    )
    op.create_index("ix_transaction_set_document_id", "transaction_set", ["document_id"])
    op.create_index(
        "ix_transaction_set_findings",
        "transaction_set",
        ["id"],
        unique=False,
        sqlite_where=sa.text("(findings <> '[]' OR partner_findings <> '[]')"),
        postgresql_where=sa.text("(findings <> '[]' OR partner_findings <> '[]')"),
    )
    op.create_index("ix_transaction_set_group_id", "transaction_set", ["group_id"])
    op.create_index("ix_transaction_set_interchange_id", "transaction_set", ["interchange_id"])
    op.create_index("ix_transaction_set_partner", "transaction_set", ["partner", "code", "direction", "at"])
    op.create_index(
        "ix_transaction_set_partner_business_number",
        "transaction_set",
        ["partner", "business_number", "id"],
        unique=False,
        postgresql_ops={"business_number": "varchar_pattern_ops"},
    )
    op.create_index("ix_transaction_set_partner_id", "transaction_set", ["partner", "id"])
    op.create_index(
        "ix_transaction_set_validation",
        "transaction_set",
        ["validation", "id"],
        unique=False,
        sqlite_where=sa.text("validation NOT IN ('valid')"),
        postgresql_where=sa.text("validation NOT IN ('valid')"),
    )
    op.create_table(
        "set_finding",
        sa.Column("set_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["set_id"], ["transaction_set.id"], name=op.f("fk_set_finding_set_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("set_id", "kind", "code", name=op.f("pk_set_finding")),
    )
    op.create_index("ix_set_finding_code", "set_finding", ["code", "set_id"])
    op.create_index("ix_set_finding_kind", "set_finding", ["kind", "set_id"])
