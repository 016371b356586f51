"""a set is counted anew where it counts otherwise than before, and not whenever anything of it is written"""

from alembic import op

from edi_gateway.store.migrations.first.set_counts import count_on_sqlite

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_KEY = "date({0}at), coalesce({0}partner, ''), {0}direction, {0}code"
_IS_WRONG = "({0}validation = 'invalid' OR {0}acknowledgment IN ('rejected', 'partially accepted'))"
_IS_UNFINISHED = "({0}acknowledgment IN ('awaited', 'overdue', 'owed') OR {0}delivery = 'pending')"
_WRONG, _OPEN = _IS_WRONG, f"({_IS_UNFINISHED} AND NOT {_IS_WRONG})"  # 0 or 1
_WATCHED = "partner, direction, code, validation, delivery, acknowledgment, at"
_INTO = "INSERT INTO set_count_change (day, partner, direction, code, sets, wrong, open)"


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":  # PostgreSQL counts what a statement changed, all of it at once
        return
    _drop("insert", "delete", "update")
    _count("insert", "INSERT", "", _one("NEW.", 1))
    _count("delete", "DELETE", "", _one("OLD.", -1))
    same = f"({_KEY.format('OLD.')}) = ({_KEY.format('NEW.')})"
    differs = " OR ".join(f"{each.format('OLD.')} <> {each.format('NEW.')}" for each in (_WRONG, _OPEN))
    _count("update", f"UPDATE OF {_WATCHED}", f"WHEN {same} AND ({differs})", _difference())
    _count("move", f"UPDATE OF {_WATCHED}", f"WHEN NOT {same}", f"{_one('OLD.', -1)}; {_one('NEW.', 1)}")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _drop("insert", "delete", "update", "move")
        count_on_sqlite()


def _drop(*names: str) -> None:
    for name in names:
        op.execute(f"DROP TRIGGER transaction_set_counts_{name}")


def _count(name: str, what: str, when: str, does: str) -> None:
    op.execute(f"CREATE TRIGGER transaction_set_counts_{name} AFTER {what} ON transaction_set {when} BEGIN {does}; END")


def _one(row: str, count: int) -> str:
    """A set as it counts, once or minus once."""
    figures = f"{count}, {count} * {_WRONG.format(row)}, {count} * {_OPEN.format(row)}"
    return f"{_INTO} SELECT {_KEY.format(row)}, {figures} WHERE {_counts(row)}"


def _difference() -> str:
    """What became of a set that is counted where it was."""
    figures = ", ".join(f"{each.format('NEW.')} - {each.format('OLD.')}" for each in (_WRONG, _OPEN))
    return f"{_INTO} SELECT {_KEY.format('NEW.')}, 0, {figures} WHERE {_counts('NEW.')}"


def _counts(row: str) -> str:
    return f"{row}code NOT IN ('997', '999', 'TA1')"
