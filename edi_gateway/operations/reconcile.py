"""Reconcile: what went between a backup and its restore is found out, by asking the other sides and from copies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import msgspec

from edi_gateway.documents.catalog import SET_OF
from edi_gateway.erp.base import Erp
from edi_gateway.errors import NeedsPerson, TryAgain
from edi_gateway.operations.after_restore import RESTORED
from edi_gateway.operations.moving import go_on
from edi_gateway.operations.on_record import Recorded, Told, put_on_record
from edi_gateway.operations.restore_outboxes import lies_in_outbox
from edi_gateway.order_to_cash.sscc import is_sscc
from edi_gateway.pipeline.inbound.deliver import Deliver
from edi_gateway.pipeline.outbound.owing import give
from edi_gateway.pipeline.outbound.route import counters_of, routed
from edi_gateway.pipeline.outbound.send import arrived, await_answers
from edi_gateway.pipeline.outcome import Done, Retry
from edi_gateway.pipeline.tools import Tools
from edi_gateway.store.quiet import HAD_GONE, LEFT_THERE
from edi_gateway.store.rows import FlowRow, TransactionRow
from edi_gateway.store.unit import Unit
from edi_gateway.trading.connection import MailboxConnection
from edi_gateway.trading.usage import USAGES
from edi_gateway.transports.base import Receipt
from edi_gateway.wording import count
from edi_gateway.x12.envelope import TransactionSet

_SENT_SINCE = Told("out", "sent", "none", HAD_GONE)
_WITH_IDENTIFIER = 20
_KIND_OF = {code: kind for kind, code in SET_OF.items()}


class Reconciled(NamedTuple):
    """How many of what a restore held had gone, go on because they had not, and still wait for a person."""

    gone: int
    go_on: int
    unknown: int


def ask_others(tools: Tools, erps: Mapping[str, Erp], *, by: str) -> Reconciled:
    """Asks the ERP and the partners' servers about everything that a restore held; what nobody can tell stays held."""
    found = {"gone": 0, "go on": 0, "unknown": 0}
    with tools.store.read() as unit:
        held = [flow for flow in unit.flows.in_state("held") if flow.because.startswith(RESTORED)]
    for flow in held:
        found[_ask(tools, erps, flow, by)] += 1
    return Reconciled(found["gone"], found["go on"], found["unknown"])


def _ask(tools: Tools, erps: Mapping[str, Erp], flow: FlowRow, by: str) -> str:
    try:
        if flow.stage == "deliver":
            return _ask_erp(replace(tools, erps=erps), flow, by)
        if flow.stage == "send":
            return _ask_server(tools, flow, by)
    except (NeedsPerson, TryAgain):
        pass
    return "unknown"


def _ask_erp(tools: Tools, flow: FlowRow, by: str) -> str:
    """As the stage asks after a crash: a change is told once more under its id, for only its answer says what came of it."""
    found = Deliver().ask(flow, tools)
    with tools.store.write() as unit:
        match found(unit):
            case Done() as done:
                go_on(unit, flow, done, "the ERP has it")
                return _told(unit, flow, by, "the ERP has it", "gone")
            case Retry(because):
                unit.flows.move(flow, state="ready", because="", due_at=unit.clock.now())
                return _told(unit, flow, by, f"{because}: it goes on", "go on")
    return "unknown"


def _ask_server(tools: Tools, flow: FlowRow, by: str) -> str:
    with tools.store.read() as unit:
        transmission = unit.transmissions.get(int(flow.subject_id))
        with unit.payloads.open(transmission.payload) as payload:
            size = payload.seek(0, 2)
    sink = tools.sink(transmission.connection)
    receipt = sink.sent(transmission.name, size)
    with tools.store.write() as unit:
        if receipt is not None:
            outcome = arrived(flow, receipt, tools.directory)(unit)
            go_on(unit, flow, outcome if isinstance(outcome, Done) else Done(), "it had gone")
            return _told(unit, flow, by, f"{transmission.name} is there: it had gone", "gone")
        if sink.sees_everything and _mailbox(tools, transmission.connection) is None:
            unit.flows.move(flow, state="ready", because="", due_at=unit.clock.now())
            return _told(unit, flow, by, f"{transmission.name} is not there: it goes on", "go on")
    return "unknown"


def _mailbox(tools: Tools, connection: str) -> MailboxConnection | None:
    """The connection, where it is a mailbox of ours: who fetched what from it since the backup, nobody knows there either."""
    ours = (one for one in tools.directory.connections if isinstance(one, MailboxConnection))
    return next((one for one in ours if one.name == connection), None)


def record_sent(tools: Tools, name: str, body: bytes, *, by: str, data: Path | None = None) -> int:
    """Puts a copy of an interchange that had gone since the backup on record; returns how many sets of it there are.

    Our numbers go on behind its own, its business numbers and labels are taken, what is agreed to be acknowledged is awaited from
    now on, and what a restore held of the same documents ends: they are owed no longer. Copies come
    from a VAN's report, a partner, the disk of the machine that died, or the outbox in the
    ``data`` folder that they lie in for the partner still.
    """
    with tools.store.write() as unit:
        if (held := _written_before(unit, body)) is not None:
            return _had_gone(unit, tools, held, name, by)
        recorded = put_on_record(unit, tools, body, name, _SENT_SINCE)
        if data is not None:
            _look_into_outbox(unit, tools, recorded[0].row, body, data)
        for each in recorded:
            _take_numbers(unit, tools, each)
            _end_held(unit, each)
        await_answers(unit, [each.row for each in recorded], tools.directory)
        text = f"{name}, {count(len(recorded), 'set')}, had gone since the backup"
        unit.events.tell("interchange.found_sent", f"interchange:{recorded[0].row.interchange_id}", text, actor=by)
    return len(recorded)


