"""what is on its way over the wire goes in the order of its numbers, by its transmission, and no more by how urgent it is"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_AT_THE_WIRE = "stage = 'send' AND subject LIKE 'transmission:%' AND state <> 'done'"
_USUAL = 10


def upgrade() -> None:
    _make(sa.BigInteger())
    op.execute(f"UPDATE flow SET priority = CAST(substr(subject, {len('transmission:') + 1}) AS BIGINT) WHERE {_AT_THE_WIRE}")


def downgrade() -> None:
    op.execute(f"UPDATE flow SET priority = {_USUAL} WHERE {_AT_THE_WIRE}")
    _make(sa.Integer())


def _make(type_: sa.types.TypeEngine[int]) -> None:
    if op.get_bind().dialect.name == "postgresql":  # integers of SQLite are as wide as they need to be
        op.alter_column("flow", "priority", type_=type_, existing_nullable=False)
