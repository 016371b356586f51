"""cross-references of items and locations"""

import sqlalchemy as sa
from alembic import op

from edi_gateway.store.types import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cross_reference",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("partner", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("qualifier", sa.String(length=3), nullable=False),
        sa.Column("ours", sa.String(length=80), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("changed_by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cross_reference")),
        sa.UniqueConstraint(
            "partner",
            "kind",
            "code",
            "qualifier",
            "valid_from",
            name=op.f("uq_cross_reference_partner_kind_code_qualifier_valid_from"),
        ),
    )


def downgrade() -> None:
    op.drop_table("cross_reference")
