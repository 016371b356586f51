"""what is owed says what it answers: an 855 may answer an order, or a change of one"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_CHANGES = "SELECT 'transaction:' || id FROM transaction_set WHERE direction = 'in' AND code = '860'"


def upgrade() -> None:
    op.add_column("owed", sa.Column("answers", sa.String(20), server_default="order", nullable=False))
    op.execute("UPDATE owed SET answers = 'shipment' WHERE code IN ('856', '810')")
    op.execute(f"UPDATE owed SET answers = 'change' WHERE code IN ('855', '865') AND about IN ({_CHANGES})")


def downgrade() -> None:
    op.drop_column("owed", "answers")
