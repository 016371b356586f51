"""events are chained and only appended; replays, descent, approvals; payloads that retention removed"""

from datetime import UTC
from hashlib import sha256
from typing import Any

import msgspec
import sqlalchemy as sa
from alembic import op

from edi_gateway.store.types import Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("payload", sa.Column("removed_at", Instant(), nullable=True))
    op.add_column("event", sa.Column("hash", sa.String(length=64), server_default="", nullable=False))
    op.create_table(
        "event_chain",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("events", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_chain")),
    )
    _chain(op.get_bind())
    _refuse_changes(op.get_bind().dialect.name)
    _make_tables()


def _make_tables() -> None:
    id_ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "descent",
        sa.Column("child", sa.String(length=120), nullable=False),
        sa.Column("parent", sa.String(length=120), nullable=False),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("child", "parent", name=op.f("pk_descent")),
    )
    op.create_index("ix_descent_parent", "descent", ["parent"])
    op.create_table(
        "replay",
        sa.Column("id", id_, autoincrement=True, nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("versions", sa.String(length=10), nullable=False),
        sa.Column("numbers", sa.String(length=10), nullable=False),
        sa.Column("sends", sa.Boolean(), nullable=False),
        sa.Column("is_dry", sa.Boolean(), nullable=False),
        sa.Column("selection", sa.Text(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replay")),
    )
    op.create_table(
        "replay_item",
        sa.Column("replay_id", id_, nullable=False),
        sa.Column("transaction_id", id_, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("effect", sa.String(length=20), server_default="", nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("differences", sa.Text(), server_default="[]", nullable=False),
        sa.Column("child", sa.String(length=120), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("replay_id", "transaction_id", name=op.f("pk_replay_item")),
        sa.ForeignKeyConstraint(["replay_id"], ["replay.id"], name=op.f("fk_replay_item_replay_id")),
        sa.ForeignKeyConstraint(["transaction_id"], ["transaction_set.id"], name=op.f("fk_replay_item_transaction_id")),
    )
    op.create_table(
        "approval",
        sa.Column("id", id_, autoincrement=True, nullable=False),
        sa.Column("operation", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("partner", sa.String(length=80), nullable=True),
        sa.Column("arguments", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("answered_by", sa.String(length=80), nullable=True),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
    )
    op.create_index("ix_approval_state", "approval", ["state"])


def _chain(connection: Any) -> None:
    """The events there are, numbered without gaps and chained in their order, as store.chain does it."""
    event = sa.table(
        "event",
        sa.column("id", sa.BigInteger),
        sa.column("at", Instant),
        *(sa.column(name, sa.Text) for name in ("actor", "kind", "partner", "subject", "control_number", "text", "hash")),
    )
    count, last = 0, "0" * 64
    for row in connection.execute(sa.select(event).order_by(event.c.id)).all():
        count += 1
        at = row.at.astimezone(UTC).isoformat()
        content = (count, at, row.actor, row.kind, row.partner, row.subject, row.control_number, row.text)
        last = sha256(last.encode() + msgspec.json.encode(content)).hexdigest()
        connection.execute(event.update().where(event.c.id == row.id).values(id=count, hash=last))
    chain = sa.table("event_chain", sa.column("id"), sa.column("events"), sa.column("hash"))
    connection.execute(chain.insert().values(id=1, events=count, hash=last))


def _refuse_changes(dialect: str) -> None:
    """Triggers that refuse to change or delete an event."""
    if dialect == "sqlite":
        for what in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER event_refuses_{what.lower()} BEFORE {what} ON event "
                "BEGIN SELECT RAISE(ABORT, 'events are only appended'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION event_is_only_appended() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'events are only appended'; END $$"
    )
    op.execute(
        "CREATE TRIGGER event_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE ON event "
        "FOR EACH STATEMENT EXECUTE FUNCTION event_is_only_appended()"
    )


def downgrade() -> None:
    for table in ("approval", "replay_item", "replay", "descent", "event_chain"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER event_refuses_update")
        op.execute("DROP TRIGGER event_refuses_delete")
    else:
        op.execute("DROP TRIGGER event_refuses_change ON event")
        op.execute("DROP FUNCTION event_is_only_appended()")
    op.drop_column("event", "hash")
    op.drop_column("payload", "removed_at")
