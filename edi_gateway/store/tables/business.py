"""What the sets say: documents, the thread of every order, receivables and cash."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from edi_gateway.store.tables.base import Id, id_column, metadata
from edi_gateway.store.types import Exact, Instant

document = Table(
    "document",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("direction", String(3), nullable=False),
    Column("partner", String(80), nullable=False),
    Column("number", String(80), nullable=False),
    Column("body", Text, nullable=False),
    Column("thread_id", Id, ForeignKey("order_thread.id")),
    Column("map", String(120), nullable=False, server_default=""),
    Column("map_version", String(64), nullable=False, server_default=""),
    Column("profile_version", String(64), nullable=False, server_default=""),
    Column("usage", String(1), nullable=False, server_default="P"),
    Column("at", Instant, nullable=False),
    Column("removed_at", Instant),  # when retention took its content away; what it was about stays
    Column("sha256", String(64), nullable=False, server_default=""),  # of the content that was removed
    Index("ix_document_number", "number"),
    Index("ix_document_thread_id", "thread_id"),
)

document_thread = Table(  # the further orders of a document that is about several: a shipment of more than one
    "document_thread",
    metadata,
    Column("document_id", String(32), ForeignKey("document.id"), primary_key=True),
    Column("thread_id", Id, ForeignKey("order_thread.id"), primary_key=True),
    Index("ix_document_thread_thread_id", "thread_id"),
)

business_claim = Table(
    "business_claim",
    metadata,
    Column("partner", String(80), primary_key=True),
    Column("kind", String(40), primary_key=True),
    Column("key", String(200), primary_key=True),  # number | release number | ship-to
    Column("usage", String(1), primary_key=True, server_default="P"),  # a test and production are two worlds (R30)
    Column("document_id", String(32), nullable=False),
    Column("at", Instant, nullable=False),
)

compliance_look = Table(  # each look at a document of ours with the partner's rules; none is overwritten
    "compliance_look",
    metadata,
    id_column(),
    Column("document_id", String(32), nullable=False),
    Column("partner", String(80), nullable=False),
    Column("occasion", String(20), nullable=False),
    Column("follows", Id),  # the look before it
    Column("pack", String(200), nullable=False),
    Column("pack_version", String(64), nullable=False),
    Column("verdicts", Text, nullable=False),
    Column("exposures", Text, nullable=False),
    Column("result", String(10), nullable=False),  # the worst of its verdicts: stopped, warned, kept
    Column("at", Instant, nullable=False),
    Index("ix_compliance_look_document_id", "document_id"),
    Index("ix_compliance_look_follows", "follows"),
    Index("ix_compliance_look_partner", "partner", "result", "id"),
    Index("ix_compliance_look_result", "result", "id"),
)

departure = Table(  # when goods leave, as the ERP said it
    "departure",
    metadata,
    Column("partner", String(80), primary_key=True),
    Column("shipment", String(80), primary_key=True),
    Column("usage", String(1), primary_key=True, server_default="P"),
    Column("at", Instant, nullable=False),
)

order_thread = Table(
    "order_thread",
    metadata,
    id_column(),
    Column("partner", String(80), nullable=False),
    Column("number", String(80), nullable=False),
    Column("document_id", String(32), nullable=False),
    Column("state", String(40), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("usage", String(1), nullable=False),
    Column("ordered", Exact, nullable=False),
    Column("confirmed", Exact, nullable=False),
    Column("shipped", Exact, nullable=False),
    Column("billed", Exact, nullable=False),
    Column("remitted", Exact, nullable=False),
    Column("paid", Exact, nullable=False),
    Column("open", Exact, nullable=False),
    Column("body", Text, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Index("ix_order_thread_number", "number", postgresql_ops={"number": "varchar_pattern_ops"}),
    Index("ix_order_thread_partner", "partner", "state"),
    Index("ix_order_thread_state", "state"),
    UniqueConstraint("document_id"),
)

receivable = Table(
    "receivable",
    metadata,
    Column("partner", String(80), primary_key=True),
    Column("invoice", String(80), primary_key=True),
    Column("usage", String(1), primary_key=True, server_default="P"),
    Column("thread_id", Id, ForeignKey("order_thread.id"), nullable=False),
    Column("order_number", String(80), nullable=False),
    Index("ix_receivable_order_number", "order_number"),
)

remittance = Table(
    "remittance",
    metadata,
    Column("partner", String(80), primary_key=True),
    Column("key", String(200), primary_key=True),  # payer and trace: what makes a remittance one and the same
    Column("usage", String(1), primary_key=True, server_default="P"),
    Column("trace", String(80), nullable=False),
    Column("document_id", String(32), nullable=False),
    Column("amount", Exact, nullable=False),
    Column("body", Text, nullable=False),  # how it was applied
    Column("settled_at", Instant),
    Index("ix_remittance_trace", "trace"),
    Index("ix_remittance_document_id", "document_id"),
)

cash_case = Table(
    "cash_case",
    metadata,
    id_column(),
    Column("partner", String(80), nullable=False),
    Column("document_id", String(32), nullable=False),  # the remittance
    Column("trace", String(80), nullable=False),
    Column("place", Integer, nullable=False),  # which of its questions: a remittance taken up again opens none twice
    Column("kind", String(40), nullable=False),
    Column("item", Integer),
    Column("invoice", String(80), nullable=False, server_default=""),
    Column("reason", String(10), nullable=False, server_default=""),
    Column("amount", Exact, nullable=False),
    Column("message", Text, nullable=False),
    Column("suggestions", Text, nullable=False, server_default="[]"),
    Column("state", String(20), nullable=False),  # open, accepted, disputed, recovered, written off, assigned
    Column("because", Text, nullable=False, server_default=""),
    Column("opened_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("closed_by", String(80), nullable=False, server_default=""),
    UniqueConstraint("document_id", "place"),
    Index("ix_cash_case_state", "state", "partner"),
)

deposit = Table(
    "deposit",
    metadata,
    id_column(),
    Column("trace", String(80), nullable=False),
    Column("amount", Exact, nullable=False),
    Column("on", Date, nullable=False),
    Column("method", String(10), nullable=False),
    Column("matched", String(32)),  # the remittance document
    Column("at", Instant, nullable=False),
    Column("currency", String(3), nullable=False, server_default=""),
    Column("occurrence", Integer, nullable=False, server_default="1"),  # two deposits of one day may be alike
    UniqueConstraint("trace", "amount", "on", "occurrence"),
)

consultation = Table(
    "consultation",
    metadata,
    Column("document_id", String(32), primary_key=True),
    Column("body", Text, nullable=False),
    Column("ruling", Text, nullable=False, server_default=""),  # what our rules made of it
    Column("at", Instant, nullable=False),
)

erp_event = Table(
    "erp_event",
    metadata,
    id_column(),
    Column("connector", String(80), nullable=False),
    Column("event", String(80), nullable=False),
    Column("body", Text, nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("connector", "event"),
)
