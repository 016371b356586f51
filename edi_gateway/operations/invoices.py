"""Invoices by hand: a draft is released or withheld, and a credit note takes back part of one that was made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from typing import NamedTuple

import msgspec

from edi_gateway.documents.invoice import Invoice
from edi_gateway.erp.base import BilledLine, OrderCredited, event_from_json
from edi_gateway.errors import WrongInput
from edi_gateway.operations.key_in import new_event, put_in
from edi_gateway.operations.moving import move
from edi_gateway.operations.request import reasoned
from edi_gateway.order_to_cash.credit import Why, credited_invoice, is_credit
from edi_gateway.order_to_cash.creditable import Given, Taken, credited_lines, given_by
from edi_gateway.pipeline.outbound.bill import WITHHELD
from edi_gateway.pipeline.outbound.draft_invoice import billed_as
from edi_gateway.pipeline.outbound.originals import rejected_first
from edi_gateway.pipeline.tools import APPROVED, order_queue
from edi_gateway.pipeline.way import lane_of
from edi_gateway.store.database import Database
from edi_gateway.store.flows import NOT_OVER
from edi_gateway.store.rows import DocumentRow, FlowRow
from edi_gateway.store.unit import Unit

LONGEST = 22  # characters of BIG02

__all__ = ["LONGEST", "Taken", "credit_invoice", "release_invoice", "withhold_invoice"]


def release_invoice(store: Database, number: str, *, by: str, partner: str = "") -> str:
    """Lets a draft go now, whatever it waits for; with it what was billed of the same order in the same window.

    Raises WrongInput for what is no draft.
    """
    with store.write() as unit:
        row, flow = _draft(unit, number, partner)
        move(unit, flow, state="ready", position=APPROVED + by, because="", tries=0, due_at=unit.clock.now())
        text = f"invoice {number} is released"
        unit.events.tell("invoice.released", flow.subject, text, partner=row.partner, actor=by)
    return text


def withhold_invoice(store: Database, number: str, *, because: str, by: str, partner: str = "") -> str:
    """Keeps a draft until somebody releases it; nothing else of the order waits for it.

    Raises WrongInput for what is no draft.
    """
    reason = reasoned(because)
    with store.write() as unit:
        row, flow = _draft(unit, number, partner)
        if flow.state != "ready":
            move(unit, flow, state="ready")
            flow = msgspec.structs.replace(flow, state="ready")
        move(unit, flow, state="held", because=f"{WITHHELD}{by}: {reason}", follows="")
        text = f"invoice {number} is withheld"
        unit.events.tell("invoice.withheld", flow.subject, f"{text}: {reason}", partner=row.partner, actor=by)
    return text


def credit_invoice(
    store: Database, number: str, taken: Mapping[str, Taken], *, why: Why, by: str, partner: str = "", credit: str = ""
) -> str:
    """Makes a credit note of an invoice; returns its number. Without ``taken``, all of it that is not credited yet.

    ``credit`` is the number it gets: a new one, or that of a credit note they rejected, whose place it takes; default: the
    invoice's with C1, C2 … behind it. Raises WrongInput for an invoice that is not there or still a draft, for a line it does not
    have, for more than stands billed on it, and for a number that is taken.
    """
    with store.write() as unit:
        row = _row(unit, number, partner)
        order = unit.threads.get(row.thread_id or 0).thread.document_id  # locked: who credits the same order meanwhile waits
        invoice = _made(unit, row)
        notes = _notes(unit, row)
        called = _number(unit, row, notes, credit)
        lines = _lines(invoice, [note for note in notes if note.number != called], taken, why)
        event = OrderCredited(
            id=new_event(), order=order, at=unit.clock.now(), credit=called, invoice=number, why=why, lines=lines
        )
        put_in(unit, event, by)
    return called


def _draft(unit: Unit, number: str, partner: str) -> tuple[DocumentRow, FlowRow]:
    row = _row(unit, number, partner)
    for flow in unit.flows.of(f"document:{row.id}"):
        if flow.stage == "bill" and flow.state != "done":
            return row, flow
    raise WrongInput(f"invoice {number} is no draft any more", do="see what became of it with edi-gateway invoice show")


def _row(unit: Unit, number: str, partner: str) -> DocumentRow:
    """The invoice of this number that stands: not one that went into another."""
    every = [row for row in unit.documents.meant("invoice", number, partner=partner) if row.direction == "out"]
    found = [row for row in every if row.thread_id is not None]
    for row in every if not found else ():
        if (became := billed_as(unit, row, number)) != number:
            raise WrongInput(f"invoice {number} left together with others as invoice {became}", do=f"name {became} instead")
    if not found:
        raise WrongInput(f"there is no invoice '{number}'", do="see edi-gateway invoice list")
    if len({row.partner for row in found}) > 1:
        partners = ", ".join(sorted({row.partner for row in found}))
        raise WrongInput(f"{partners} each have an invoice '{number}'", do="say whose, with --partner")
    return found[-1]


def _made(unit: Unit, row: DocumentRow) -> Invoice:
    """The invoice. Raises WrongInput for a draft and for a credit note."""
    invoice = unit.documents.read(row.id)
    if not isinstance(invoice, Invoice) or is_credit(invoice):
        raise WrongInput(f"{row.number} is a credit note itself")
    if unit.threads.get(row.thread_id or 0).thread.receivable(row.number) is None:
        raise WrongInput(f"invoice {row.number} is not made yet: nothing is owed on it", do="withhold it, or wait until it is")
    return invoice


class _Note(NamedTuple):
    """A credit note of an invoice, drafted or only asked for yet; one that they rejected does not exist for them."""

    number: str
    given: Given
    is_rejected: bool = False


def _notes(unit: Unit, row: DocumentRow) -> list[_Note]:
    """The credit notes of an invoice, oldest first: those there are, and those that are on record and not drafted yet."""
    found = []
    for each in unit.documents.in_thread(row.thread_id or 0, "invoice"):
        note = unit.documents.read(each.id)
        if isinstance(note, Invoice) and is_credit(note) and credited_invoice(note) == row.number:
            rejected = rejected_first(unit, row.partner, "invoice", note.number, usage=row.usage) is not None
            found.append(_Note(note.number, given_by(note), rejected))
    asked = (event for event in _undrafted(unit, row) if billed_as(unit, row, event.invoice) == row.number)
    return [*found, *(_Note(event.credit, Given(event.why, event.lines)) for event in asked)]


def _undrafted(unit: Unit, row: DocumentRow) -> Iterator[OrderCredited]:
    """What was asked for and is not drafted yet; what is held there may still be."""
    queue = order_queue(row.partner, row.usage, unit.threads.get(row.thread_id or 0).thread.order_number)
    lane = lane_of("draft", partner=row.partner, connection=None, connector=None)
    for flow in unit.flows.at_stage(lane, "draft", states=NOT_OVER, follows=queue):
        if flow.subject.startswith("erp_event:"):
            event = event_from_json(unit.documents.event(int(flow.subject_id)))
            if isinstance(event, OrderCredited):
                yield event


def _number(unit: Unit, row: DocumentRow, notes: list[_Note], wanted: str) -> str:
    """The number a credit note gets. Raises WrongInput for one that is too long, or taken."""
    counted = (f"{row.number}-C{place}" for place in count(len(notes) + 1))
    called = wanted or next(each for each in counted if each not in {note.number for note in notes})
    if len(called) > LONGEST:
        raise WrongInput(f"'{called}' is longer than the {LONGEST} characters of an invoice number", do="give a shorter --number")
    if any(note.number == called and not note.is_rejected for note in notes):
        raise WrongInput(f"credit note {called} of invoice {row.number} is there already", do="give another --number")
    return called


def _lines(invoice: Invoice, before: list[_Note], taken: Mapping[str, Taken], why: Why) -> tuple[BilledLine, ...]:
    try:
        return credited_lines(invoice, [note.given for note in before], taken, why)
    except WrongInput as wrong:
        rejected = next((note.number for note in before if note.is_rejected), "")
        if wrong.do or not rejected:
            raise
        do = f"credit note {rejected} was rejected: to give it again, add --number {rejected}, or re-envelope it"
        raise WrongInput(wrong.what, do=do) from None
