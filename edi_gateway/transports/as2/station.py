"""Answers what comes in over AS2: messages are opened, put on record and receipted; receipts are matched to what we sent.

Nothing is told to a sender before it is on record. A message that is refused leaves nothing to process behind.
"""

from __future__ import annotations

from collections.abc import Mapping
from mmap import mmap
from typing import NamedTuple

from edi_gateway.errors import NeedsPerson
from edi_gateway.transports.as2.addresses import is_allowed
from edi_gateway.transports.as2.disposition import Disposition, Failure
from edi_gateway.transports.as2.excepted import by_exception
from edi_gateway.transports.as2.journal import Arrival, Evidence, Journal, SentState
from edi_gateway.transports.as2.matching import judge
from edi_gateway.transports.as2.mdn import Mdn, is_receipt
from edi_gateway.transports.as2.mic import USUAL, Mic
from edi_gateway.transports.as2.mime.entity import Entity
from edi_gateway.transports.as2.mime.errors import MimeError
from edi_gateway.transports.as2.mime.headers import Headers
from edi_gateway.transports.as2.mime.region import Region
from edi_gateway.transports.as2.names import new_message_id, read_message_id, read_name
from edi_gateway.transports.as2.receipt_request import ReceiptRequest
from edi_gateway.transports.as2.refusal import Refused
from edi_gateway.transports.as2.relation import EXPIRED, Clocked, Relation, Relations
from edi_gateway.transports.as2.unpacking import Opened, ReceivedPart, Trust, open_message
from edi_gateway.transports.as2.wire import Answer, envelope, joined, told


class Station:
    """Our end of AS2 for whoever writes to us; many threads may use it at once."""

    def __init__(self, relations: Relations, journal: Journal, clock: Clocked) -> None:
        self.relations, self.journal, self.clock = relations, journal, clock

    def largest(self, headers: Mapping[str, str]) -> int:
        """How many bytes of a request may be read: nothing from strangers."""
        try:
            relation = self._relation(_Head.read(headers))
        except MimeError:
            return 0
        return relation.largest if relation else 0

    def answer(self, headers: Mapping[str, str], body: bytes | mmap) -> Answer:
        """Takes one request, and returns what to answer when everything about it is on record."""
        try:
            head = _Head.read(headers)
            if head.sender == head.receiver:
                return told(400, f"{Failure.SELF}: nobody writes to himself")
            relation = self._relation(head)
            if relation is None:
                return _to_stranger(head)
            entity = Entity(head.headers, Region.of(body), Region.of(body))
        except MimeError as error:
            return told(400, error.what)
        return _Reception(self, relation, head, entity).answer()

    def _relation(self, head: _Head) -> Relation | None:
        return self.relations.between(head.receiver, head.sender)


class _Head(NamedTuple):
    """Who writes to whom, and under which id."""

    headers: Headers
    sender: str
    receiver: str
    message_id: str

    @classmethod
    def read(cls, headers: Mapping[str, str]) -> _Head:
        fields = Headers(headers.items())
        sender, receiver = read_name(fields.get("as2-from", "")), read_name(fields.get("as2-to", ""))
        return cls(fields, sender, receiver, fields.get("message-id", "").strip())


def _to_stranger(head: _Head) -> Answer:
    """A sender we do not know is told so, unsigned, in the answer; no address of its is ever called."""
    what = f"nothing is agreed between {head.sender} and {head.receiver}"
    if "disposition-notification-to" not in head.headers or not head.message_id:
        return told(403, what)
    mdn = Mdn(read_message_id(head.message_id), head.receiver, Disposition.of(Failure.RELATIONSHIP), text=what)
    draft = mdn.draft()
    return Answer(200, draft.fields, joined(draft.body))


