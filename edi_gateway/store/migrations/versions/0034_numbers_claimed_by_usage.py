"""an interchange's number is claimed for tests and production apart, by whatever came under it in each"""

import sqlalchemy as sa
from alembic import op

from edi_gateway.store.types import Instant

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KEPT = "claim.sender, claim.receiver, claim.control_number, claim.claimed_at, claim.interchange_id"
_BARE = "coalesce(nullif(ltrim(control_number, '0'), ''), '0')"
_TAKEN = "direction = 'in' AND state IN ('reading', 'read', 'read in part')"
_FROM = "FROM claim_before AS claim JOIN interchange ON interchange.id = claim.interchange_id"


def upgrade() -> None:
    _set_aside()
    _create(("sender", 20), ("receiver", 20), ("usage", 1), ("control_number", 20))
    into = "INSERT INTO interchange_claim (sender, receiver, control_number, claimed_at, interchange_id, usage)"
    op.execute(f"{into} SELECT {_KEPT}, interchange.usage {_FROM}")
    others = f"SELECT sender, receiver, {_BARE}, max(at), max(id), usage FROM interchange WHERE {_TAKEN}"
    op.execute(f"{into} {others} GROUP BY sender, receiver, usage, {_BARE} ON CONFLICT DO NOTHING")
    op.drop_table("claim_before")


def downgrade() -> None:
    """Where both were claimed, it goes back to production's."""
    _set_aside()
    _create(("sender", 20), ("receiver", 20), ("control_number", 20), more=[sa.Column("payload", sa.String(64), nullable=False)])
    into = "INSERT INTO interchange_claim (sender, receiver, control_number, claimed_at, interchange_id, payload)"
    came_in = f"{_FROM} LEFT JOIN transmission ON transmission.id = interchange.transmission_id"
    payload = "coalesce(transmission.payload, '')"
    op.execute(f"{into} SELECT {_KEPT}, {payload} {came_in} ORDER BY claim.usage ON CONFLICT DO NOTHING")
    op.drop_table("claim_before")


def _set_aside() -> None:
    op.rename_table("interchange_claim", "claim_before")
    if op.get_bind().dialect.name != "sqlite":  # elsewhere a constraint's name is its own beyond its table
        op.drop_constraint("fk_interchange_claim_interchange_id", "claim_before")
        op.drop_constraint("pk_interchange_claim", "claim_before")


def _create(*key: tuple[str, int], more: list[sa.Column[str]] | None = None) -> None:
    op.create_table(
        "interchange_claim",
        *(sa.Column(name, sa.String(length=length), nullable=False) for name, length in key),
        sa.Column("claimed_at", Instant(), nullable=False),
        sa.Column("interchange_id", _ID, nullable=False),
        *(more or ()),
        sa.ForeignKeyConstraint(["interchange_id"], ["interchange.id"], name=op.f("fk_interchange_claim_interchange_id")),
        sa.PrimaryKeyConstraint(*(name for name, _ in key), name=op.f("pk_interchange_claim")),
    )
