"""the further orders of a document that is about several"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "document_thread",
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("thread_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"]),
        sa.ForeignKeyConstraint(["thread_id"], ["order_thread.id"]),
        sa.PrimaryKeyConstraint("document_id", "thread_id"),
    )
    op.create_index("ix_document_thread_thread_id", "document_thread", ["thread_id"])


def downgrade() -> None:
    op.drop_index("ix_document_thread_thread_id", "document_thread")
    op.drop_table("document_thread")
