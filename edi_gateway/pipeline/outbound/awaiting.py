"""Await: what we sent waits for the partner's acknowledgment; when it is overdue, somebody is told. Silence accepts nothing."""

from __future__ import annotations

from datetime import timedelta

from edi_gateway.pipeline.outcome import Done, Outcome
from edi_gateway.pipeline.tools import Record, Tools
from edi_gateway.store.rows import FlowRow, TransactionRow
from edi_gateway.store.unit import Unit
from edi_gateway.trading.directory import USAGES, Directory, NoAgreement

UNANSWERED = ("awaited", "overdue")
ASK_AGAIN = timedelta(days=1)  # an overdue answer is told again every day


def awaited_within(row: TransactionRow, directory: Directory) -> timedelta:
    """How long the partner may take to acknowledge a set, by the agreement it went out under."""
    partner = directory.partner(row.partner or "")
    usage = USAGES[row.usage]
    agreement = directory.agreement(partner, row.code, "out", row.release, usage)
    return timedelta(hours=24) if isinstance(agreement, NoAgreement) else agreement.awaits.within


def await_acknowledgment(flow: FlowRow, tools: Tools) -> Record:
    """Runs when the answer is due: it has come, or it is overdue and told so."""

    def record(unit: Unit) -> Outcome:
        row = unit.transactions.get(int(flow.subject_id))
        if row.acknowledgment not in UNANSWERED:
            return Done()
        now = unit.clock.now()
        unit.transactions.change(row.id, acknowledgment="overdue")
        number = unit.interchanges.get(row.interchange_id or 0).control_number
        text = f"no acknowledgment from {row.partner} for {row.code} {row.business_number}, sent in interchange {number}"
        unit.events.tell("acknowledgment.overdue", flow.subject, text, partner=row.partner, control_number=number)
        return Done("await", until=now + ASK_AGAIN)

    return record
