"""Invoices by hand: a draft is released or withheld, and a credit note takes back part of one that was made."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple, TypeAlias

import msgspec

from edi_gateway.documents.invoice import Invoice
from edi_gateway.erp.base import BilledLine, OrderCredited
from edi_gateway.errors import WrongInput
from edi_gateway.operations.key_in import key_in, new_event
from edi_gateway.operations.moving import move
from edi_gateway.operations.request import reasoned
from edi_gateway.order_to_cash.credit import Why, credited_invoice, is_credit, takes_quantity
from edi_gateway.pipeline.outbound.bill import WITHHELD
from edi_gateway.pipeline.outbound.draft_invoice import billed_as
from edi_gateway.pipeline.tools import APPROVED
from edi_gateway.store.database import Database
from edi_gateway.store.rows import DocumentRow, FlowRow
from edi_gateway.store.unit import Unit

LONGEST = 22  # characters of BIG02

_Left: TypeAlias = dict[tuple[str, Decimal], Decimal]
"""What stands billed of an invoice, by line number and unit price: one number may be billed at several."""


class Taken(NamedTuple):
    """What is credited of a line: a quantity, at the price it was billed at, or by so much a unit."""

    quantity: Decimal
    price: Decimal | None = None


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

    ``credit`` is the number it gets; default: the invoice's with C1, C2 … behind it. Raises WrongInput for an invoice that is not
    there or still a draft, for a line it does not have, and for more than was billed on it.
    """
    with store.read() as unit:
        row = _row(unit, number, partner)
        invoice, before = _made(unit, row)
        order = unit.threads.get(row.thread_id or 0).thread.document_id
        lines = _lines(invoice, before, taken, why)
        now = unit.clock.now()
    called = credit or f"{number}-C{len(before) + 1}"
    if len(called) > LONGEST:
        raise WrongInput(f"'{called}' is longer than the {LONGEST} characters of an invoice number", do="give a shorter --number")
    event = OrderCredited(id=new_event(), order=order, at=now, credit=called, invoice=number, why=why, lines=lines)
    key_in(store, event, by=by)
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


def _made(unit: Unit, row: DocumentRow) -> tuple[Invoice, list[Invoice]]:
    """The invoice, and the credit notes of it there are. Raises WrongInput for a draft and for a credit note."""
    documents = [unit.documents.read(each.id) for each in unit.documents.in_thread(row.thread_id or 0, "invoice")]
    invoice = unit.documents.read(row.id)
    if not isinstance(invoice, Invoice) or is_credit(invoice):
        raise WrongInput(f"{row.number} is a credit note itself")
    if unit.threads.get(row.thread_id or 0).thread.receivable(row.number) is None:
        raise WrongInput(f"invoice {row.number} is not made yet: nothing is owed on it", do="withhold it, or wait until it is")
    notes = [one for one in documents if isinstance(one, Invoice) and is_credit(one) and credited_invoice(one) == row.number]
    return invoice, notes


def _lines(invoice: Invoice, before: list[Invoice], taken: Mapping[str, Taken], why: Why) -> tuple[BilledLine, ...]:
    left = _left(invoice, before)
    standing: dict[str, Decimal] = {}
    for (number, _), quantity in left.items():
        standing[number] = standing.get(number, Decimal(0)) + quantity
    if why == "price" and not (taken and all(each.price for each in taken.values())):
        raise WrongInput("a price is taken back by so much a unit", do="write LINE=QUANTITY@DIFFERENCE, such as 001=12@0.50")
    asked = taken or {number: Taken(quantity) for number, quantity in standing.items() if quantity}
    if not asked:
        raise WrongInput(f"all of invoice {invoice.number} is credited already")
    for number, each in asked.items():
        if number not in standing:
            raise WrongInput(f"invoice {invoice.number} has no line {number}", do=f"its lines are {', '.join(standing)}")
        if each.quantity > standing[number]:
            raise WrongInput(f"{each.quantity} of line {number} are more than the {standing[number]} that stand billed on it")
    return tuple(line for number, each in asked.items() for line in _credited(left, number, each))


def _left(invoice: Invoice, before: list[Invoice]) -> _Left:
    left: _Left = {}
    for line in invoice.lines:
        key = line.number, line.unit_price
        left[key] = left.get(key, Decimal(0)) + line.quantity
    for note in before:
        for line in note.lines if takes_quantity(note) else ():
            _take(left, line.number, line.quantity, line.unit_price)
    return left


def _credited(left: _Left, number: str, taken: Taken) -> list[BilledLine]:
    if taken.price is not None:
        return [BilledLine(line_number=number, quantity=taken.quantity, unit_price=taken.price)]
    return _take(left, number, taken.quantity)


def _take(left: _Left, number: str, quantity: Decimal, price: Decimal | None = None) -> list[BilledLine]:
    """Takes a quantity of a line out of what is left, at this price first; what was taken at each."""
    taken = []
    for key in sorted((key for key in left if key[0] == number), key=lambda key: key[1] != price):
        part = min(quantity, left[key])
        left[key] -= part
        quantity -= part
        if part:
            taken.append(BilledLine(line_number=number, quantity=part, unit_price=key[1]))
    return taken
