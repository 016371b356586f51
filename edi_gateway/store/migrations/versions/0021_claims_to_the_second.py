"""an interchange's number is claimed at a moment, not on a day: a window may be shorter than one"""

import sqlalchemy as sa
from alembic import op

from edi_gateway.store.tables.base import Id
from edi_gateway.store.types import Instant

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_KEY = ("sender", "receiver", "control_number")


def upgrade() -> None:
    newer = " AND ".join(f"newer.{name} = held.{name}" for name in _KEY)
    op.execute(
        f"CREATE TABLE interchange_claim_held AS SELECT {', '.join(f'held.{name}' for name in _KEY)}, came.at AS moment, "
        "held.interchange_id, held.payload FROM interchange_claim held JOIN interchange came ON came.id = held.interchange_id "
        f'WHERE NOT EXISTS (SELECT 1 FROM interchange_claim newer WHERE {newer} AND newer."window" > held."window")'
    )
    op.drop_table("interchange_claim")
    _make(sa.Column("claimed_at", Instant, nullable=False))
    columns = ", ".join(_KEY)
    op.execute(
        f"INSERT INTO interchange_claim ({columns}, claimed_at, interchange_id, payload) "
        f"SELECT {columns}, moment, interchange_id, payload FROM interchange_claim_held"
    )
    op.drop_table("interchange_claim_held")


def downgrade() -> None:
    columns = ", ".join(_KEY)
    op.execute(
        f"CREATE TABLE interchange_claim_held AS SELECT {columns}, date(claimed_at) AS day, interchange_id, payload "
        "FROM interchange_claim"
    )
    op.drop_table("interchange_claim")
    _make(sa.Column("window", sa.Date, primary_key=True))
    op.execute(
        f'INSERT INTO interchange_claim ({columns}, "window", interchange_id, payload) '
        f"SELECT {columns}, day, interchange_id, payload FROM interchange_claim_held"
    )
    op.drop_table("interchange_claim_held")


def _make(moment: sa.Column[object]) -> None:
    op.create_table(
        "interchange_claim",
        *(sa.Column(name, sa.String(20), primary_key=True) for name in _KEY),
        moment,
        sa.Column("interchange_id", Id, sa.ForeignKey("interchange.id"), nullable=False),
        sa.Column("payload", sa.String(64), nullable=False),
    )
