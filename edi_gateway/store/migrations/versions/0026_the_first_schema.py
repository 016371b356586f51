"""the first schema, by subject

It has the number of the last of the steps that led to it before any release: a database they made is as this makes one.
"""

from alembic import op

from edi_gateway.errors import WrongInput
from edi_gateway.store.migrations.first import (
    access,
    business,
    event_chain,
    partners,
    record,
    set_counts,
    set_findings,
    traffic,
    work,
)

revision = "0026"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    for tables in (access, business, partners, traffic, record, work):
        tables.make()
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for triggers in (event_chain, set_counts, set_findings):
        triggers.make(is_sqlite)


def downgrade() -> None:
    raise WrongInput("there is no schema before the first", do="begin with a new database")
