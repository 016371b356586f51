"""retention by class: documents and the details of events can be removed; payloads are found by what moved them"""

import sqlalchemy as sa
from alembic import op

from edi_gateway.store.types import Instant

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_KEPT = ("id", "at", "kind", "partner", "subject", "control_number", "details", "hash")
_SAID = "its details were removed, as retention says"


def upgrade() -> None:
    op.add_column("document", sa.Column("removed_at", Instant(), nullable=True))
    op.add_column("document", sa.Column("sha256", sa.String(length=64), server_default="", nullable=False))
    op.add_column("event", sa.Column("details", sa.String(length=64), server_default="", nullable=False))
    op.create_index("ix_transmission_payload", "transmission", ["payload"])
    op.create_index("ix_as2_message_wire", "as2_message", ["wire"])
    if op.get_bind().dialect.name == "sqlite":
        _let_details_go_on_sqlite()
    else:
        _let_details_go_on_postgresql()


def _let_details_go_on_sqlite() -> None:
    same = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in _KEPT)
    op.execute("DROP TRIGGER event_refuses_update")
    op.execute(
        "CREATE TRIGGER event_refuses_update BEFORE UPDATE ON event "
        f"WHEN NOT (OLD.details <> '' AND NEW.actor = '' AND NEW.text = '{_SAID}' AND {same}) "
        "BEGIN SELECT RAISE(ABORT, 'events are only appended'); END"
    )


def _let_details_go_on_postgresql() -> None:
    same = " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in _KEPT)
    op.execute("DROP TRIGGER event_refuses_change ON event")
    op.execute(
        "CREATE TRIGGER event_refuses_change BEFORE DELETE OR TRUNCATE ON event "
        "FOR EACH STATEMENT EXECUTE FUNCTION event_is_only_appended()"
    )
    op.execute(
        "CREATE TRIGGER event_refuses_update BEFORE UPDATE ON event FOR EACH ROW "
        f"WHEN (NOT (OLD.details <> '' AND NEW.actor = '' AND NEW.text = '{_SAID}' AND {same})) "
        "EXECUTE FUNCTION event_is_only_appended()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER event_refuses_update")
    else:
        op.execute("DROP TRIGGER event_refuses_update ON event")
        op.execute("DROP TRIGGER event_refuses_change ON event")
    op.drop_index("ix_as2_message_wire", "as2_message")
    op.drop_index("ix_transmission_payload", "transmission")
    op.drop_column("event", "details")
    op.drop_column("document", "sha256")
    op.drop_column("document", "removed_at")
    _refuse_all_changes()


def _refuse_all_changes() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER event_refuses_update BEFORE UPDATE ON event "
            "BEGIN SELECT RAISE(ABORT, 'events are only appended'); END"
        )
    else:
        op.execute(
            "CREATE TRIGGER event_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE ON event "
            "FOR EACH STATEMENT EXECUTE FUNCTION event_is_only_appended()"
        )
