"""engines in several processes: who drains a lane, circuit breakers, who runs a job"""

import sqlalchemy as sa
from alembic import op

from edi_gateway.store.types import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("lane", sa.Column("holder", Id, nullable=True))
    op.add_column("flow", sa.Column("suspect", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("schedule", sa.Column("holder", Id, nullable=True))
    op.add_column("schedule", sa.Column("last_ended", Instant(), nullable=True))
    op.add_column("schedule", sa.Column("last_error", sa.Text(), server_default="", nullable=False))
    op.add_column("engine_run", sa.Column("name", sa.String(length=120), server_default="", nullable=False))
    op.add_column("engine_run", sa.Column("ended_how", sa.String(length=10), server_default="", nullable=False))
    op.create_table(
        "breaker",
        sa.Column("lane", sa.String(length=120), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("open_until", Instant(), nullable=True),
        sa.Column("because", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("lane", name=op.f("pk_breaker")),
    )


def downgrade() -> None:
    op.drop_table("breaker")
    for table, column in (
        ("engine_run", "ended_how"),
        ("engine_run", "name"),
        ("schedule", "last_error"),
        ("schedule", "last_ended"),
        ("schedule", "holder"),
        ("flow", "suspect"),
        ("lane", "holder"),
    ):
        op.drop_column(table, column)
