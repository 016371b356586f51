"""sets of a partner, a code, a status or a number are found in the order of their ids, by the index alone"""

from typing import Any

from alembic import op
from sqlalchemy import text

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_USUAL = {
    "validation": "'valid'",
    "delivery": "'sent', 'delivered', 'received'",
    "acknowledgment": "'none', 'not owed', 'accepted'",
}
_NUMBER = {"business_number": "varchar_pattern_ops"}


def upgrade() -> None:
    _replace("code", ["code", "id"])
    _replace("business_number", ["business_number", "id"], postgresql_ops=_NUMBER)
    _replace("partner_business_number", ["partner", "business_number", "id"], postgresql_ops=_NUMBER)
    for status in _USUAL:
        _replace(status, [status, "id"], **_unusual(status))
    op.create_index("ix_transaction_set_partner_id", "transaction_set", ["partner", "id"])


def downgrade() -> None:
    op.drop_index("ix_transaction_set_partner_id", "transaction_set")
    for status in _USUAL:
        _replace(status, [status], **_unusual(status))
    _replace("partner_business_number", ["partner", "business_number"], postgresql_ops=_NUMBER)
    _replace("business_number", ["business_number"], postgresql_ops=_NUMBER)
    _replace("code", ["code", "direction"])


def _replace(name: str, columns: list[str], **given: Any) -> None:
    op.drop_index(f"ix_transaction_set_{name}", "transaction_set")
    op.create_index(f"ix_transaction_set_{name}", "transaction_set", columns, **given)


def _unusual(status: str) -> dict[str, Any]:
    where = text(f"{status} NOT IN ({_USUAL[status]})")
    return {"sqlite_where": where, "postgresql_where": where}
