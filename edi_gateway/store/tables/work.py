"""What is still to be done: flows in their lanes, what is owed and when, and who is working."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint, text

from edi_gateway.store.tables.base import Id, id_column, metadata
from edi_gateway.store.types import Instant

UNDONE = "state <> 'done'"
"""Of flows: nearly all are done, and those that are not are looked for most."""

owed = Table(
    "owed",
    metadata,
    id_column(),
    Column("partner", String(80), nullable=False),
    Column("code", String(10), nullable=False),  # the set we owe: 855, 856, 810
    Column("about", String(160), nullable=False),  # transaction:12, the order's set; document:ab…|SHIP-1, a shipment of an order
    Column("number", String(80), nullable=False),  # as people know it: of the order or the shipment
    Column("since", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("given_at", Instant),  # when it left
    Column("half_told_at", Instant),  # when somebody was told that half the time is over
    Column("told_at", Instant),  # when somebody was told that it is overdue
    Column("waived", Text, nullable=False, server_default=""),  # why it is owed no longer though it never left
    Column("usage", String(1), nullable=False, server_default="P"),
    Column("answers", String(20), nullable=False, server_default="order"),  # what of theirs: order, change; or a shipment
    UniqueConstraint("code", "about"),
    Index(
        "ix_owed_due_at",
        "due_at",
        sqlite_where=text("given_at IS NULL AND waived = ''"),
        postgresql_where=text("given_at IS NULL AND waived = ''"),
    ),
)

lane = Table(
    "lane",
    metadata,
    Column("id", String(180), primary_key=True),
    Column("dirty", Integer, nullable=False),
    Column("holder", Id),  # the run of the engine that does a batch of it; on SQLite there is only one, which need not say so
)

flow = Table(
    "flow",
    metadata,
    id_column(),
    Column("lane", String(180), nullable=False),
    Column("stage", String(20), nullable=False),
    Column("state", String(12), nullable=False),
    Column("priority", Id, nullable=False),  # the smaller goes first; on the wire it is the transmission's id
    Column("due_at", Instant, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("deaths", Integer, nullable=False, server_default="0"),  # times its worker died in it, as far as we can tell
    Column("suspect", Boolean, nullable=False, server_default=text("false")),  # may have killed its worker: it runs alone
    Column("subject", String(120), nullable=False),  # transmission:7, transaction_set:12, document:ab…, erp_event:3
    Column("follows", String(200), nullable=False, server_default=""),  # flows of one order keep their order
    Column("partner", String(80)),
    Column("connection", String(80)),
    Column("connector", String(80)),
    Column("position", Text, nullable=False, server_default=""),  # how far a long stage has come
    Column("because", Text, nullable=False, server_default=""),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Index(
        "ix_flow_ready",
        "lane",
        "priority",
        "id",
        sqlite_where=text("state = 'ready'"),
        postgresql_where=text("state = 'ready'"),
    ),
    Index("ix_flow_state", "state", "due_at"),
    Index("ix_flow_undone", "state", "stage", sqlite_where=text(UNDONE), postgresql_where=text(UNDONE)),
    Index("ix_flow_subject", "subject"),
    Index("ix_flow_follows", "follows"),
)

attempt = Table(
    "attempt",
    metadata,
    Column("key", String(80), primary_key=True),  # the stable id the other side sees: file name, Message-ID, document id
    Column("number", Integer, primary_key=True),
    Column("flow_id", Id, ForeignKey("flow.id"), nullable=False),
    Column("stage", String(20), nullable=False),
    Column("outcome", String(20), nullable=False),  # begun, done, failed, not found, unknown
    Column("detail", Text, nullable=False, server_default=""),
    Column("began_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Index("ix_attempt_flow_id", "flow_id"),
    Index("ix_attempt_sent", "began_at", sqlite_where=text("stage = 'send'"), postgresql_where=text("stage = 'send'")),
)

schedule = Table(
    "schedule",
    metadata,
    Column("name", String(120), primary_key=True),
    Column("trigger", String(200), nullable=False),
    Column("next_run", Instant, nullable=False),
    Column("last_run", Instant),
    Column("paused", Boolean, nullable=False, server_default=text("false")),
    Column("holder", Id),  # the run of the engine that does it now
    Column("last_ended", Instant),
    Column("last_error", Text, nullable=False, server_default=""),
)

engine_run = Table(
    "engine_run",
    metadata,
    id_column(),
    Column("name", String(120), nullable=False, server_default=""),  # machine and process
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("ended_how", String(10), nullable=False, server_default=""),  # stopped, died, copied (it ran where this is a copy of)
)

breaker = Table(
    "breaker",
    metadata,
    Column("lane", String(120), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("since", Instant, nullable=False),
    Column("open_until", Instant),  # none: it failed, and is not open yet
    Column("because", Text, nullable=False),
    Column("failed_at", Instant),  # the last failure that counted
)

control_counter = Table(
    "control_counter",
    metadata,
    Column("scope", String(200), primary_key=True),
    Column("n", BigInteger, nullable=False),
    Column("rounds", BigInteger, nullable=False, server_default="0"),  # how often it began again
    Column("began_behind", BigInteger, nullable=False, server_default="0"),  # the most it went to when it last did
    Column("beside", String(200), nullable=False, server_default=""),  # where its last number was taken from, too
    Column("beside_rounds", BigInteger, nullable=False, server_default="0"),  # and how often that one had begun again by then
)
