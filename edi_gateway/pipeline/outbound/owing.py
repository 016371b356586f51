"""Owing: the answers a partner's profile says we owe, by when, from the moment the reason is on record until they have left.

An 855 is owed for each order from when its bytes came, an 856 and an 810 for each shipment from when the ERP says that the goods
left (R04, R09, R20). Acknowledgments (997, TA1) are owed by their groups and interchanges themselves.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from edi_gateway.documents.invoice import Invoice
from edi_gateway.order_to_cash.facts import Shipped
from edi_gateway.store.rows import DocumentRow, TransactionRow
from edi_gateway.store.unit import Unit
from edi_gateway.trading.profile import TradingPartner

CODES = {"order acknowledgment": "855", "ship notice": "856", "invoice": "810"}


class Debt(NamedTuple):
    """What is owed: a set, and what it answers."""

    code: str
    about: str


def owe_acknowledgment(unit: Unit, partner: TradingPartner, transaction: int, number: str, since: datetime) -> None:
    """An order came: its 855 is owed where the partner wants one."""
    answers = partner.answers
    if answers.order_acknowledgment:
        due = partner.deadline(since, answers.order_acknowledgment_within, answers.order_acknowledgment_counted_in)
        unit.owed.open(partner.name, "855", f"transaction:{transaction}", number=number, since=since, due_at=due)


def owe_for_shipment(unit: Unit, partner: TradingPartner, order: str, shipped: Shipped) -> None:
    """Goods left: their 856 and 810 are owed where the partner wants them by a deadline. ``order`` is its document."""
    answers, about = partner.answers, f"document:{order}|{shipped.shipment}"
    if answers.ship_notice and answers.ship_notice_within is not None:
        due = partner.deadline(shipped.at, answers.ship_notice_within, answers.ship_notice_counted_in)
        unit.owed.open(partner.name, "856", about, number=shipped.shipment, since=shipped.at, due_at=due)
    if answers.invoice and answers.invoice_within is not None:
        due = partner.deadline(shipped.at, answers.invoice_within, answers.invoice_counted_in)
        unit.owed.open(partner.name, "810", about, number=shipped.shipment, since=shipped.at, due_at=due)


def give(unit: Unit, row: TransactionRow) -> None:
    """A set of ours has left: what it answers is owed no longer."""
    if row.document_id is not None and (debt := _debt(unit, unit.documents.get(row.document_id))):
        unit.owed.give(*debt)


def waive(unit: Unit, subject: str, because: str) -> None:
    """A person ended the way of an order or of an answer to one: nothing more will be sent for it."""
    kind, _, id = subject.partition(":")
    row = unit.transactions.get(int(id)) if kind == "transaction" else None
    document = id if kind == "document" else row.document_id if row else None
    if row is not None and row.direction == "in":
        unit.owed.waive("855", subject, because)
    elif document is not None and (debt := _debt(unit, unit.documents.get(document))):
        unit.owed.waive(*debt, because)


def _debt(unit: Unit, document: DocumentRow) -> Debt | None:
    """What a document gives, or for an order, what is owed for it; None for what nobody waits for."""
    if document.kind == "order":
        return _of_order(unit, document.id)
    if document.kind not in CODES or document.thread_id is None:
        return None
    order = unit.threads.get(document.thread_id).thread.document_id
    if document.kind == "order acknowledgment":
        return _of_order(unit, order)
    value = unit.documents.read(document.id)
    shipment = value.shipment if isinstance(value, Invoice) else document.number
    return Debt(CODES[document.kind], f"document:{order}|{shipment}")


def _of_order(unit: Unit, order: str) -> Debt | None:
    came = unit.transactions.of_document(order)
    return Debt("855", f"transaction:{came.id}") if came else None
