"""transmissions by the beginning of their names; sets with findings in the order of their ids"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_FINDINGS = "ix_transaction_set_findings"
_SOME_FINDING = sa.text("(findings <> '[]' OR partner_findings <> '[]')")


def upgrade() -> None:
    op.create_index("ix_transmission_name", "transmission", ["name"], postgresql_ops={"name": "text_pattern_ops"})
    _list_findings_by("id")


def downgrade() -> None:
    _list_findings_by("at")
    op.drop_index("ix_transmission_name", "transmission")


def _list_findings_by(column: str) -> None:
    op.drop_index(_FINDINGS, "transaction_set")
    op.create_index(_FINDINGS, "transaction_set", [column], sqlite_where=_SOME_FINDING, postgresql_where=_SOME_FINDING)
