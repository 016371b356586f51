"""Events are chained and only appended: all that may change of one is that its details go, as retention says."""

from alembic import op

_KEPT = ("id", "at", "kind", "partner", "subject", "control_number", "details", "hash")
_SAID = "its details were removed, as retention says"


def make(is_sqlite: bool) -> None:
    op.execute(f"INSERT INTO event_chain (id, events, hash) VALUES (1, 0, '{'0' * 64}')")
    if is_sqlite:
        _refuse_on_sqlite()
    else:
        _refuse_on_postgres()


def _refuse_on_sqlite() -> None:
    refuses = "BEGIN SELECT RAISE(ABORT, 'events are only appended'); END"
    op.execute(f"CREATE TRIGGER event_refuses_update BEFORE UPDATE ON event WHEN {_changes('IS')} {refuses}")
    op.execute(f"CREATE TRIGGER event_refuses_delete BEFORE DELETE ON event {refuses}")


def _refuse_on_postgres() -> None:
    op.execute(
        "CREATE FUNCTION event_is_only_appended() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'events are only appended'; END $$"
    )
    op.execute(
        "CREATE TRIGGER event_refuses_change BEFORE DELETE OR TRUNCATE ON event "
        "FOR EACH STATEMENT EXECUTE FUNCTION event_is_only_appended()"
    )
    op.execute(
        "CREATE TRIGGER event_refuses_update BEFORE UPDATE ON event FOR EACH ROW "
        f"WHEN ({_changes('IS NOT DISTINCT FROM')}) EXECUTE FUNCTION event_is_only_appended()"
    )


def _changes(same_as: str) -> str:
    """An update that does more than take the details away."""
    same = " AND ".join(f"NEW.{name} {same_as} OLD.{name}" for name in _KEPT)
    return f"NOT (OLD.details <> '' AND NEW.actor = '' AND NEW.text = '{_SAID}' AND {same})"
