"""indexes for what people look for, so that every list answers at once among millions of documents"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_UNUSUAL = {
    "validation": "validation NOT IN ('valid')",
    "delivery": "delivery NOT IN ('sent', 'delivered', 'received')",
    "acknowledgment": "acknowledgment NOT IN ('none', 'not owed', 'accepted')",
}
_SOME_FINDING = "(findings <> '[]' OR partner_findings <> '[]')"
_BY_BYTES = "varchar_pattern_ops"

NEW: tuple[tuple[str, str, tuple[str, ...], str], ...] = (
    ("ix_transmission_partner", "transmission", ("partner", "direction", "at"), ""),
    ("ix_interchange_partner", "interchange", ("partner", "direction"), ""),
    ("ix_interchange_answered_by", "interchange", ("answered_by",), "answered_by IS NOT NULL"),
    ("ix_functional_group_answered_by", "functional_group", ("answered_by",), "answered_by IS NOT NULL"),
    ("ix_functional_group_owed", "functional_group", ("due_at",), "acknowledgment IN ('owed', 'overdue')"),
    ("ix_transaction_set_interchange_id", "transaction_set", ("interchange_id",), ""),
    ("ix_transaction_set_partner", "transaction_set", ("partner", "code"), ""),
    ("ix_transaction_set_code", "transaction_set", ("code", "direction"), ""),
    ("ix_transaction_set_awaited", "transaction_set", ("acknowledgment_due_at",), "acknowledgment IN ('awaited', 'overdue')"),
    ("ix_transaction_set_findings", "transaction_set", ("at",), _SOME_FINDING),
    *((f"ix_transaction_set_{status}", "transaction_set", (status,), where) for status, where in _UNUSUAL.items()),
    ("ix_flow_undone", "flow", ("state",), "state <> 'done'"),
    ("ix_order_thread_partner", "order_thread", ("partner", "state"), ""),
    ("ix_order_thread_state", "order_thread", ("state",), ""),
    ("ix_remittance_document_id", "remittance", ("document_id",), ""),
    ("ix_event_partner", "event", ("partner",), ""),
    ("ix_event_actor", "event", ("actor",), "actor <> 'gateway'"),
)
CHANGED: tuple[tuple[str, str, tuple[str, ...], dict[str, Any], tuple[str, ...]], ...] = (  # …, as it is now, its columns before
    ("ix_transaction_set_at", "transaction_set", ("at", "direction"), {}, ("at",)),
    (
        "ix_transaction_set_business_number",
        "transaction_set",
        ("business_number",),
        {"postgresql_ops": {"business_number": _BY_BYTES}},
        ("business_number",),
    ),
    ("ix_order_thread_number", "order_thread", ("number",), {"postgresql_ops": {"number": _BY_BYTES}}, ("number",)),
    ("ix_event_kind", "event", ("kind",), {"postgresql_ops": {"kind": _BY_BYTES}}, ("kind",)),
    (
        "ix_owed_due_at",
        "owed",
        ("due_at",),
        {
            "sqlite_where": sa.text("given_at IS NULL AND waived = ''"),
            "postgresql_where": sa.text("given_at IS NULL AND waived = ''"),
        },
        ("due_at",),
    ),
)


def upgrade() -> None:
    for name, table, columns, where in NEW:
        part: dict[str, Any] = {"sqlite_where": sa.text(where), "postgresql_where": sa.text(where)} if where else {}
        op.create_index(name, table, list(columns), **part)
    for name, table, columns, how, _ in CHANGED:
        op.drop_index(name, table)
        op.create_index(name, table, list(columns), **how)


def downgrade() -> None:
    for name, table, _, _, before in CHANGED:
        op.drop_index(name, table)
        op.create_index(name, table, list(before))
    for name, table, _, _ in reversed(NEW):
        op.drop_index(name, table)
