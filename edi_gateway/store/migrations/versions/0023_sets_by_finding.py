"""sets are listed by the kinds and codes of their findings, by the database itself"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_SOME = "({0}findings <> '[]' OR {0}partner_findings <> '[]')"
_CHANGED = "(OLD.findings <> NEW.findings OR OLD.partner_findings <> NEW.partner_findings)"
_FORGET = "DELETE FROM set_finding WHERE set_id = NEW.id"


def upgrade() -> None:
    id_ = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "set_finding",
        sa.Column("set_id", id_, nullable=False),
        sa.Column("kind", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["set_id"], ["transaction_set.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("set_id", "kind", "code"),
    )
    op.create_index("ix_set_finding_kind", "set_finding", ["kind", "set_id"])
    op.create_index("ix_set_finding_code", "set_finding", ["code", "set_id"])
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _listed(is_sqlite, "one.", "transaction_set AS one, ", _SOME.format("one.")):
        op.execute(statement)
    if is_sqlite:
        _follow_on_sqlite()
    else:
        _follow_on_postgres()


def _listed(is_sqlite: bool, row: str, source: str = "", where: str = "true") -> list[str]:
    """Puts the findings of a row of ``transaction_set``, ours and theirs, into the list: each kind and code once.

    PostgreSQL takes no JSON apart that says NUL, which a value may well hold: it reads U+0001 there, and keeps neither.
    """
    read, each = "json_extract(found.value, '$.{0}')", "json_each({0}) AS found"
    if not is_sqlite:
        read = "found.value ->> '{0}'"
        each = r"json_array_elements(replace({0}, '\u0000', '\u0001')::json) AS found (value)"
    columns = ", ".join(read.format(name) for name in ("kind", "code"))
    return [
        f"INSERT INTO set_finding (set_id, kind, code) SELECT {row}id, {columns} "
        f"FROM {source}{each.format(row + told)} WHERE {where} ON CONFLICT DO NOTHING"
        for told in ("findings", "partner_findings")
    ]


def _follow_on_sqlite() -> None:
    listed = "; ".join(_listed(True, "NEW."))
    for what, when, does in (
        ("INSERT", _SOME.format("NEW."), listed),
        ("UPDATE OF findings, partner_findings", _CHANGED, f"{_FORGET}; {listed}"),
    ):
        name = f"transaction_set_findings_{what.split()[0].lower()}"
        op.execute(f"CREATE TRIGGER {name} AFTER {what} ON transaction_set WHEN {when} BEGIN {does}; END")


def _follow_on_postgres() -> None:
    """For each row, but only for one with findings: of nearly all nothing more is asked than the condition."""
    name, listed = "transaction_set_findings", "; ".join(_listed(False, "NEW."))
    body = f"BEGIN IF TG_OP = 'UPDATE' THEN {_FORGET}; END IF; {listed}; RETURN NULL; END"
    op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$")
    for what, when in (("INSERT", _SOME.format("NEW.")), ("UPDATE OF findings, partner_findings", _CHANGED)):
        op.execute(
            f"CREATE TRIGGER {name}_{what.split()[0].lower()} AFTER {what} ON transaction_set "
            f"FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {name}()"
        )


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for what in ("insert", "update"):
        op.execute(f"DROP TRIGGER transaction_set_findings_{what}" + ("" if is_sqlite else " ON transaction_set"))
    if not is_sqlite:
        op.execute("DROP FUNCTION transaction_set_findings()")
    op.drop_table("set_finding")
