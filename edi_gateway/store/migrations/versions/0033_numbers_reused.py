"""how many interchanges of a sender came under a number that another one had; until now they were counted as come again"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("arrival", sa.Column("reused", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("arrival", "reused")