class _Reception:
    """One request of somebody we know."""

    def __init__(self, station: Station, relation: Relation, head: _Head, entity: Entity) -> None:
        self._relation, self._head, self._entity = relation, head, entity
        self._journal, self._now = station.journal, station.clock.now()
        self._keys = station.relations.keys(relation)
        self._allowed = relation.allowed(self._now.date())
        self._request, self._digest = ReceiptRequest(), USUAL

    def answer(self) -> Answer:
        opened: Opened | None = None
        refusal: Refused | None = None
        try:
            known = self._journal.answered(self._relation, self._head.message_id) if self._head.message_id else None
            if known is not None:
                return known
            self._request = ReceiptRequest.read(self._head.headers)
            opened = open_message(self._entity, self._trust())
            if is_receipt(opened.entity):
                return self._receipt(opened)
            parts = self._accepted(opened)
            self._digest = self._request.digest(opened.signature.digest if opened.signature else None, self._allowed)
        except Refused as error:
            refusal, parts = error, []
        except NeedsPerson as error:
            return self._unable(error)
        return self._record(opened, parts, refusal)

    def _trust(self) -> Trust:
        return Trust(self._keys.ours(), self._keys.theirs(), self._allowed, self._relation.largest)

    # -- messages --------------------------------------------------------------------------------

    def _accepted(self, opened: Opened) -> list[ReceivedPart]:
        """The payloads of a message that is as agreed. Raises Refused."""
        if self._relation.must_be_signed and opened.signature is None:
            raise Refused(Failure.SECURITY, "it is not signed, and it has been agreed that it is")
        if self._relation.must_be_encrypted and opened.cipher is None:
            raise Refused(Failure.SECURITY, "it is not encrypted, and it has been agreed that it is")
        self._refuse_expired(opened)
        return opened.parts()

    def _refuse_expired(self, opened: Opened) -> None:
        if opened.signature and opened.signature.certificate in self._keys.expired() and EXPIRED not in self._allowed:
            ended = opened.signature.certificate.not_valid_after_utc
            raise Refused(Failure.AUTHENTICATION, f"the certificate it is signed with expired on {ended:%Y-%m-%d}")

    def _record(self, opened: Opened | None, parts: list[ReceivedPart], refusal: Refused | None) -> Answer:
        try:
            message_id = read_message_id(self._head.message_id)
        except MimeError as error:
            self._tell("as2.refused", error.what)
            return told(400, f"{Failure.MESSAGE_ID}: {error.what}")
        if self._request.url and not is_allowed(self._request.url, self._relation.receipt_addresses):
            what = f"receipts are not delivered to {self._request.url[:200]}"
            self._tell("as2.refused", f"message {message_id} was not taken: {what}")
            return told(403, what)
        mic = opened.mic(self._digest) if opened and not refusal else None
        try:
            receipt = self._write_receipt(message_id, mic, refusal)
        except NeedsPerson as error:
            return self._unable(error)
        if refusal and not receipt:
            answer = told(400, f"{refusal.failure}: {refusal.what}")
        else:
            answer = receipt if receipt and not self._request.url else Answer(200)
        arrival = Arrival(
            relation=self._relation,
            message_id=message_id,
            headers=self._head.headers,
            wire=self._entity.body,
            parts=parts,
            mic=mic,
            answer=answer,
            receipt=receipt if self._request.url else None,
            receipt_to=self._request.url,
            refused=f"{refusal.failure}: {refusal.what}" if refusal else "",
            alerts=() if refusal or opened is None else tuple(by_exception(opened, self._keys)),
        )
        return self._journal.record(arrival)

    def _write_receipt(self, message_id: str, mic: Mic | None, refusal: Refused | None) -> Answer | None:
        """The receipt for a message; None where none was asked for. Raises NeedsPerson where we cannot sign."""
        if not self._request.wanted:
            return None
        text = refusal.what if refusal else "The message was received, and its payload is on record. It has not been read yet."
        mdn = Mdn(message_id, self._relation.ours, Disposition.of(refusal.failure if refusal else None), mic, text)
        draft = mdn.signed(self._digest, self._now, self._keys.signer()) if self._request.signed else mdn.draft()
        new_id = new_message_id(self._relation.ours)
        fields = envelope(self._relation.ours, self._relation.theirs, new_id, self._now, draft)
        return Answer(200, fields, joined(draft.body))

    # -- receipts --------------------------------------------------------------------------------

    def _receipt(self, opened: Opened) -> Answer:
        """A receipt for a message of ours, delivered later than its answer. One that proves nothing changes nothing."""
        self._refuse_expired(opened)
        mdn = Mdn.read(opened)
        for alert in by_exception(opened, self._keys):
            self._tell("as2.exception", f"of a receipt of {self._relation.theirs}: {alert}")
        sent = self._journal.sent_as(self._relation, mdn.original)
        if sent is None:
            self._journal.orphan(self._relation, self._evidence(mdn, "unproven", "it is for no message of ours"))
            return Answer(200)
        if self._relation.receipt_signed and opened.signature is None:
            self._tell("as2.receipt_refused", f"an unsigned receipt for {sent.message_id} was not taken: {mdn.disposition}")
            return told(400, "a receipt of this relation has to be signed")
        verdict = judge(mdn, opened.signature is not None, sent, self._relation)
        self._journal.settle(self._relation, self._evidence(mdn, verdict.state, verdict.said, sent.message_id))
        return Answer(200)

    def _evidence(self, mdn: Mdn, state: SentState, said: str, message_id: str = "") -> Evidence:
        wire = self._entity.body.copied()
        return Evidence(message_id or mdn.original, state, said, mdn.disposition, self._head.headers, wire)

    # -- what a person has to know ---------------------------------------------------------------

    def _unable(self, error: NeedsPerson) -> Answer:
        """Something of ours is missing: the sender is asked to try again later, nothing is taken."""
        self._tell("as2.unable", f"a message of {self._relation.theirs} could not be taken: {error}")
        return told(503, "not able to take messages now; please try again later")

    def _tell(self, kind: str, text: str) -> None:
        self._journal.tell(self._relation, kind, text)
