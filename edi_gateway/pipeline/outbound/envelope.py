"""Envelope: gives a set its control numbers and writes the interchange, all in the transaction that records it.

A number is taken and used in one commit, so a crash leaves no gap and nothing goes out under a number twice.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from edi_gateway.pipeline.outbound.awaiting import agreement_of
from edi_gateway.pipeline.outcome import Done, Outcome
from edi_gateway.pipeline.tools import Record, Tools
from edi_gateway.store.rows import FlowRow, TransactionRow
from edi_gateway.store.unit import Unit
from edi_gateway.trading.directory import USAGES
from edi_gateway.trading.profile import Agreement, EnvelopeTerms, OurIdentity, TradingPartner
from edi_gateway.x12 import standard
from edi_gateway.x12.envelope import Identity, Interchange, Segment
from edi_gateway.x12.writer import GroupHeader, InterchangeHeader, write_interchange

TA1_ALONE = "TA1"


def envelope(flow: FlowRow, tools: Tools) -> Record:
    """Writes the interchange of one set (or of one TA1, which stands in an interchange by itself)."""

    def record(unit: Unit) -> Outcome:
        row = unit.transactions.get(int(flow.subject_id))
        partner = tools.directory.partner(row.partner or "")
        identified = partner.under(USAGES.get(row.usage))
        ours = tools.directory.identity(identified.ours)
        segments = msgspec.json.decode(row.segments, type=list[Segment])
        written = _Envelope(unit, row, partner, ours, agreement_of(row, tools.directory)).write(segments)
        return Done("send", subject=f"transmission:{written}", connection=identified.connection)

    return record


class _Ids(NamedTuple):
    """Who writes to whom, on the ISA and on the GS."""

    sender: Identity
    receiver: Identity
    sender_group: str
    receiver_group: str


def _ids_of_answer(unit: Unit, row: TransactionRow) -> _Ids | None:
    """An acknowledgment goes back to the very ids that wrote, under those they wrote to; None for what answers nothing."""
    asked = unit.interchanges.asked(row.id)
    if asked is None:
        return None
    theirs = msgspec.json.decode(asked[0].isa, type=Interchange)
    gs = msgspec.json.decode(asked[1].gs, type=list[str]) if asked[1] else []
    by, to = ((gs + [""] * 4)[place].strip() for place in (2, 3))
    return _Ids(theirs.receiver, theirs.sender, to, by)


class _Envelope:
    """One interchange being written."""

    def __init__(
        self, unit: Unit, row: TransactionRow, partner: TradingPartner, ours: OurIdentity, agreement: Agreement | None
    ) -> None:
        self._unit, self._row, self._partner, self._ours = unit, row, partner, ours
        self._theirs = partner.under(USAGES.get(row.usage))
        self._own = agreement.envelope if agreement else EnvelopeTerms()
        self._marks = partner.marks_for(agreement)
        self._ids = _ids_of_answer(unit, row) or _Ids(
            ours.interchange,
            self._own.receiver or self._theirs.interchange[0],
            self._own.sender_group or ours.group,
            self._own.receiver_group or self._theirs.group[0],
        )

    def write(self, segments: list[Segment]) -> int:
        """Numbers, writes and records it; returns the transmission's id."""
        interchange_number = self._next("interchange")
        header = InterchangeHeader(
            sender=self._ids.sender,
            receiver=self._ids.receiver,
            control_number=interchange_number,
            version=self._own.interchange_version or self._partner.interchange_version,
            usage=self._row.usage,
            acknowledgment_requested=self._partner.request_interchange_acknowledgment and not self._is_answer,
            at=self._unit.clock.now(),
        )
        if self._row.code == TA1_ALONE:
            body = write_interchange(header, (), self._marks, ta1=segments)
            return self._record(header, None, body)
        group = GroupHeader(
            code=standard.group_code(self._row.code) or "",
            sender=self._ids.sender_group,
            receiver=self._ids.receiver_group,
            control_number=self._next(f"group {standard.group_code(self._row.code)}"),
            release=self._row.release,
            at=self._unit.clock.now(),
        )
        numbered = [["ST", self._row.code, "0001"], *segments, ["SE", str(len(segments) + 2), "0001"]]
        body = write_interchange(header, [(group, [numbered])], self._marks)
        return self._record(header, group, body)

    @property
    def _is_answer(self) -> bool:
        return self._row.code in ("997", "999", TA1_ALONE)

    def _next(self, what: str) -> int:
        terms = self._partner.control_numbers
        whose = f"{self._ours.interchange}"
        if terms.scope == "partner":
            whose += f"|{self._partner.interchange[0]}"
        return self._unit.control_numbers.next(f"{what}|{whose}", start=terms.start, most=terms.most)

    def _record(self, header: InterchangeHeader, group: GroupHeader | None, body: bytes) -> int:
        number = f"{header.control_number:09d}"
        name = self._unused_name(f"{self._row.code.lower()}_{self._partner.name}_{number}")
        transmission = self._unit.transmissions.add(
            direction="out",
            connection=self._theirs.connection,
            partner=self._partner.name,
            payload=self._unit.payloads.put(body),
            name=name,
            identity=name,
            state="to send",
        )
        interchange = self._unit.interchanges.add(
            transmission_id=transmission,
            direction="out",
            partner=self._partner.name,
            sender=str(header.sender),
            receiver=str(header.receiver),
            control_number=number,
            version=header.version,
            usage=header.usage,
            start=0,
            state="written",
            isa="",
            acknowledgment="awaited" if header.acknowledgment_requested else "none",
        )
        group_row = self._record_group(interchange, group) if group else None
        self._unit.transactions.change(
            self._row.id, interchange_id=interchange, group_id=group_row, control_number="0001", segments=""
        )
        return transmission

    def _unused_name(self, stem: str) -> str:
        """A name of its own for every interchange, also when its number comes round again."""
        name, round_ = f"{stem}.edi", 1
        while self._unit.transmissions.named("out", self._theirs.connection, name):
            round_ += 1
            name = f"{stem}_{round_}.edi"
        return name

    def _record_group(self, interchange: int, group: GroupHeader) -> int:
        return self._unit.interchanges.add_group(
            interchange_id=interchange,
            code=group.code,
            control_number=str(group.control_number),
            release=group.release,
            gs=msgspec.json.encode([group.sender, group.receiver]).decode(),
            declared=1,
            received=1,
            acknowledgment="none" if self._is_answer else "awaited",
        )
