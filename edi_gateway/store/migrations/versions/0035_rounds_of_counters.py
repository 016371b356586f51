"""how often a counter began again, and behind which number, and beside which other one its last number was taken"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("control_counter", sa.Column("rounds", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("control_counter", sa.Column("began_behind", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("control_counter", sa.Column("beside", sa.String(200), server_default="", nullable=False))
    op.add_column("control_counter", sa.Column("beside_rounds", sa.BigInteger(), server_default="0", nullable=False))


def downgrade() -> None:
    for name in ("beside_rounds", "beside", "began_behind", "rounds"):
        op.drop_column("control_counter", name)
