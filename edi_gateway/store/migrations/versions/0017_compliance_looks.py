"""every look at a document with the compliance rules, each beside the one before it; and when goods leave"""

import sqlalchemy as sa
from alembic import op

from edi_gateway.store.types import Instant

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KEPT = """
INSERT INTO compliance_look (document_id, partner, occasion, pack, pack_version, verdicts, exposures, result, at)
SELECT c.document_id, d.partner, 'draft', c.pack, c.pack_version, c.verdicts, '[]',
       CASE WHEN c.verdicts LIKE '%"result":"stopped"%' THEN 'stopped'
            WHEN c.verdicts LIKE '%"result":"warned"%' THEN 'warned' ELSE 'kept' END, c.at
FROM compliance_check c JOIN document d ON d.id = c.document_id ORDER BY c.at, c.document_id
"""
_LAST = """
INSERT INTO compliance_check (document_id, pack, pack_version, verdicts, at)
SELECT document_id, pack, pack_version, verdicts, at FROM compliance_look
WHERE id IN (SELECT MAX(id) FROM compliance_look GROUP BY document_id)
"""


def upgrade() -> None:
    op.create_table(
        "compliance_look",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("partner", sa.String(length=80), nullable=False),
        sa.Column("occasion", sa.String(length=20), nullable=False),
        sa.Column("follows", _ID, nullable=True),
        sa.Column("pack", sa.String(length=200), nullable=False),
        sa.Column("pack_version", sa.String(length=64), nullable=False),
        sa.Column("verdicts", sa.Text(), nullable=False),
        sa.Column("exposures", sa.Text(), nullable=False),
        sa.Column("result", sa.String(length=10), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compliance_look")),
    )
    op.create_index("ix_compliance_look_document_id", "compliance_look", ["document_id"])
    op.create_index("ix_compliance_look_follows", "compliance_look", ["follows"])
    op.create_index("ix_compliance_look_partner", "compliance_look", ["partner", "result", "id"])
    op.create_index("ix_compliance_look_result", "compliance_look", ["result", "id"])
    op.execute(_KEPT)
    op.drop_table("compliance_check")
    op.create_table(
        "departure",
        sa.Column("partner", sa.String(length=80), nullable=False),
        sa.Column("shipment", sa.String(length=80), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("partner", "shipment", name=op.f("pk_departure")),
    )


def downgrade() -> None:
    op.drop_table("departure")
    op.create_table(
        "compliance_check",
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("pack", sa.String(length=200), nullable=False),
        sa.Column("pack_version", sa.String(length=64), nullable=False),
        sa.Column("verdicts", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_compliance_check")),
    )
    op.execute(_LAST)
    op.drop_table("compliance_look")
