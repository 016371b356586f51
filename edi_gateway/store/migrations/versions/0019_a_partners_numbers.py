"""indexes for a partner's numbers, and for when a partner's set was there last"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_PARTNER, _NUMBER = "ix_transaction_set_partner", "ix_transaction_set_partner_business_number"


def upgrade() -> None:
    op.drop_index(_PARTNER, "transaction_set")
    op.create_index(_PARTNER, "transaction_set", ["partner", "code", "direction", "at"])
    by_bytes = {"business_number": "varchar_pattern_ops"}
    op.create_index(_NUMBER, "transaction_set", ["partner", "business_number"], postgresql_ops=by_bytes)


def downgrade() -> None:
    op.drop_index(_NUMBER, "transaction_set")
    op.drop_index(_PARTNER, "transaction_set")
    op.create_index(_PARTNER, "transaction_set", ["partner", "code"])
