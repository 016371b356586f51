"""Sets are listed by the kinds and codes of their findings, by the database itself."""

from alembic import op

_SOME = "({0}findings <> '[]' OR {0}partner_findings <> '[]')"
_CHANGED = "(OLD.findings <> NEW.findings OR OLD.partner_findings <> NEW.partner_findings)"
_FORGET = "DELETE FROM set_finding WHERE set_id = NEW.id"


def make(is_sqlite: bool) -> None:
    if is_sqlite:
        _follow_on_sqlite()
    else:
        _follow_on_postgres()


def _listed(is_sqlite: bool) -> list[str]:
    """Puts the findings of a row of ``transaction_set``, ours and theirs, into the list: each kind and code once.

    PostgreSQL takes no JSON apart that says NUL, which a value may well hold: it reads U+0001 there, and keeps neither.
    """
    read, each = "json_extract(found.value, '$.{0}')", "json_each({0}) AS found"
    if not is_sqlite:
        read = "found.value ->> '{0}'"
        each = r"json_array_elements(replace({0}, '\u0000', '\u0001')::json) AS found (value)"
    columns = ", ".join(read.format(name) for name in ("kind", "code"))
    return [
        f"INSERT INTO set_finding (set_id, kind, code) SELECT NEW.id, {columns} "
        f"FROM {each.format('NEW.' + told)} WHERE true ON CONFLICT DO NOTHING"
        for told in ("findings", "partner_findings")
    ]


def _follow_on_sqlite() -> None:
    listed = "; ".join(_listed(True))
    for what, when, does in (
        ("INSERT", _SOME.format("NEW."), listed),
        ("UPDATE OF findings, partner_findings", _CHANGED, f"{_FORGET}; {listed}"),
    ):
        name = f"transaction_set_findings_{what.split()[0].lower()}"
        op.execute(f"CREATE TRIGGER {name} AFTER {what} ON transaction_set WHEN {when} BEGIN {does}; END")


def _follow_on_postgres() -> None:
    """For each row, but only for one with findings: of nearly all nothing more is asked than the condition."""
    name, listed = "transaction_set_findings", "; ".join(_listed(False))
    body = f"BEGIN IF TG_OP = 'UPDATE' THEN {_FORGET}; END IF; {listed}; RETURN NULL; END"
    op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$")
    for what, when in (("INSERT", _SOME.format("NEW.")), ("UPDATE OF findings, partner_findings", _CHANGED)):
        op.execute(
            f"CREATE TRIGGER {name}_{what.split()[0].lower()} AFTER {what} ON transaction_set "
            f"FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {name}()"
        )
