"""deposits have a currency, and a bank's file may carry two that are alike"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_ALIKE = ["trace", "amount", "on"]


def upgrade() -> None:
    with op.batch_alter_table("deposit") as deposit:
        deposit.add_column(sa.Column("currency", sa.String(length=3), nullable=False, server_default=""))
        deposit.add_column(sa.Column("occurrence", sa.Integer(), nullable=False, server_default="1"))
        deposit.drop_constraint("uq_deposit_trace_amount_on", type_="unique")
        deposit.create_unique_constraint("uq_deposit_trace_amount_on_occurrence", [*_ALIKE, "occurrence"])


def downgrade() -> None:
    with op.batch_alter_table("deposit") as deposit:
        deposit.drop_constraint("uq_deposit_trace_amount_on_occurrence", type_="unique")
        deposit.drop_column("occurrence")
        deposit.drop_column("currency")
        deposit.create_unique_constraint("uq_deposit_trace_amount_on", _ALIKE)
