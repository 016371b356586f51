"""Invoices as a person sees them: drafts and what they wait for, what was sent, what became of it, and what is open on each."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from operator import attrgetter

import msgspec
import sqlalchemy as sa

from edi_gateway.documents.invoice import Invoice
from edi_gateway.errors import WrongInput
from edi_gateway.order_to_cash.credit import is_credit
from edi_gateway.order_to_cash.stores import store_of
from edi_gateway.order_to_cash.thread import OrderThread
from edi_gateway.store.database import Database
from edi_gateway.store.known import OF_INVOICES, check_partner, check_word
from edi_gateway.store.tables import descent, document, flow, order_thread, transaction

_UNDONE = ("ready", "waiting", "held", "dead")
_STOPPED = ("draft", "withheld", "held")
_STAGES = ("bill", "check", "compose")  # where a flow carries the document itself


class InvoiceRow(msgspec.Struct, frozen=True):
    """One invoice or credit note. ``state`` is draft, withheld, held, or how its 810 was delivered; ``because`` says why."""

    number: str
    partner: str
    order: str
    store: str
    kind: str  # invoice, credit note
    total: Decimal
    open: Decimal | None
    state: str
    because: str
    acknowledgment: str
    leaves_at: datetime | None
    document: str
    at: datetime


def invoices(store: Database, *, partner: str = "", state: str = "", limit: int | None = None) -> list[InvoiceRow]:
    """The newest first: of a partner, in one state. One that went into another is not among them."""
    query = _query().limit(limit if not state else None)
    if partner:
        query = query.where(document.c.partner == partner)
    if state in _STOPPED:
        there = sa.select(sa.func.substr(flow.c.subject, len("document:") + 1))
        query = query.where(document.c.id.in_(there.where(flow.c.stage.in_(_STAGES), flow.c.state.in_(_UNDONE))))
    check_word("state of an invoice", state, OF_INVOICES)
    with store.reading() as connection:
        check_partner(connection, partner)
        rows = [_row(row) for row in connection.execute(query)]
    return [row for row in rows if state in ("", row.state)][:limit]


def invoice(store: Database, number: str, partner: str = "") -> tuple[InvoiceRow, Invoice]:
    """One by its number, of a test only where there is no other.

    Raises WrongInput where there is none, or where several partners have one of that number.
    """
    query = _query().where(document.c.number == number)
    if partner:
        query = query.where(document.c.partner == partner)
    with store.reading() as connection:
        found = sorted(connection.execute(query).all(), key=attrgetter("usage"))
        became = () if found else connection.execute(_became(number, partner)).scalars().all()
    if became:
        raise WrongInput(f"invoice {number} left together with others as invoice {became[0]}", do=f"name {became[0]} instead")
    if not found:
        raise WrongInput(f"there is no invoice '{number}'", do="see edi-gateway invoice list")
    if len(partners := sorted({row.partner for row in found})) > 1:
        raise WrongInput(f"{', '.join(partners)} each have an invoice '{number}'", do="say whose, with --partner")
    return _row(found[0]), msgspec.json.decode(found[0].body, type=Invoice)


def _became(number: str, partner: str) -> sa.Select[tuple[str]]:
    """The numbers of the invoices that drafts of a number went into."""
    draft, whole = document.alias(), document.alias()
    into = sa.and_(descent.c.parent == "document:" + draft.c.id, descent.c.how == "consolidate")
    made = draft.join(descent, into).join(whole, descent.c.child == "document:" + whole.c.id)
    query = sa.select(whole.c.number).select_from(made).where(draft.c.kind == "invoice", draft.c.number == number)
    return query.where(draft.c.partner == partner) if partner else query


def _query() -> sa.Select[tuple[object, ...]]:
    sent, moving = transaction.alias(), flow.alias()
    newest = sa.select(sa.func.max(sent.c.id)).where(sent.c.document_id == document.c.id).scalar_subquery()
    carries = sa.and_(moving.c.subject == "document:" + document.c.id, moving.c.stage.in_(_STAGES), moving.c.state.in_(_UNDONE))
    stopped = sa.select(sa.func.max(moving.c.id)).where(carries).scalar_subquery()
    columns = (
        *(document.c[name] for name in ("id", "number", "partner", "body", "at", "usage")),
        order_thread.c.body.label("thread"),
        transaction.c.delivery,
        transaction.c.acknowledgment,
        *(flow.c[name] for name in ("stage", "state", "because", "position", "due_at")),
    )
    return (
        sa.select(*columns)
        .join(order_thread, order_thread.c.id == document.c.thread_id)
        .outerjoin(transaction, transaction.c.id == newest)
        .outerjoin(flow, flow.c.id == stopped)
        .where(document.c.kind == "invoice", document.c.direction == "out", document.c.removed_at.is_(None))
        .order_by(document.c.at.desc(), document.c.number.desc())
    )


def _row(row: sa.Row[tuple[object, ...]]) -> InvoiceRow:
    made = msgspec.json.decode(row.body, type=Invoice)
    receivable = msgspec.json.decode(row.thread, type=OrderThread).receivable(made.number)
    state, because = _state(row)
    waits = row.stage == "bill" and row.state == "waiting"
    return InvoiceRow(
        number=made.number,
        partner=row.partner,
        order=made.order_number,
        store=store_of(made),
        kind="credit note" if is_credit(made) else "invoice",
        total=-made.total if is_credit(made) else made.total,
        open=receivable.open if receivable else None,
        state=state,
        because=because,
        acknowledgment=row.acknowledgment or "none",
        leaves_at=row.due_at if waits else None,
        document=row.id,
        at=row.at,
    )


def _state(row: sa.Row[tuple[object, ...]]) -> tuple[str, str]:
    if row.stage == "bill":
        said = row.because or row.position
        return ("withheld" if said.startswith("withheld") else "draft"), said
    if row.state in ("held", "dead"):
        return "held", row.because
    return row.delivery or "not sent", ""
