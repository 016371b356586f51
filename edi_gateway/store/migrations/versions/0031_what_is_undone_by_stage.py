"""what waits at a stage is found by that, and not among all that waits for an answer"""

from alembic import op
from sqlalchemy import text

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_UNDONE = text("state <> 'done'")


def upgrade() -> None:
    _index("state", "stage")


def downgrade() -> None:
    _index("state")


def _index(*columns: str) -> None:
    op.drop_index("ix_flow_undone", "flow")
    op.create_index("ix_flow_undone", "flow", [*columns], sqlite_where=_UNDONE, postgresql_where=_UNDONE)
