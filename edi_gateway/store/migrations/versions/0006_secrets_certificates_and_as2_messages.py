"""secrets, certificates and AS2 messages"""

import sqlalchemy as sa
from alembic import op

from edi_gateway.store.types import Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "certificate",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("owner", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("der", sa.LargeBinary(), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("valid_from", Instant(), nullable=False),
        sa.Column("valid_until", Instant(), nullable=False),
        sa.Column("use_from", Instant(), nullable=False),
        sa.Column("has_key", sa.Boolean(), nullable=False),
        sa.Column("told_days", sa.Integer(), nullable=True),
        sa.Column("retired_at", Instant(), nullable=True),
        sa.Column("added_at", Instant(), nullable=False),
        sa.Column("added_by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("owner", "fingerprint", name=op.f("uq_certificate_owner_fingerprint")),
    )
    op.create_table(
        "secret",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("changed_by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_secret")),
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
        sa.ForeignKeyConstraint(["wire"], ["payload.sha256"], name=op.f("fk_as2_message_wire")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_as2_message")),
        sa.UniqueConstraint(
            "direction", "sender", "receiver", "message_id", name=op.f("uq_as2_message_direction_sender_receiver_message_id")
        ),
    )
    op.create_index("ix_as2_message_name", "as2_message", ["connection", "name"])
    op.create_index("ix_as2_message_receipt_state", "as2_message", ["receipt_state", "due_at"])


def downgrade() -> None:
    op.drop_table("as2_message")
    op.drop_table("secret")
    op.drop_table("certificate")
