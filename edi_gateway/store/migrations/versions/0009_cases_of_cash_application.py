"""cases of cash application"""

import sqlalchemy as sa
from alembic import op

from edi_gateway.store.types import Exact, Instant

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cash_case",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("partner", sa.String(length=80), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("trace", sa.String(length=80), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("item", sa.Integer(), nullable=True),
        sa.Column("invoice", sa.String(length=80), server_default="", nullable=False),
        sa.Column("reason", sa.String(length=10), server_default="", nullable=False),
        sa.Column("amount", Exact(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("suggestions", sa.Text(), server_default="[]", nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("because", sa.Text(), server_default="", nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("closed_by", sa.String(length=80), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cash_case")),
        sa.UniqueConstraint("document_id", "place", name=op.f("uq_cash_case_document_id_place")),
    )
    op.create_index("ix_cash_case_state", "cash_case", ["state", "partner"])


def downgrade() -> None:
    op.drop_index("ix_cash_case_state", table_name="cash_case")
    op.drop_table("cash_case")
