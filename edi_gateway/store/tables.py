"""The tables. One schema for SQLite and PostgreSQL; ``migrations/`` makes it and a test holds the two equal.

Words are the glossary's: a *transaction* row is one set as X12 sees it and carries the three statuses; a *flow* row is its
way through our stages; a *document* is the business content.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from edi_gateway.store.types import Exact, Instant

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Id = BigInteger().with_variant(Integer(), "sqlite")  # SQLite numbers rows by itself only in an INTEGER key


def _id() -> Column[int]:
    return Column("id", Id, primary_key=True, autoincrement=True)


payload = Table(
    "payload",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("body", LargeBinary),  # up to 256 KB here, larger ones in a file of that name
    Column("recorded_at", Instant, nullable=False),
    Column("removed_at", Instant),  # when retention took its bytes away; hash and size stay
)

transmission = Table(
    "transmission",
    metadata,
    _id(),
    Column("direction", String(3), nullable=False),
    Column("connection", String(80), nullable=False),
    Column("partner", String(80)),
    Column("payload", String(64), ForeignKey("payload.sha256"), nullable=False),
    Column("name", Text, nullable=False),  # the file's name there, or the Message-ID: the same at every retry
    Column("identity", Text, nullable=False),  # what tells it from another of that name: path, size, time
    Column("state", String(20), nullable=False),
    Column("detail", Text, nullable=False, server_default=""),
    Column("at", Instant, nullable=False),
    Column("told_at", Instant),  # when the other side confirmed it has the bytes, or fetched them
    UniqueConstraint("direction", "connection", "identity"),
    Index("ix_transmission_at", "at"),
)

interchange = Table(
    "interchange",
    metadata,
    _id(),
    Column("transmission_id", Id, ForeignKey("transmission.id")),
    Column("direction", String(3), nullable=False),
    Column("partner", String(80)),
    Column("sender", String(20), nullable=False),
    Column("receiver", String(20), nullable=False),
    Column("control_number", String(20), nullable=False),
    Column("version", String(5), nullable=False),
    Column("usage", String(1), nullable=False),
    Column("start", BigInteger, nullable=False),
    Column("state", String(20), nullable=False),  # reading, read, duplicate, unknown sender, held, damaged, written
    Column("duplicate_of", Id, ForeignKey("interchange.id")),
    Column("isa", Text, nullable=False),  # the sixteen elements, as JSON
    Column("findings", Text, nullable=False, server_default="[]"),
    Column("acknowledgment", String(20), nullable=False, server_default="none"),  # the TA1: none, owed, sent, accepted, …
    Column("answered_by", Id),  # the transaction_set row of our TA1
    Column("at", Instant, nullable=False),
    Index("ix_interchange_control_number", "control_number"),
    Index("ix_interchange_transmission_id", "transmission_id"),
)

interchange_claim = Table(
    "interchange_claim",
    metadata,
    Column("sender", String(20), primary_key=True),
    Column("receiver", String(20), primary_key=True),
    Column("control_number", String(20), primary_key=True),
    Column("window", Date, primary_key=True),  # when the claim's window began: an old number may come back after it
    Column("interchange_id", Id, ForeignKey("interchange.id"), nullable=False),
    Column("payload", String(64), nullable=False),
)

arrival = Table(
    "arrival",
    metadata,
    Column("sender", String(20), primary_key=True),
    Column("receiver", String(20), primary_key=True),
    Column("usage", String(1), primary_key=True),
    Column("partner", String(80), nullable=False),
    Column("highest", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("late", Integer, nullable=False, server_default="0"),  # how many came after a higher one, having been missing
    Column("again", Integer, nullable=False, server_default="0"),
)

missing_arrival = Table(
    "missing_arrival",
    metadata,
    Column("sender", String(20), primary_key=True),
    Column("receiver", String(20), primary_key=True),
    Column("usage", String(1), primary_key=True),
    Column("first", BigInteger, primary_key=True),
    Column("last", BigInteger, nullable=False),
    Column("since", Instant, nullable=False),
)

functional_group = Table(
    "functional_group",
    metadata,
    _id(),
    Column("interchange_id", Id, ForeignKey("interchange.id"), nullable=False),
    Column("code", String(10), nullable=False),
    Column("control_number", String(20), nullable=False),
    Column("release", String(20), nullable=False),
    Column("gs", Text, nullable=False),
    Column("declared", Integer),
    Column("received", Integer, nullable=False, server_default="0"),
    Column("findings", Text, nullable=False, server_default="[]"),
    Column("acknowledgment", String(30), nullable=False),  # not owed, owed, sent; outbound: none, accepted, …
    Column("due_at", Instant),
    Column("half_told_at", Instant),  # when somebody was told that half the time to answer it is over
    Column("answered_at", Instant),
    Column("answered_by", Id),  # the transaction_set row of our 997
    Index("ix_functional_group_interchange_id", "interchange_id"),
    Index("ix_functional_group_control_number", "control_number", "code"),
)

transaction = Table(
    "transaction_set",
    metadata,
    _id(),
    Column("direction", String(3), nullable=False),
    Column("partner", String(80)),
    Column("group_id", Id, ForeignKey("functional_group.id")),
    Column("interchange_id", Id, ForeignKey("interchange.id")),
    Column("code", String(10), nullable=False),
    Column("release", String(20), nullable=False),
    Column("usage", String(1), nullable=False),
    Column("control_number", String(20), nullable=False, server_default=""),
    Column("start", BigInteger),
    Column("length", BigInteger),
    Column("business_number", String(80), nullable=False, server_default=""),
    Column("document_id", String(32)),
    Column("profile_version", String(64), nullable=False, server_default=""),
    Column("validation", String(30), nullable=False),
    Column("delivery", String(30), nullable=False),
    Column("acknowledgment", String(30), nullable=False),
    Column("verdict", String(30), nullable=False, server_default=""),  # ours on what we received, before it has left
    Column("acknowledgment_due_at", Instant),
    Column("findings", Text, nullable=False, server_default="[]"),  # ours, about what we received or would have sent
    Column("partner_findings", Text, nullable=False, server_default="[]"),  # theirs, from their acknowledgment
    Column("segments", Text, nullable=False, server_default=""),  # outbound, before it has an envelope: JSON
    Column("at", Instant, nullable=False),
    Index("ix_transaction_set_group_id", "group_id"),
    Index("ix_transaction_set_business_number", "business_number"),
    Index("ix_transaction_set_document_id", "document_id"),
    Index("ix_transaction_set_at", "at"),
)

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
    Index("ix_document_number", "number"),
    Index("ix_document_thread_id", "thread_id"),
)

business_claim = Table(
    "business_claim",
    metadata,
    Column("partner", String(80), primary_key=True),
    Column("kind", String(40), primary_key=True),
    Column("key", String(200), primary_key=True),  # number | release number | ship-to
    Column("document_id", String(32), nullable=False),
    Column("at", Instant, nullable=False),
)

order_thread = Table(
    "order_thread",
    metadata,
    _id(),
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
    Index("ix_order_thread_number", "number"),
    UniqueConstraint("document_id"),
)

receivable = Table(
    "receivable",
    metadata,
    Column("partner", String(80), primary_key=True),
    Column("invoice", String(80), primary_key=True),
    Column("thread_id", Id, ForeignKey("order_thread.id"), nullable=False),
    Column("order_number", String(80), nullable=False),
    Index("ix_receivable_order_number", "order_number"),
)

remittance = Table(
    "remittance",
    metadata,
    Column("partner", String(80), primary_key=True),
    Column("key", String(200), primary_key=True),  # payer and trace: what makes a remittance one and the same
    Column("trace", String(80), nullable=False),
    Column("document_id", String(32), nullable=False),
    Column("amount", Exact, nullable=False),
    Column("body", Text, nullable=False),  # how it was applied
    Column("settled_at", Instant),
    Index("ix_remittance_trace", "trace"),
)

cash_case = Table(
    "cash_case",
    metadata,
    _id(),
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
    _id(),
    Column("trace", String(80), nullable=False),
    Column("amount", Exact, nullable=False),
    Column("on", Date, nullable=False),
    Column("method", String(10), nullable=False),
    Column("matched", String(32)),  # the remittance document
    Column("at", Instant, nullable=False),
    UniqueConstraint("trace", "amount", "on"),
)

owed = Table(
    "owed",
    metadata,
    _id(),
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
    UniqueConstraint("code", "about"),
    Index("ix_owed_due_at", "due_at"),
)

lane = Table(
    "lane",
    metadata,
    Column("id", String(120), primary_key=True),
    Column("dirty", Integer, nullable=False),
    Column("holder", Id),  # the run of the engine that drains it; on SQLite there is only one, which needs not say so
)

flow = Table(
    "flow",
    metadata,
    _id(),
    Column("lane", String(120), nullable=False),
    Column("stage", String(20), nullable=False),
    Column("state", String(12), nullable=False),
    Column("priority", Integer, nullable=False),  # the smaller goes first
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
    Column("outcome", String(20), nullable=False),  # begun, done, failed, unknown
    Column("detail", Text, nullable=False, server_default=""),
    Column("began_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Index("ix_attempt_flow_id", "flow_id"),
)

control_counter = Table(
    "control_counter",
    metadata,
    Column("scope", String(200), primary_key=True),
    Column("n", BigInteger, nullable=False),
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
    _id(),
    Column("connector", String(80), nullable=False),
    Column("event", String(80), nullable=False),
    Column("body", Text, nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("connector", "event"),
)

event = Table(
    "event",
    metadata,
    _id(),
    Column("at", Instant, nullable=False),
    Column("actor", String(80), nullable=False),
    Column("kind", String(60), nullable=False),
    Column("partner", String(80)),
    Column("subject", String(120), nullable=False),
    Column("control_number", String(20), nullable=False, server_default=""),
    Column("text", Text, nullable=False),
    Column("hash", String(64), nullable=False, server_default=""),  # of this event and the hash before it: see store.chain
    Index("ix_event_subject", "subject"),
    Index("ix_event_kind", "kind"),
)

event_chain = Table(
    "event_chain",  # one row: where the chain of events ends
    metadata,
    Column("id", Integer, primary_key=True),
    Column("events", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
)

descent = Table(
    "descent",
    metadata,
    Column("child", String(120), primary_key=True),  # transaction:12, document:ab…, transmission:7
    Column("parent", String(120), primary_key=True),
    Column("how", String(20), nullable=False),  # replay, retransmit, re-envelope, correct
    Column("because", Text, nullable=False),
    Column("actor", String(80), nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_descent_parent", "parent"),
)

replay = Table(
    "replay",
    metadata,
    _id(),
    Column("origin", String(10), nullable=False),  # raw, parsed, mapped
    Column("versions", String(10), nullable=False),  # current, pinned
    Column("numbers", String(10), nullable=False),  # new, kept
    Column("sends", Boolean, nullable=False),  # whether what was sent or posted is sent or posted again
    Column("is_dry", Boolean, nullable=False),
    Column("selection", Text, nullable=False),
    Column("because", Text, nullable=False),
    Column("actor", String(80), nullable=False),
    Column("state", String(10), nullable=False),  # running, done
    Column("started_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
)

replay_item = Table(
    "replay_item",
    metadata,
    Column("replay_id", Id, ForeignKey("replay.id"), primary_key=True),
    Column("transaction_id", Id, ForeignKey("transaction_set.id"), primary_key=True),
    Column("state", String(10), nullable=False),  # open, done, failed
    Column("effect", String(20), nullable=False, server_default=""),
    Column("text", Text, nullable=False, server_default=""),
    Column("differences", Text, nullable=False, server_default="[]"),
    Column("child", String(120), nullable=False, server_default=""),
)

approval = Table(
    "approval",
    metadata,
    _id(),
    Column("operation", String(20), nullable=False),
    Column("subject", String(120), nullable=False),
    Column("partner", String(80)),
    Column("arguments", Text, nullable=False),
    Column("fingerprint", String(64), nullable=False),  # of what it is about, as it was when it was asked for
    Column("because", Text, nullable=False),
    Column("asked_by", String(80), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("state", String(10), nullable=False),  # asked, given, refused, stale
    Column("answered_by", String(80)),
    Column("answered_at", Instant),
    Index("ix_approval_state", "state"),
)

profile_version = Table(
    "profile_version",
    metadata,
    _id(),
    Column("kind", String(20), nullable=False),  # partner, connection, ourselves, map
    Column("name", String(120), nullable=False),
    Column("version", String(64), nullable=False),
    Column("body", Text, nullable=False),
    Column("applied_at", Instant, nullable=False),
    Column("applied_by", String(80), nullable=False),
    UniqueConstraint("kind", "name", "version", "applied_at"),
)

cross_reference = Table(
    "cross_reference",
    metadata,
    _id(),
    Column("partner", String(80), nullable=False),
    Column("kind", String(10), nullable=False),  # item, location
    Column("code", String(80), nullable=False),  # theirs
    Column("qualifier", String(3), nullable=False),  # of their code; empty for any
    Column("ours", String(80), nullable=False),
    Column("valid_from", Date, nullable=False),  # the year 1: from ever
    Column("valid_until", Date),
    Column("note", Text, nullable=False, server_default=""),
    Column("changed_at", Instant, nullable=False),
    Column("changed_by", String(80), nullable=False),
    UniqueConstraint("partner", "kind", "code", "qualifier", "valid_from"),
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
    _id(),
    Column("name", String(120), nullable=False, server_default=""),  # machine and process
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("ended_how", String(10), nullable=False, server_default=""),  # stopped, died
)

breaker = Table(
    "breaker",
    metadata,
    Column("lane", String(120), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("since", Instant, nullable=False),
    Column("open_until", Instant),  # none: it failed, and is not open yet
    Column("because", Text, nullable=False),
)

secret = Table(
    "secret",
    metadata,
    Column("name", String(120), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),  # encrypted under the vault's key, bound to its name
    Column("key_id", String(16), nullable=False),  # which key that was
    Column("changed_at", Instant, nullable=False),
    Column("changed_by", String(80), nullable=False),
)

certificate = Table(
    "certificate",
    metadata,
    _id(),
    Column("owner", String(120), nullable=False),  # connection:NAME, a partner's; ourselves:IDENTITY
    Column("role", String(12), nullable=False),  # any, signing, encryption
    Column("fingerprint", String(64), nullable=False),  # SHA-256, hex
    Column("der", LargeBinary, nullable=False),
    Column("chain", LargeBinary, nullable=False),  # PEM of those who vouch for it
    Column("subject", Text, nullable=False),
    Column("valid_from", Instant, nullable=False),
    Column("valid_until", Instant, nullable=False),
    Column("use_from", Instant, nullable=False),  # when we switch to it
    Column("has_key", Boolean, nullable=False),  # its private key is in the vault
    Column("told_days", Integer),  # the last warning before its end that was told
    Column("retired_at", Instant),
    Column("added_at", Instant, nullable=False),
    Column("added_by", String(80), nullable=False),
    UniqueConstraint("owner", "fingerprint"),
)

as2_message = Table(
    "as2_message",
    metadata,
    _id(),
    Column("direction", String(8), nullable=False),  # in, out; receipt: one for no message of ours
    Column("connection", String(80), nullable=False),
    Column("sender", String(128), nullable=False),  # AS2-From
    Column("receiver", String(128), nullable=False),
    Column("message_id", String(998), nullable=False),
    Column("name", Text, nullable=False, server_default=""),  # what we send: the transmission's name
    Column("fields", Text, nullable=False),  # the header, as JSON
    Column("wire", String(64), ForeignKey("payload.sha256")),  # the body as it went or came: the evidence
    Column("size", BigInteger, nullable=False, server_default="0"),
    Column("mic", String(120), nullable=False, server_default=""),
    Column("state", String(20), nullable=False),
    Column("said", Text, nullable=False, server_default=""),
    Column("is_told", Boolean, nullable=False, server_default=text("false")),
    Column("tries", Integer, nullable=False, server_default="0"),  # posts of a message of ours, or of a receipt we owe
    Column("due_at", Instant),  # when its receipt is due
    Column("answer", Text, nullable=False, server_default=""),  # what a message of theirs was answered with, as JSON
    Column("receipt", Text, nullable=False, server_default=""),  # the receipt: ours to deliver later, or theirs as it came
    Column("receipt_to", Text, nullable=False, server_default=""),
    Column("receipt_state", String(12), nullable=False, server_default=""),  # owed, delivered, given up
    Column("at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    UniqueConstraint("direction", "sender", "receiver", "message_id"),
    Index("ix_as2_message_name", "connection", "name"),
    Index("ix_as2_message_receipt_state", "receipt_state", "due_at"),
)

person = Table(
    "person",
    metadata,
    _id(),
    Column("name", String(80), nullable=False),
    Column("role", String(12), nullable=False),  # viewer, analyst, operator, admin
    Column("password", Text, nullable=False),  # its argon2id hash
    Column("disabled_at", Instant),
    Column("created_at", Instant, nullable=False),
    Column("last_seen_at", Instant),
    UniqueConstraint("name"),
)

session = Table(
    "session",
    metadata,
    Column("digest", String(64), primary_key=True),  # SHA-256 of the token, which only the browser has
    Column("person_id", Id, ForeignKey("person.id"), nullable=False),
    Column("address", String(64), nullable=False),
    Column("began_at", Instant, nullable=False),
    Column("used_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Index("ix_session_person_id", "person_id"),
)

invitation = Table(
    "invitation",
    metadata,
    Column("digest", String(64), primary_key=True),  # SHA-256 of the token in the one-time link
    Column("name", String(80), nullable=False),  # whose password it sets; empty: whoever comes first, as the first admin
    Column("role", String(12), nullable=False),
    Column("made_by", String(80), nullable=False),
    Column("ends_at", Instant, nullable=False),
)

sign_in_failure = Table(
    "sign_in_failure",
    metadata,
    _id(),
    Column("name", String(80), nullable=False),
    Column("address", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    Index("ix_sign_in_failure_at", "at"),
)

api_key = Table(
    "api_key",
    metadata,
    Column("id", String(16), primary_key=True),  # the part of the key that may be shown
    Column("digest", String(64), nullable=False),  # SHA-256 of the whole key
    Column("name", String(80), nullable=False),
    Column("scope", String(10), nullable=False),  # read, operate, admin
    Column("partner", String(80)),  # the only one it sees; none: all of them
    Column("created_at", Instant, nullable=False),
    Column("created_by", String(80), nullable=False),
    Column("ends_at", Instant),
    Column("used_at", Instant),
    Column("revoked_at", Instant),
)

idempotency_key = Table(
    "idempotency_key",
    metadata,
    Column("owner", String(80), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("fingerprint", String(64), nullable=False),  # of method, address and body
    Column("status", Integer),  # none while it is in flight
    Column("answer", Text, nullable=False, server_default=""),
    Column("at", Instant, nullable=False),
    Index("ix_idempotency_key_at", "at"),
)

webhook = Table(
    "webhook",
    metadata,
    _id(),
    Column("address", Text, nullable=False),
    Column("kinds", Text, nullable=False),  # kinds of events, or their beginnings ("flow."), as JSON; [] for all
    Column("partner", String(80)),
    Column("after", BigInteger, nullable=False),  # the last event that was looked at for it
    Column("paused", Boolean, nullable=False, server_default=text("false")),
    Column("old_secret_until", Instant),  # after a rotation both secrets sign until then
    Column("created_at", Instant, nullable=False),
    Column("created_by", String(80), nullable=False),
    Column("removed_at", Instant),
)

webhook_delivery = Table(
    "webhook_delivery",
    metadata,
    _id(),
    Column("webhook_id", Id, ForeignKey("webhook.id"), nullable=False),
    Column("event_id", BigInteger, nullable=False),
    Column("message_id", String(40), nullable=False),  # webhook-id: the same at every try
    Column("state", String(10), nullable=False),  # due, delivered, dead
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("due_at", Instant, nullable=False),
    Column("status", Integer),  # what the other side answered last
    Column("detail", Text, nullable=False, server_default=""),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("webhook_id", "event_id"),
    Index("ix_webhook_delivery_state", "state", "due_at"),
)

alert = Table(
    "alert",
    metadata,
    _id(),
    Column("rule", String(80), nullable=False),
    Column("key", String(200), nullable=False),  # what all it is about has in common
    Column("level", String(10), nullable=False),  # notice, warning, urgent
    Column("partner", String(80)),
    Column("state", String(12), nullable=False),  # open, acknowledged, resolved
    Column("text", Text, nullable=False),  # of the latest event
    Column("count", Integer, nullable=False),  # of things and happenings it is about
    Column("began_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("escalation", String(80), nullable=False),
    Column("step", Integer, nullable=False, server_default="0"),  # steps of the escalation that were taken
    Column("next_at", Instant),  # when the next one is; none: no other
    Column("acknowledged_by", String(80)),
    Column("acknowledged_at", Instant),
    Column("note", Text, nullable=False, server_default=""),
    Column("resolved_at", Instant),
    Column("resolved_because", Text, nullable=False, server_default=""),
    Index(
        "ix_alert_unresolved",
        "rule",
        "key",
        unique=True,
        sqlite_where=text("state <> 'resolved'"),
        postgresql_where=text("state <> 'resolved'"),
    ),
)

alert_subject = Table(
    "alert_subject",
    metadata,
    Column("alert_id", Id, ForeignKey("alert.id"), primary_key=True),
    Column("subject", String(120), primary_key=True),
    Column("kind", String(60), primary_key=True),
    Column("event_id", BigInteger, nullable=False),  # the latest that told of it
    Column("at", Instant, nullable=False),
    Column("over_at", Instant),  # when its cause was gone
)

notice = Table(
    "notice",
    metadata,
    _id(),
    Column("alert_id", Id, ForeignKey("alert.id"), nullable=False),
    Column("step", Integer, nullable=False),  # 0: that it is over
    Column("channel", String(80), nullable=False),
    Column("state", String(10), nullable=False),  # due, sending, sent, failed, unknown, dropped
    Column("due_at", Instant, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("because", Text, nullable=False, server_default=""),
    Column("changed_at", Instant, nullable=False),
    UniqueConstraint("alert_id", "step", "channel"),
    Index("ix_notice_state", "state", "due_at"),
)

event_cursor = Table(
    "event_cursor",
    metadata,
    Column("reader", String(40), primary_key=True),
    Column("event", BigInteger, nullable=False),  # the last one it has read
)
