"""arrivals: the order in which senders' interchange numbers came, and what is missing"""

import sqlalchemy as sa
from alembic import op

from edi_gateway.store.types import Instant

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
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


def downgrade() -> None:
    op.drop_table("missing_arrival")
    op.drop_table("arrival")
