"""keys that open one mailbox over the API; which payload an AS2 message of ours holds"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("api_key", sa.Column("connection", sa.String(length=80), nullable=True))
    op.add_column("as2_message", sa.Column("content", sa.String(length=64), server_default="", nullable=False))
    op.add_column("as2_message", sa.Column("content_size", sa.BigInteger(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("as2_message", "content_size")
    op.drop_column("as2_message", "content")
    op.drop_column("api_key", "connection")
