"""what came of the compliance rules each document was held against"""

import sqlalchemy as sa
from alembic import op

from edi_gateway.store.types import Instant

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "compliance_check",
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("pack", sa.String(length=200), nullable=False),
        sa.Column("pack_version", sa.String(length=64), nullable=False),
        sa.Column("verdicts", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_compliance_check")),
    )


def downgrade() -> None:
    op.drop_table("compliance_check")
