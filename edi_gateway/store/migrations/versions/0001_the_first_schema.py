"""the first schema"""

import sqlalchemy as sa
from alembic import op

from edi_gateway.store.types import Exact, Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "business_claim",
        sa.Column("partner", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("partner", "kind", "key", name=op.f("pk_business_claim")),
    )
    op.create_table(
        "consultation",
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("ruling", sa.Text(), server_default="", nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_consultation")),
    )
    op.create_table(
        "control_counter",
        sa.Column("scope", sa.String(length=200), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_control_counter")),
    )
    op.create_table(
        "deposit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("trace", sa.String(length=80), nullable=False),
        sa.Column("amount", Exact(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.Column("matched", sa.String(length=32), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposit")),
        sa.UniqueConstraint("trace", "amount", "on", name=op.f("uq_deposit_trace_amount_on")),
    )
    op.create_table(
        "engine_run",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engine_run")),
    )
    op.create_table(
        "erp_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("connector", sa.String(length=80), nullable=False),
        sa.Column("event", sa.String(length=80), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erp_event")),
        sa.UniqueConstraint("connector", "event", name=op.f("uq_erp_event_connector_event")),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("partner", sa.String(length=80), nullable=True),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("control_number", sa.String(length=20), server_default="", nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index("ix_event_kind", ["kind"], unique=False)
        batch_op.create_index("ix_event_subject", ["subject"], unique=False)

    op.create_table(
        "flow",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("lane", sa.String(length=120), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("deaths", sa.Integer(), server_default="0", nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("follows", sa.String(length=200), server_default="", nullable=False),
        sa.Column("partner", sa.String(length=80), nullable=True),
        sa.Column("connection", sa.String(length=80), nullable=True),
        sa.Column("connector", sa.String(length=80), nullable=True),
        sa.Column("position", sa.Text(), server_default="", nullable=False),
        sa.Column("because", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flow")),
    )
    with op.batch_alter_table("flow", schema=None) as batch_op:
        batch_op.create_index("ix_flow_follows", ["follows"], unique=False)
        batch_op.create_index(
            "ix_flow_ready",
            ["lane", "priority", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'ready'"),
            postgresql_where=sa.text("state = 'ready'"),
        )
        batch_op.create_index("ix_flow_state", ["state", "due_at"], unique=False)
        batch_op.create_index("ix_flow_subject", ["subject"], unique=False)

    op.create_table(
        "lane",
        sa.Column("id", sa.String(length=120), nullable=False),
        sa.Column("dirty", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lane")),
    )
    op.create_table(
        "order_thread",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("partner", sa.String(length=80), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("usage", sa.String(length=1), nullable=False),
        sa.Column("ordered", Exact(), nullable=False),
        sa.Column("confirmed", Exact(), nullable=False),
        sa.Column("shipped", Exact(), nullable=False),
        sa.Column("billed", Exact(), nullable=False),
        sa.Column("remitted", Exact(), nullable=False),
        sa.Column("paid", Exact(), nullable=False),
        sa.Column("open", Exact(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_thread")),
        sa.UniqueConstraint("document_id", name=op.f("uq_order_thread_document_id")),
    )
    with op.batch_alter_table("order_thread", schema=None) as batch_op:
        batch_op.create_index("ix_order_thread_number", ["number"], unique=False)

    op.create_table(
        "payload",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_payload")),
    )
    op.create_table(
        "profile_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("applied_at", Instant(), nullable=False),
        sa.Column("applied_by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profile_version")),
        sa.UniqueConstraint(
            "kind", "name", "version", "applied_at", name=op.f("uq_profile_version_kind_name_version_applied_at")
        ),
    )
    op.create_table(
        "remittance",
        sa.Column("partner", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("trace", sa.String(length=80), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("amount", Exact(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("settled_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("partner", "key", name=op.f("pk_remittance")),
    )
    with op.batch_alter_table("remittance", schema=None) as batch_op:
        batch_op.create_index("ix_remittance_trace", ["trace"], unique=False)

    op.create_table(
        "schedule",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("trigger", sa.String(length=200), nullable=False),
        sa.Column("next_run", Instant(), nullable=False),
        sa.Column("last_run", Instant(), nullable=True),
        sa.Column("paused", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_schedule")),
    )
    op.create_table(
        "attempt",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("flow_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.Column("began_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["flow_id"], ["flow.id"], name=op.f("fk_attempt_flow_id")),
        sa.PrimaryKeyConstraint("key", "number", name=op.f("pk_attempt")),
    )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.create_index("ix_attempt_flow_id", ["flow_id"], unique=False)

    op.create_table(
        "document",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("direction", sa.String(length=3), nullable=False),
        sa.Column("partner", sa.String(length=80), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("thread_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("map", sa.String(length=120), server_default="", nullable=False),
        sa.Column("map_version", sa.String(length=64), server_default="", nullable=False),
        sa.Column("profile_version", sa.String(length=64), server_default="", nullable=False),
        sa.Column("usage", sa.String(length=1), server_default="P", nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["thread_id"], ["order_thread.id"], name=op.f("fk_document_thread_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index("ix_document_number", ["number"], unique=False)
        batch_op.create_index("ix_document_thread_id", ["thread_id"], unique=False)

    op.create_table(
        "receivable",
        sa.Column("partner", sa.String(length=80), nullable=False),
        sa.Column("invoice", sa.String(length=80), nullable=False),
        sa.Column("thread_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_number", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["thread_id"], ["order_thread.id"], name=op.f("fk_receivable_thread_id")),
        sa.PrimaryKeyConstraint("partner", "invoice", name=op.f("pk_receivable")),
    )
    with op.batch_alter_table("receivable", schema=None) as batch_op:
        batch_op.create_index("ix_receivable_order_number", ["order_number"], unique=False)

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
    with op.batch_alter_table("transmission", schema=None) as batch_op:
        batch_op.create_index("ix_transmission_at", ["at"], unique=False)

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
    with op.batch_alter_table("interchange", schema=None) as batch_op:
        batch_op.create_index("ix_interchange_control_number", ["control_number"], unique=False)
        batch_op.create_index("ix_interchange_transmission_id", ["transmission_id"], unique=False)

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
        sa.ForeignKeyConstraint(["interchange_id"], ["interchange.id"], name=op.f("fk_functional_group_interchange_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_functional_group")),
    )
    with op.batch_alter_table("functional_group", schema=None) as batch_op:
        batch_op.create_index("ix_functional_group_control_number", ["control_number", "code"], unique=False)
        batch_op.create_index("ix_functional_group_interchange_id", ["interchange_id"], unique=False)

    op.create_table(
        "interchange_claim",
        sa.Column("sender", sa.String(length=20), nullable=False),
        sa.Column("receiver", sa.String(length=20), nullable=False),
        sa.Column("control_number", sa.String(length=20), nullable=False),
        sa.Column("window", sa.Date(), nullable=False),
        sa.Column("interchange_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("payload", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["interchange_id"], ["interchange.id"], name=op.f("fk_interchange_claim_interchange_id")),
        sa.PrimaryKeyConstraint("sender", "receiver", "control_number", "window", name=op.f("pk_interchange_claim")),
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
    with op.batch_alter_table("transaction_set", schema=None) as batch_op:
        batch_op.create_index("ix_transaction_set_at", ["at"], unique=False)
        batch_op.create_index("ix_transaction_set_business_number", ["business_number"], unique=False)
        batch_op.create_index("ix_transaction_set_document_id", ["document_id"], unique=False)
        batch_op.create_index("ix_transaction_set_group_id", ["group_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("transaction_set", schema=None) as batch_op:
        batch_op.drop_index("ix_transaction_set_group_id")
        batch_op.drop_index("ix_transaction_set_document_id")
        batch_op.drop_index("ix_transaction_set_business_number")
        batch_op.drop_index("ix_transaction_set_at")

    op.drop_table("transaction_set")
    op.drop_table("interchange_claim")
    with op.batch_alter_table("functional_group", schema=None) as batch_op:
        batch_op.drop_index("ix_functional_group_interchange_id")
        batch_op.drop_index("ix_functional_group_control_number")

    op.drop_table("functional_group")
    with op.batch_alter_table("interchange", schema=None) as batch_op:
        batch_op.drop_index("ix_interchange_transmission_id")
        batch_op.drop_index("ix_interchange_control_number")

    op.drop_table("interchange")
    with op.batch_alter_table("transmission", schema=None) as batch_op:
        batch_op.drop_index("ix_transmission_at")

    op.drop_table("transmission")
    with op.batch_alter_table("receivable", schema=None) as batch_op:
        batch_op.drop_index("ix_receivable_order_number")

    op.drop_table("receivable")
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_index("ix_document_thread_id")
        batch_op.drop_index("ix_document_number")

    op.drop_table("document")
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_index("ix_attempt_flow_id")

    op.drop_table("attempt")
    op.drop_table("schedule")
    with op.batch_alter_table("remittance", schema=None) as batch_op:
        batch_op.drop_index("ix_remittance_trace")

    op.drop_table("remittance")
    op.drop_table("profile_version")
    op.drop_table("payload")
    with op.batch_alter_table("order_thread", schema=None) as batch_op:
        batch_op.drop_index("ix_order_thread_number")

    op.drop_table("order_thread")
    op.drop_table("lane")
    with op.batch_alter_table("flow", schema=None) as batch_op:
        batch_op.drop_index("ix_flow_subject")
        batch_op.drop_index("ix_flow_state")
        batch_op.drop_index("ix_flow_ready", sqlite_where=sa.text("state = 'ready'"), postgresql_where=sa.text("state = 'ready'"))
        batch_op.drop_index("ix_flow_follows")

    op.drop_table("flow")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index("ix_event_subject")
        batch_op.drop_index("ix_event_kind")

    op.drop_table("event")
    op.drop_table("erp_event")
    op.drop_table("engine_run")
    op.drop_table("deposit")
    op.drop_table("control_counter")
    op.drop_table("consultation")
    op.drop_table("business_claim")
