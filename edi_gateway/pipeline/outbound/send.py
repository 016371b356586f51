"""Send: the interchange goes over its connection; the same bytes under the same name at every retry."""

from __future__ import annotations

from edi_gateway.pipeline.outbound.awaiting import REJECTED, UNANSWERED, answer_due
from edi_gateway.pipeline.outcome import Done, Outcome, Retry
from edi_gateway.pipeline.tools import Record, Tools
from edi_gateway.store.rows import FlowRow, TransactionRow
from edi_gateway.store.unit import Unit
from edi_gateway.trading.directory import Directory
from edi_gateway.transports.base import Receipt


class Send:
    """Touches the wire between two commits. After a crash in between the other side is asked."""

    def key(self, flow: FlowRow, unit: Unit) -> str:
        transmission = unit.transmissions.get(int(flow.subject_id))
        return f"{transmission.connection}/{transmission.name}"[:80]

    def do(self, flow: FlowRow, tools: Tools) -> Record:
        """Sends it."""
        with tools.store.read() as unit:
            transmission = unit.transmissions.get(int(flow.subject_id))
            payload = unit.payloads.open(transmission.payload)
        with payload:
            receipt = tools.sink(transmission.connection).send(transmission.name, payload)
        return _arrived(flow, receipt, tools.directory)

    def ask(self, flow: FlowRow, tools: Tools) -> Record:
        """Did it arrive? If it cannot be seen there, the same bytes go again under the same name: a retry, not a new document."""
        with tools.store.read() as unit:
            transmission = unit.transmissions.get(int(flow.subject_id))
            with unit.payloads.open(transmission.payload) as payload:
                size = payload.seek(0, 2)
        receipt = tools.sink(transmission.connection).sent(transmission.name, size)
        if receipt is not None:
            return _arrived(flow, receipt, tools.directory)
        return lambda _unit: Retry("the gateway stopped while it was sending; it is not seen on the other side")


def _arrived(flow: FlowRow, receipt: Receipt, directory: Directory) -> Record:
    def record(unit: Unit) -> Outcome:
        now = unit.clock.now()
        unit.transmissions.change(int(flow.subject_id), state="sent", detail=receipt.detail, told_at=now)
        sets = unit.transactions.in_transmission(int(flow.subject_id))
        for one in sets:
            unit.transactions.change(one.id, delivery="sent")
            text = f"{one.code} {one.business_number} sent as {receipt.reference}"
            unit.events.tell("set.sent", f"transaction:{one.id}", text, partner=one.partner, control_number=one.control_number)
        return _then(unit, sets, directory)

    return record


def _then(unit: Unit, sets: list[TransactionRow], directory: Directory) -> Outcome:
    """Waits for the partner's answer, unless it came already or none is expected. One that came and rejects it is looked at."""
    waiting = [one for one in sets if one.acknowledgment in UNANSWERED]
    if not waiting:
        rejected = [one for one in sets if one.acknowledgment in REJECTED]
        return Done("await", subject=f"transaction:{rejected[0].id}") if rejected else Done()
    first = waiting[0]
    due = answer_due(first, directory, unit.clock.now())
    for one in waiting:
        unit.transactions.change(one.id, acknowledgment_due_at=due)
    return Done("await", subject=f"transaction:{first.id}", until=due)
