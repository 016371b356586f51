"""a set is counted anew where it counts otherwise than before, and not whenever anything of it is written"""

from alembic import op

from edi_gateway.store.migrations.first.set_counts import DIFFERS, count_updates_on_sqlite

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_KEY = "OLD.partner IS NOT NEW.partner OR OLD.direction IS NOT NEW.direction OR OLD.code IS NOT NEW.code"
_WRONG = "({0}validation = 'invalid' OR {0}acknowledgment IN ('rejected', 'partially accepted'))"
_UNFINISHED = "({0}acknowledgment IN ('awaited', 'overdue', 'owed') OR {0}delivery = 'pending')"
_COUNTS_OTHERWISE = f"{_KEY} OR date(OLD.at) <> date(NEW.at)" + "".join(
    f" OR {each.format('OLD.')} <> {each.format('NEW.')}" for each in (_WRONG, _UNFINISHED)
)


def upgrade() -> None:
    _count("partner, direction, code, validation, delivery, acknowledgment, at", _COUNTS_OTHERWISE)


def downgrade() -> None:
    _count("", DIFFERS)


def _count(columns: str, when: str) -> None:
    if op.get_bind().dialect.name == "sqlite":  # PostgreSQL counts what a statement changed, all of it at once
        op.execute("DROP TRIGGER transaction_set_counts_update")
        count_updates_on_sqlite(when, of=columns)
