"""each partner has a lane of its own to an ERP connector; what is on its way there changes over"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_OVER = "UPDATE flow SET lane = lane || '/' || partner WHERE lane LIKE 'erp:%' AND partner IS NOT NULL AND state <> 'done'"
_LANES = (
    "INSERT INTO lane (id, dirty) SELECT DISTINCT flow.lane, 1 FROM flow WHERE flow.lane LIKE 'erp:%/%' AND NOT EXISTS "
    "(SELECT 1 FROM lane WHERE lane.id = flow.lane)"
)
_BACK = "UPDATE flow SET lane = 'erp:' || connector WHERE lane LIKE 'erp:%/%' AND connector IS NOT NULL"


def upgrade() -> None:
    _make(sa.String(180))
    op.execute(_OVER)
    op.execute(_LANES)


def downgrade() -> None:
    op.execute(_BACK)
    op.execute("DELETE FROM lane WHERE id LIKE 'erp:%/%'")
    _make(sa.String(120))


def _make(type_: sa.types.TypeEngine[str]) -> None:
    if op.get_bind().dialect.name == "postgresql":  # texts of SQLite are as long as they need to be
        op.alter_column("flow", "lane", type_=type_, existing_nullable=False)
        op.alter_column("lane", "id", type_=type_, existing_nullable=False)
