"""Await: what we sent waits for the partner's acknowledgment; when it is overdue, somebody is told. Silence accepts nothing."""

from __future__ import annotations

from datetime import timedelta

from edi_gateway.pipeline.outcome import Done, Hold, Outcome
from edi_gateway.pipeline.tools import APPROVED, Record, Tools
from edi_gateway.store.rows import FlowRow, TransactionRow, findings_from_text
from edi_gateway.store.unit import Unit
from edi_gateway.trading.directory import USAGES, Directory, NoAgreement
from edi_gateway.x12.acknowledgment import Verdict

UNANSWERED = ("awaited", "overdue")
REJECTED = (str(Verdict.REJECTED), str(Verdict.PARTIALLY_ACCEPTED))
ASK_AGAIN = timedelta(days=1)  # an overdue answer is told again every day


def awaited_within(row: TransactionRow, directory: Directory) -> timedelta:
    """How long the partner may take to acknowledge a set, by the agreement it went out under."""
    partner = directory.partner(row.partner or "")
    usage = USAGES[row.usage]
    agreement = directory.agreement(partner, row.code, "out", row.release, usage)
    return timedelta(hours=24) if isinstance(agreement, NoAgreement) else agreement.awaits.within


def await_acknowledgment(flow: FlowRow, tools: Tools) -> Record:
    """Runs when the answer came or is due: accepted, the way ends; rejected, a person has to look; overdue, somebody is told."""

    def record(unit: Unit) -> Outcome:
        row = unit.transactions.get(int(flow.subject_id))
        if row.acknowledgment in REJECTED and not flow.position.startswith(APPROVED):
            return Hold(_rejection(row))
        if row.acknowledgment not in UNANSWERED:
            return Done()
        now = unit.clock.now()
        unit.transactions.change(row.id, acknowledgment="overdue")
        number = unit.interchanges.get(row.interchange_id or 0).control_number
        text = f"no acknowledgment from {row.partner} for {row.code} {row.business_number}, sent in interchange {number}"
        unit.events.tell("acknowledgment.overdue", flow.subject, text, partner=row.partner, control_number=number)
        return Done("await", until=now + ASK_AGAIN)

    return record


def _rejection(row: TransactionRow) -> str:
    """What they say is wrong with it, and what to do."""
    said = "; ".join(finding.sentence for finding in findings_from_text(row.partner_findings)[:3])
    text = f"{row.partner} answered {row.code} {row.business_number}: {row.acknowledgment}"
    return f"{text}{': ' + said if said else ''} — mend it and send it again under new control numbers"
