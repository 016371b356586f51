"""The tables of orders, invoices, remittances and money."""

import sqlalchemy as sa
from alembic import op

from edi_gateway.store.types import Exact, Instant


def make() -> None:
    op.create_table(
        "business_claim",
        sa.Column("partner", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("usage", sa.String(length=1), server_default="P", nullable=False),
        sa.PrimaryKeyConstraint("partner", "kind", "key", "usage", name=op.f("pk_business_claim")),
    )
    op.create_table(
        "cash_case",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("partner", sa.String(length=80), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("trace", sa.String(length=80), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("item", sa.Integer(), nullable=True),
        sa.Column("invoice", sa.String(length=80), server_default="", nullable=False),
        sa.Column("reason", sa.String(length=10), server_default="", nullable=False),
        sa.Column("amount", Exact(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("suggestions", sa.Text(), server_default="[]", nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("because", sa.Text(), server_default="", nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("closed_by", sa.String(length=80), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cash_case")),
        sa.UniqueConstraint("document_id", "place", name=op.f("uq_cash_case_document_id_place")),
    )
    op.create_index("ix_cash_case_state", "cash_case", ["state", "partner"])
    op.create_table(
        "compliance_look",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("partner", sa.String(length=80), nullable=False),
        sa.Column("occasion", sa.String(length=20), nullable=False),
        sa.Column("follows", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
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
    op.create_table(
        "consultation",
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("ruling", sa.Text(), server_default="", nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_consultation")),
    )
    op.create_table(
        "departure",
        sa.Column("partner", sa.String(length=80), nullable=False),
        sa.Column("shipment", sa.String(length=80), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("usage", sa.String(length=1), server_default="P", nullable=False),
        sa.PrimaryKeyConstraint("partner", "shipment", "usage", name=op.f("pk_departure")),
    )
    op.create_table(
        "deposit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("trace", sa.String(length=80), nullable=False),
        sa.Column("amount", Exact(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.Column("matched", sa.String(length=32), nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("currency", sa.String(length=3), server_default="", nullable=False),
        sa.Column("occurrence", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposit")),
        sa.UniqueConstraint("trace", "amount", "on", "occurrence", name=op.f("uq_deposit_trace_amount_on_occurrence")),
    )
    op.create_table(
        "erp_event",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("connector", sa.String(length=80), nullable=False),
        sa.Column("event", sa.String(length=80), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erp_event")),
        sa.UniqueConstraint("connector", "event", name=op.f("uq_erp_event_connector_event")),
    )
    op.create_table(
        "order_thread",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("partner", sa.String(length=80), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("usage", sa.String(length=1), nullable=False),
        sa.Column("ordered", Exact(), nullable=False),
        sa.Column("confirmed", Exact(), nullable=False),
        sa.Column("shipped", Exact(), nullable=False),
        sa.Column("billed", Exact(), nullable=False),
        sa.Column("remitted", Exact(), nullable=False),
        sa.Column("paid", Exact(), nullable=False),
        sa.Column("open", Exact(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_thread")),
        sa.UniqueConstraint("document_id", name=op.f("uq_order_thread_document_id")),
    )
    op.create_index("ix_order_thread_number", "order_thread", ["number"], postgresql_ops={"number": "varchar_pattern_ops"})
    op.create_index("ix_order_thread_partner", "order_thread", ["partner", "state"])
    op.create_index("ix_order_thread_state", "order_thread", ["state"])
    op.create_table(
        "remittance",
        sa.Column("partner", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("trace", sa.String(length=80), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("amount", Exact(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("settled_at", Instant(), nullable=True),
        sa.Column("usage", sa.String(length=1), server_default="P", nullable=False),
        sa.PrimaryKeyConstraint("partner", "key", "usage", name=op.f("pk_remittance")),
    )
    op.create_index("ix_remittance_document_id", "remittance", ["document_id"])
    op.create_index("ix_remittance_trace", "remittance", ["trace"])
    op.create_table(
        "document",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("direction", sa.String(length=3), nullable=False),
        sa.Column("partner", sa.String(length=80), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("thread_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("map", sa.String(length=120), server_default="", nullable=False),
        sa.Column("map_version", sa.String(length=64), server_default="", nullable=False),
        sa.Column("profile_version", sa.String(length=64), server_default="", nullable=False),
        sa.Column("usage", sa.String(length=1), server_default="P", nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("removed_at", Instant(), nullable=True),
        sa.Column("sha256", sa.String(length=64), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["thread_id"], ["order_thread.id"], name=op.f("fk_document_thread_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    op.create_index("ix_document_number", "document", ["number"])
    op.create_index("ix_document_thread_id", "document", ["thread_id"])
    op.create_table(
        "receivable",
        sa.Column("partner", sa.String(length=80), nullable=False),
        sa.Column("invoice", sa.String(length=80), nullable=False),
        sa.Column("thread_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_number", sa.String(length=80), nullable=False),
        sa.Column("usage", sa.String(length=1), server_default="P", nullable=False),
        sa.ForeignKeyConstraint(["thread_id"], ["order_thread.id"], name=op.f("fk_receivable_thread_id")),
        sa.PrimaryKeyConstraint("partner", "invoice", "usage", name=op.f("pk_receivable")),
    )
    op.create_index("ix_receivable_order_number", "receivable", ["order_number"])
    op.create_table(
        "document_thread",
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("thread_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_document_thread_document_id")),
        sa.ForeignKeyConstraint(["thread_id"], ["order_thread.id"], name=op.f("fk_document_thread_thread_id")),
        sa.PrimaryKeyConstraint("document_id", "thread_id", name=op.f("pk_document_thread")),
    )
    op.create_index("ix_document_thread_thread_id", "document_thread", ["thread_id"])
