"""What the AS2 transport puts on record: messages with their payloads and answers in one transaction, and receipts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

import msgspec

from edi_gateway.errors import Defect
from edi_gateway.files import Content
from edi_gateway.pipeline.inbound.receive import take_in
from edi_gateway.pipeline.outbound.originals import UNCONFIRMED
from edi_gateway.pipeline.outbound.send import CONFIRMED
from edi_gateway.store import payloads
from edi_gateway.store.as2_messages import OWED, As2MessageRow, Kept, public_fields
from edi_gateway.store.database import Database
from edi_gateway.store.unit import Unit
from edi_gateway.transports.as2.cms.der import Piece
from edi_gateway.transports.as2.journal import Arrival, Evidence, Sent, SentState
from edi_gateway.transports.as2.mic import Mic
from edi_gateway.transports.as2.relation import Relation
from edi_gateway.transports.as2.wire import Answer

_IN_MEMORY = 1 << 20


def answer_of(text: str) -> Answer:
    """An answer or a receipt of ours as it was kept."""
    kept = Kept.read(text)
    return Answer(kept.status, kept.fields, kept.content)


def at_the_next_look() -> None:
    """Where nobody is to hear that a receipt is owed: the job that delivers them finds it."""


class StoreJournal:
    """The journal of the transport over one store; ``owes`` hears when a receipt is to be delivered later."""

    def __init__(self, store: Database, owes: Callable[[], None]) -> None:
        self._store, self._owes = store, owes

    # -- what comes ------------------------------------------------------------------------------

    def answered(self, relation: Relation, message_id: str) -> Answer | None:
        """The answer a message of that id got when it was taken; a receipt that was owed for later is owed again."""
        with self._store.read() as unit:
            row = unit.as2_messages.find("in", relation.theirs, relation.ours, message_id)
        if row is None or row.state == "refused":
            return None
        with self._store.write() as unit:
            text = f"message {message_id} came again and gets the answer it got before; nothing is processed twice"
            unit.events.tell("as2.repeated", f"as2:{row.id}", text, partner=relation.partner)
            if row.receipt_to:
                unit.as2_messages.change(row.id, receipt_state=OWED, due_at=unit.clock.now(), tries=0)
        self._owes()
        return answer_of(row.answer)

    def record(self, arrival: Arrival) -> Answer:
        """Puts a message and its payloads on record and on their way, with their answer, all or nothing."""
        relation = arrival.relation
        wire = payloads.stage(arrival.wire.stream(), self._store.files)
        parts = [(part.file_name, payloads.stage(part.content.stream(), self._store.files)) for part in arrival.parts]
        with self._store.write() as unit:
            taken = unit.as2_messages.claim(
                direction="in",
                sender=relation.theirs,
                receiver=relation.ours,
                message_id=arrival.message_id,
                connection=relation.connection,
                name=", ".join(part.file_name for part in arrival.parts if part.file_name),
                fields=_fields(arrival.headers),
                wire=unit.payloads.record(wire),
                size=wire.size,
                mic=str(arrival.mic or ""),
                state="refused" if arrival.refused else "taken",
                said=arrival.refused,
                answer=Kept.of(*arrival.answer),
                receipt=Kept.of(*arrival.receipt) if arrival.receipt else "",
                receipt_to=arrival.receipt_to,
                receipt_state=OWED if arrival.receipt else "",
                due_at=unit.clock.now() if arrival.receipt else None,
            )
            if taken:
                self._take(unit, arrival, parts)
        if not taken:
            known = self.answered(relation, arrival.message_id)
            if known is None:
                raise Defect(f"message {arrival.message_id} is on record and has no answer")
            return known
        if arrival.receipt:
            self._owes()
        return arrival.answer

    def _take(self, unit: Unit, arrival: Arrival, parts: list[tuple[str, payloads.Staged]]) -> None:
        relation, subject = arrival.relation, f"as2:{arrival.message_id}"[:120]
        if arrival.refused:
            text = f"message {arrival.message_id} of {relation.theirs} is refused: {arrival.refused}"
            unit.events.tell("as2.refused", subject, text, partner=relation.partner)
        for alert in arrival.alerts:
            text = f"taken by exception from {relation.theirs}: {alert}"
            unit.events.tell("as2.exception", subject, text, partner=relation.partner)
        for number, (name, staged) in enumerate(parts, 1):
            identity = f"as2|{arrival.message_id}|{number}"
            take_in(unit, staged, connection=relation.connection, name=name or arrival.message_id, identity=identity)

    # -- what goes -------------------------------------------------------------------------------

    def sent(self, connection: str, name: str) -> Sent | None:
        """The newest message a payload of that name went out in."""
        with self._store.read() as unit:
            row = unit.as2_messages.named(connection, name)
        return _sent(row) if row else None

    def sent_as(self, relation: Relation, message_id: str) -> Sent | None:
        """The message of ours of that id, with or without angle brackets."""
        bare = message_id.strip().strip("<>")
        with self._store.read() as unit:
            row = unit.as2_messages.find("out", relation.ours, relation.theirs, f"<{bare}>")
        return _sent(row) if row else None

    def keep(self, relation: Relation, name: str, sent: Sent, wire: Iterable[Piece]) -> None:
        """Puts a message on record before it goes."""
        with SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
            file.writelines(wire)
            file.seek(0)
            staged = payloads.stage(cast(BinaryIO, file), self._store.files)
        with self._store.write() as unit:
            unit.as2_messages.put(
                direction="out",
                sender=relation.ours,
                receiver=relation.theirs,
                message_id=sent.message_id,
                connection=relation.connection,
                name=name,
                fields=msgspec.json.encode(sent.fields).decode(),
                wire=unit.payloads.record(staged),
                size=sent.size,
                mic=str(sent.mic),
                content=sent.content.sha256 if sent.content else "",
                content_size=sent.content.size if sent.content else 0,
                state=sent.state,
            )

    def wire(self, message_id: str) -> BinaryIO:
        """The body of a message of ours, as it went the first time."""
        with self._store.read() as unit:
            row = _known(unit.as2_messages.sent(message_id), message_id)
            return unit.payloads.open(row.wire or "")

    def change(self, message_id: str, **changes: object) -> None:
        """Changes fields of a message of ours: state, tries, due, said, is_told."""
        if "due" in changes:
            changes["due_at"] = changes.pop("due")
        with self._store.write() as unit:
            unit.as2_messages.change(_known(unit.as2_messages.sent(message_id), message_id).id, **changes)

    def posted(self, message_id: str, due: datetime) -> Sent:
        """A message of ours has arrived there, and its receipt is due later; unless that was faster, and has settled it."""
        with self._store.write() as unit:
            row = _known(unit.as2_messages.sent(message_id), message_id)
            if row.state in ("to send", "awaiting"):
                unit.as2_messages.change(row.id, state="awaiting", due_at=due)
                row = _known(unit.as2_messages.sent(message_id), message_id)
        return _sent(row)

    def settle(self, relation: Relation, evidence: Evidence) -> None:
        """Keeps a receipt with the message it is for, and lets whatever waits for it go on."""
        with self._store.write() as unit:
            row = _known(unit.as2_messages.sent(evidence.original), evidence.original)
            kind = {"confirmed": "as2.confirmed", "refused": "as2.refused_by_partner"}.get(evidence.state, "as2.unproven")
            unit.events.tell(kind, f"as2:{row.id}", f"{row.name}: {evidence.said}", partner=relation.partner)
            if row.state == "confirmed":
                return  # what is proved stays proved, whatever comes after it
            receipt = Kept.of(200, evidence.headers.items(), evidence.wire)
            unit.as2_messages.change(row.id, state=evidence.state, said=evidence.said, receipt=receipt)
            _wake(unit, row, evidence.state, unit.clock.now())

    def orphan(self, relation: Relation, evidence: Evidence) -> None:
        """Keeps a receipt for a message we never sent."""
        with self._store.write() as unit:
            unit.as2_messages.put(
                direction="receipt",
                sender=relation.theirs,
                receiver=relation.ours,
                message_id=evidence.original[:998],
                connection=relation.connection,
                fields=_fields(evidence.headers),
                state="orphan",
                said=f"{evidence.disposition}",
                receipt=Kept.of(200, evidence.headers.items(), evidence.wire),
            )
            text = f"{relation.theirs} sent a receipt for {evidence.original[:200]}, which we never sent: {evidence.disposition}"
            unit.events.tell("as2.orphan_receipt", f"connection:{relation.connection}", text, partner=relation.partner)

    def tell(self, relation: Relation, kind: str, text: str) -> None:
        """Tells of something a person should know."""
        with self._store.write() as unit:
            unit.events.tell(kind, f"connection:{relation.connection}", text, partner=relation.partner)


def _wake(unit: Unit, row: As2MessageRow, state: SentState, now: datetime) -> None:
    """The transmission learns what was proved, and the flow that waits for it runs again; one too that a person was asked about
    meanwhile, where it is proved that they have it: then there is nothing left to ask. One that is about to wait looks itself: it
    locks the transmission, too."""
    named = unit.transmissions.named("out", row.connection, row.name)
    if named is None:
        return
    transmission = unit.transmissions.get_locked(named.id)
    if state == "confirmed" and transmission.state in (UNCONFIRMED, "to send"):
        unit.transmissions.change(transmission.id, state=CONFIRMED, told_at=now)
    waits = ("waiting", "held", "dead") if state == "confirmed" else ("waiting",)
    for flow in unit.flows.of(f"transmission:{transmission.id}"):
        if flow.stage == "send" and flow.state in waits:
            unit.flows.move(flow, state="ready", due_at=now)


def _sent(row: As2MessageRow) -> Sent:
    mic = Mic.read(row.mic)
    if mic is None:
        raise Defect(f"message {row.message_id} has no MIC on record")
    fields = msgspec.json.decode(row.fields, type=tuple[tuple[str, str], ...])
    state = cast(SentState, row.state)
    content = Content(row.content_size, row.content) if row.content else None
    return Sent(row.message_id, fields, mic, row.size, state, row.tries, row.due_at, row.said, row.is_told, content)


def _known(row: As2MessageRow | None, message_id: str) -> As2MessageRow:
    if row is None:
        raise Defect(f"message {message_id} is not on record")
    return row


def _fields(headers: Mapping[str, str]) -> str:
    return msgspec.json.encode(public_fields(headers.items())).decode()
