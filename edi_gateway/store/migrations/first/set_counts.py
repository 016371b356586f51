"""Sets are counted by the day, partner, direction and code, by the database itself."""

from alembic import op

_WATCHED = ("partner", "direction", "code", "validation", "delivery", "acknowledgment", "at")
_KEY = "day, partner, direction, code"
_WRONG = "({0}validation = 'invalid' OR {0}acknowledgment IN ('rejected', 'partially accepted'))"
_UNFINISHED = "({0}acknowledgment IN ('awaited', 'overdue', 'owed') OR {0}delivery = 'pending')"
_COUNTED = "{0}code NOT IN ('997', '999', 'TA1')"


def make(is_sqlite: bool) -> None:
    if is_sqlite:
        count_on_sqlite()
    else:
        _count_on_postgres()


def _counted(row: str, count: int, is_sqlite: bool) -> str:
    """A set as it counts, once or minus once: its key, and whether it is wrong, or is open."""
    day = f"date({row}at)" if is_sqlite else f"({row}at AT TIME ZONE 'UTC')::date"
    wrong, unfinished = _WRONG.format(row), _UNFINISHED.format(row)
    return (
        f"{day} AS day, coalesce({row}partner, '') AS partner, {row}direction AS direction, {row}code AS code, {count} AS sets, "
        f"CASE WHEN {wrong} THEN {count} ELSE 0 END AS wrong, "
        f"CASE WHEN {unfinished} AND NOT {wrong} THEN {count} ELSE 0 END AS open"
    )


def _summed(into: str, rows: str) -> str:
    """Adds up rows as ``_counted`` makes them, and keeps what is not nothing."""
    nothing = "sum(sets) <> 0 OR sum(wrong) <> 0 OR sum(open) <> 0"
    return (
        f"INSERT INTO {into} ({_KEY}, sets, wrong, open) SELECT {_KEY}, sum(sets), sum(wrong), sum(open) "
        f"FROM ({rows}) AS counted GROUP BY {_KEY} HAVING {nothing}"
    )


def count_on_sqlite() -> None:
    new, old = _row("NEW.", 1, is_sqlite=True), _row("OLD.", -1, is_sqlite=True)
    differs = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in _WATCHED)
    for what, when, rows in (
        ("INSERT", "", new),
        ("DELETE", "", old),
        ("UPDATE", f"WHEN {differs}", f"{old} UNION ALL {new}"),
    ):
        op.execute(
            f"CREATE TRIGGER transaction_set_counts_{what.lower()} AFTER {what} ON transaction_set {when} "
            f"BEGIN {_summed('set_count_change', rows)}; END"
        )


def _count_on_postgres() -> None:
    """A row of changes for each statement and key, however many sets it was about."""
    new, old = _row("", 1, of="come"), _row("", -1, of="gone")
    gone, come = "OLD TABLE AS gone", "NEW TABLE AS come"
    for what, tables, rows in (
        ("insert", come, new),
        ("delete", gone, old),
        ("update", f"{gone} {come}", f"{old} UNION ALL {new}"),
    ):
        name = f"transaction_set_counts_{what}"
        body = f"BEGIN {_summed('set_count_change', rows)}; RETURN NULL; END"
        op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$")
        op.execute(
            f"CREATE TRIGGER {name} AFTER {what.upper()} ON transaction_set REFERENCING {tables} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )


def _row(row: str, count: int, *, of: str = "", is_sqlite: bool = False) -> str:
    source = f" FROM {of}" if of else ""
    return f"SELECT {_counted(row, count, is_sqlite)}{source} WHERE {_COUNTED.format(row)}"
