"""what was sent in the last so long is found by the index alone, so that a pace is kept from what is on record"""

from alembic import op
from sqlalchemy import text

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_SENT = text("stage = 'send'")


def upgrade() -> None:
    op.create_index("ix_attempt_sent", "attempt", ["began_at"], sqlite_where=_SENT, postgresql_where=_SENT)


def downgrade() -> None:
    op.drop_index("ix_attempt_sent", "attempt")
