"""when a circuit last counted a failure, so that those of lanes that tried side by side count as one"""

import sqlalchemy as sa
from alembic import op

from edi_gateway.store.types import Instant

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("breaker", sa.Column("failed_at", Instant))


def downgrade() -> None:
    op.drop_column("breaker", "failed_at")
