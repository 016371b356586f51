"""The list of documents as an operator searches it: any business number, any control number, filters, page by page."""

from __future__ import annotations

from datetime import datetime

import msgspec
import sqlalchemy as sa

from edi_gateway.store.database import Database
from edi_gateway.store.rows import as_row
from edi_gateway.store.selection import Selection
from edi_gateway.store.tables import document, flow, functional_group, interchange, order_thread, transaction
from edi_gateway.views.traffic import SetRow, sets

PAGE = 50


class Sought(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked for. ``text`` is the beginning of a business number, or an interchange or group control number."""

    text: str = ""
    meant: Selection = Selection()
    answers: bool = False  # whether acknowledgments are shown as well
    before: int | None = None  # the set above which the page ends


def find(store: Database, sought: Sought, *, limit: int = PAGE) -> list[SetRow]:
    """The newest first, up to ``limit``."""
    columns = [
        *(transaction.c[name] for name in ("id", "at", "direction", "partner", "code", "business_number")),
        interchange.c.control_number.label("interchange"),
        *(transaction.c[name] for name in ("validation", "delivery", "acknowledgment")),
    ]
    joined = transaction.outerjoin(interchange, interchange.c.id == transaction.c.interchange_id)
    query = sa.select(*columns).select_from(joined).order_by(transaction.c.id.desc()).limit(limit)
    if sought.meant != Selection():
        query = query.where(transaction.c.id.in_(sought.meant.query()))
    elif not sought.answers and not sought.text:
        query = query.where(transaction.c.code.not_in(("997", "999", "TA1")))
    if sought.text:
        query = query.where(_named(sought.text))
    if sought.before is not None:
        query = query.where(transaction.c.id < sought.before)
    with store.reading() as connection:
        return [as_row(SetRow, row) for row in connection.execute(query)]


def _named(text: str) -> sa.ColumnElement[bool]:
    """Numbers that begin like it; all sets of an order's thread, where it is an order; ISA13 and GS06 with or without zeros."""
    number = transaction.c.business_number
    begins = sa.and_(number >= text, number < text + "\U0010ffff")
    threads = sa.select(order_thread.c.id).where(order_thread.c.number == text)
    in_thread = sa.select(document.c.id).where(document.c.thread_id.in_(threads))
    found = [begins, transaction.c.document_id.in_(in_thread)]
    if text.isdecimal() and len(text) <= 9:
        numbers = {text, text.lstrip("0") or "0", text.zfill(9)}
        isa = sa.select(interchange.c.id).where(interchange.c.control_number.in_(numbers))
        gs = sa.select(functional_group.c.id).where(functional_group.c.control_number.in_(numbers))
        found += [transaction.c.interchange_id.in_(isa), transaction.c.group_id.in_(gs)]
    return sa.or_(*found)


class HeldRow(msgspec.Struct, frozen=True):
    """Something that waits for a person: the flow, and the set it is about where there is one."""

    id: int
    state: str
    stage: str
    subject: str
    partner: str | None
    because: str
    changed_at: datetime
    set: int | None = None
    code: str = ""
    number: str = ""


def held(store: Database, partner: str = "", *states: str) -> list[HeldRow]:
    """Flows in these states, newest first; held and dead ones when none is named."""
    of_set = flow.c.subject == sa.literal("transaction:") + sa.cast(transaction.c.id, sa.String)
    of_document = flow.c.subject == sa.literal("document:") + transaction.c.document_id
    named = ("id", "state", "stage", "subject", "partner", "because", "changed_at")
    query = sa.select(*(flow.c[name] for name in named)).where(flow.c.state.in_(states or ("held", "dead")))
    if partner:
        query = query.where(flow.c.partner == partner)
    with store.reading() as connection:
        rows = list(connection.execute(query.order_by(flow.c.id.desc()).limit(500)))
        about = sa.select(flow.c.id, transaction.c.id, transaction.c.code, transaction.c.business_number).join(
            transaction, sa.or_(of_set, of_document)
        )
        ids = [row.id for row in rows]
        sets = {row[0]: row[1:] for row in connection.execute(about.where(flow.c.id.in_(ids)))} if ids else {}
        documents = _documents(connection, [row.subject for row in rows])
    return [HeldRow(*row, *(sets.get(row.id) or (None, *documents.get(row.subject, ("", ""))))) for row in rows]


def _documents(connection: sa.Connection, subjects: list[str]) -> dict[str, tuple[str, str]]:
    """Kind and number of documents that no set carries yet: what is drafted and held before it is composed."""
    ids = [subject.partition(":")[2] for subject in subjects if subject.startswith("document:")]
    query = sa.select(document.c.id, document.c.kind, document.c.number).where(document.c.id.in_(ids))
    return {f"document:{row.id}": (row.kind, row.number) for row in connection.execute(query)} if ids else {}


def by_number(store: Database, ids: list[int]) -> dict[int, SetRow]:
    """Sets by their numbers."""
    rows = sets(store, Selection(ids=tuple(ids)), limit=len(ids)) if ids else []
    return {row.id: row for row in rows}
