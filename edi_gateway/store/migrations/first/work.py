"""The tables of flows, lanes and what engines keep of each other."""

import sqlalchemy as sa
from alembic import op

from edi_gateway.store.types import Instant


def make() -> None:
    op.create_table(
        "breaker",
        sa.Column("lane", sa.String(length=120), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("open_until", Instant(), nullable=True),
        sa.Column("because", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("lane", name=op.f("pk_breaker")),
    )
    op.create_table(
        "control_counter",
        sa.Column("scope", sa.String(length=200), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("scope", name=op.f("pk_control_counter")),
    )
    op.create_table(
        "engine_run",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("name", sa.String(length=120), server_default="", nullable=False),
        sa.Column("ended_how", sa.String(length=10), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engine_run")),
    )
    op.create_table(
        "flow",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("lane", sa.String(length=120), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("priority", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
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
        sa.Column("suspect", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flow")),
    )
    op.create_index("ix_flow_follows", "flow", ["follows"])
    op.create_index(
        "ix_flow_ready",
        "flow",
        ["lane", "priority", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'ready'"),
        postgresql_where=sa.text("state = 'ready'"),
    )
    op.create_index("ix_flow_state", "flow", ["state", "due_at"])
    op.create_index("ix_flow_subject", "flow", ["subject"])
    op.create_index(
        "ix_flow_undone",
        "flow",
        ["state"],
        unique=False,
        sqlite_where=sa.text("state <> 'done'"),
        postgresql_where=sa.text("state <> 'done'"),
    )
    op.create_table(
        "lane",
        sa.Column("id", sa.String(length=120), nullable=False),
        sa.Column("dirty", sa.Integer(), nullable=False),
        sa.Column("holder", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lane")),
    )
    op.create_table(
        "owed",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("partner", sa.String(length=80), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("about", sa.String(length=160), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("given_at", Instant(), nullable=True),
        sa.Column("told_at", Instant(), nullable=True),
        sa.Column("waived", sa.Text(), server_default="", nullable=False),
        sa.Column("half_told_at", Instant(), nullable=True),
        sa.Column("usage", sa.String(length=1), server_default="P", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owed")),
        sa.UniqueConstraint("code", "about", name=op.f("uq_owed_code_about")),
    )
    op.create_index(
        "ix_owed_due_at",
        "owed",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("given_at IS NULL AND waived = ''"),
        postgresql_where=sa.text("given_at IS NULL AND waived = ''"),
    )
    op.create_table(
        "schedule",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("trigger", sa.String(length=200), nullable=False),
        sa.Column("next_run", Instant(), nullable=False),
        sa.Column("last_run", Instant(), nullable=True),
        sa.Column("paused", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("holder", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("last_ended", Instant(), nullable=True),
        sa.Column("last_error", sa.Text(), server_default="", nullable=False),
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
    op.create_index("ix_attempt_flow_id", "attempt", ["flow_id"])