def _written_before(unit: Unit, body: bytes) -> FlowRow | None:
    """What a restore held at ``send`` with these very bytes: they were written before the backup and went after it."""
    moved = unit.transmissions.of_payload("out", sha256(body).hexdigest())
    flows = [flow for one in moved for flow in unit.flows.of(f"transmission:{one.id}")]
    return next((flow for flow in flows if flow.state == "held" and flow.because.startswith(RESTORED)), None)


def _had_gone(unit: Unit, tools: Tools, flow: FlowRow, name: str, by: str) -> int:
    outcome = arrived(flow, Receipt(name, _SENT_SINCE.detail), tools.directory)(unit)
    go_on(unit, flow, outcome if isinstance(outcome, Done) else Done(), "it had gone")
    _told(unit, flow, by, f"{name} had gone since the backup", "gone")
    return len(unit.transactions.in_transmission(int(flow.subject_id)))


def _look_into_outbox(unit: Unit, tools: Tools, row: TransactionRow, body: bytes, data: Path) -> None:
    """What lies in a mailbox of ours is still to be fetched from it: the backup had the file, and not that it went."""
    gone = unit.transmissions.get(unit.interchanges.get(row.interchange_id or 0).transmission_id or 0)
    mailbox = _mailbox(tools, gone.connection)
    if mailbox is not None and lies_in_outbox(data, mailbox.account, gone.name, body):
        unit.transmissions.change(gone.id, detail=LEFT_THERE)


def _take_numbers(unit: Unit, tools: Tools, one: Recorded) -> None:
    row, partner = one.row, one.partner
    route, heading = routed(unit, row, tools.directory)
    ours = str(tools.directory.identity(partner.under(USAGES.get(row.usage)).ours).interchange)
    interchange, group = unit.interchanges.get(row.interchange_id or 0), unit.interchanges.group(row.group_id or 0)
    given = {"interchange": interchange.control_number, f"group {heading.code}": group.control_number}
    unseen = partner.control_numbers.start - 1 + unit.control_numbers.jumped()  # others may have gone of which there is no copy
    for what, number in given.items():
        for scope in counters_of(what, route, partner, ours) if number.strip().isdigit() else ():
            unit.control_numbers.raise_to(scope, max(int(number), unseen))
    if row.code in _KIND_OF and row.business_number:
        unit.documents.claim(partner.name, _KIND_OF[row.code], row.business_number, f"transaction:{row.id}"[:32], usage=row.usage)
    unit.label_uses.use(_labels(one.set), f"transaction:{row.id}"[:32], usage=row.usage)


def _labels(found: TransactionSet) -> list[str]:
    """The SSCCs of a ship notice that went (MAN02, MAN05), without the application identifier 00 that may stand before them."""
    marks = [text for segment in found.segments if segment[0] == "MAN" for text in segment[2::3]]
    bare = [text.removeprefix("00") if len(text) == _WITH_IDENTIFIER else text for text in marks]
    return [label for label in bare if is_sscc(label)]


def _end_held(unit: Unit, one: Recorded) -> None:
    """What was on its way at the backup and is the same document had gone: it is not sent once more."""
    for flow in unit.flows.in_state("held"):
        if flow.partner == one.partner.name and flow.because.startswith(RESTORED) and _is_same(unit, flow, one):
            unit.flows.move(flow, state="done", because=f"it had gone, as set {one.row.id}")
            for document in _documents(unit, flow):
                give(unit, msgspec.structs.replace(one.row, document_id=document))


def _is_same(unit: Unit, flow: FlowRow, one: Recorded) -> bool:
    kind, _, id = flow.subject.partition(":")
    found = one.row.code, one.row.business_number, one.row.usage
    if kind == "document":
        row = unit.documents.find(id)
        return row is not None and (SET_OF.get(row.kind), row.number, row.usage) == found
    sets = []
    if kind == "transaction":
        sets = [unit.transactions.get(int(id))]
    elif kind == "transmission" and flow.stage == "send":
        sets = unit.transactions.in_transmission(int(id))
    return [(each.code, each.business_number, each.usage) for each in sets] == [found]


def _documents(unit: Unit, flow: FlowRow) -> list[str | None]:
    """The document that a flow carries on, as itself, as a set, or as the only set of an interchange."""
    kind, _, id = flow.subject.partition(":")
    if kind == "document":
        return [id]
    sets = [unit.transactions.get(int(id))] if kind == "transaction" else unit.transactions.in_transmission(int(id))
    return [each.document_id for each in sets]


def _told(unit: Unit, flow: FlowRow, by: str, text: str, how: str) -> str:
    unit.events.tell("flow.reconciled", flow.subject, text, partner=flow.partner, actor=by)
    return how
