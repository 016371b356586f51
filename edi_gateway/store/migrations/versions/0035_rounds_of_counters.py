"""how often a counter began again, and beside which other one its last number was taken"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

_NEW = (
    sa.Column("rounds", sa.BigInteger(), server_default="0", nullable=False),
    sa.Column("beside", sa.String(200), server_default="", nullable=False),
    sa.Column("beside_rounds", sa.BigInteger(), server_default="0", nullable=False),
)


def upgrade() -> None:
    for column in _NEW:
        op.add_column("control_counter", column.copy())


def downgrade() -> None:
    for column in _NEW:
        op.drop_column("control_counter", column.name)
