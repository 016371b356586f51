"""Sends payloads over AS2: packed once, put on record, and posted until a receipt proves that they arrived.

Every retry is the same bytes under the same Message-ID, so the partner can tell a repetition and answer with the receipt it gave.
What was refused goes again, when a person lets it, as a new message.
"""

from __future__ import annotations

from hashlib import sha256
from typing import BinaryIO

from cryptography import x509

from edi_gateway.errors import NeedsPerson, TryAgain, Uncertain
from edi_gateway.files import Content, digest
from edi_gateway.transports.as2.client import Client, Reply
from edi_gateway.transports.as2.cms.algorithms import WEAK_CIPHERS, WEAK_DIGESTS
from edi_gateway.transports.as2.cms.der import size
from edi_gateway.transports.as2.excepted import by_exception
from edi_gateway.transports.as2.journal import Evidence, Journal, Sent
from edi_gateway.transports.as2.matching import judge
from edi_gateway.transports.as2.mdn import Mdn, is_receipt
from edi_gateway.transports.as2.mime.entity import Entity
from edi_gateway.transports.as2.mime.errors import MimeError
from edi_gateway.transports.as2.mime.headers import Headers
from edi_gateway.transports.as2.mime.region import Region
from edi_gateway.transports.as2.mime.writing import Draft
from edi_gateway.transports.as2.names import new_message_id, same_id
from edi_gateway.transports.as2.packing import Part, pack
from edi_gateway.transports.as2.ping import ping
from edi_gateway.transports.as2.receipt_request import asking
from edi_gateway.transports.as2.refusal import Refused
from edi_gateway.transports.as2.relation import EXPIRED, Clocked, Keys, Relation, Relations
from edi_gateway.transports.as2.unpacking import Opened, Trust, open_message
from edi_gateway.transports.as2.wire import envelope
from edi_gateway.transports.base import Receipt
from edi_gateway.transports.naming import check_name_to_send
from edi_gateway.transports.ping import Step

_FAILED = ("refused", "unproven")
MOST_UNANSWERED = 6  # posts without a receipt, before a person is asked


class As2Sink:
    """Sends to one partner; may be used by many threads."""

    def __init__(self, relation: Relation, relations: Relations, journal: Journal, client: Client, clock: Clocked) -> None:
        self._relation, self._relations = relation, relations
        self._journal, self._client, self._clock = journal, client, clock

    @property
    def sees_everything(self) -> bool:
        """A message that may have arrived can go again: under its old Message-ID it is taken once."""
        return True

    @property
    def is_at_hand(self) -> bool:
        """Never: it goes to a server of theirs, and the receipt may come back before the next one has gone."""
        return False

    def send(self, name: str, payload: BinaryIO) -> Receipt:
        """Posts the payload as one message, or posts the message it went out in again.

        The receipt says ``confirmed`` once the partner's own receipt proves it, or ``confirm_by`` when that is to come later.
        Raises NeedsPerson where the partner refuses it, or its receipt proves nothing.
        """
        check_name_to_send(name)
        sent = self._journal.sent(self._relation.connection, name)
        if sent is not None and sent.state in _FAILED:
            self._refuse_once(sent)
            sent = None
        if sent is not None:
            self._refuse_another(sent, name, payload)
        else:
            sent = self._pack(name, payload)
        if sent.state == "to send" or self._is_overdue(sent):
            sent = self._post(sent)
            if sent.state in _FAILED:
                self._refuse_once(sent)
        return self._receipt(sent)

    def may_have(self, name: str) -> bool:
        """Whether it was posted, and no receipt has said yet what became of it."""
        sent = self._journal.sent(self._relation.connection, name)
        return sent is not None and (sent.state in ("awaiting", "unproven") or (sent.state == "to send" and sent.tries > 0))

    def sent(self, name: str, size: int) -> Receipt | None:
        """What is on record about the message a payload went out in; None where it has to go (again)."""
        check_name_to_send(name)
        sent = self._journal.sent(self._relation.connection, name)
        if sent is None or sent.state not in ("awaiting", "sent", "confirmed"):
            return None
        return self._receipt(sent) if sent.content is None or sent.content.size == size else None

    def ping(self) -> tuple[Step, ...]:
        """Whether keys, certificates and the partner's server are there."""
        return ping(self._relation, self._relations.keys(self._relation), self._client, self._clock.now())

    def close(self) -> None:
        """Lets go of open connections."""
        self._client.close()

    # -- making it -------------------------------------------------------------------------------

    def _pack(self, name: str, payload: BinaryIO) -> Sent:
        relation, keys, now = self._relation, self._relations.keys(self._relation), self._clock.now()
        packing = relation.packing
        self._refuse_weak(packing.sign, packing.encrypt)
        recipients = [self._recipient(keys)] if packing.encrypt else []
        signer = keys.signer() if packing.sign else None
        body = payload.read()
        packed = pack([Part([body], relation.content_type, name)], packing, now, signer, recipients)
        message_id = new_message_id(relation.ours)
        wants = relation.receipt != "none"
        later = relation.receipt_url if relation.receipt == "asynchronous" else ""
        asked = asking(relation.ours, later, packing.digest, signed=relation.receipt_signed) if wants else ()
        about = (("Subject", name if name.isascii() and name.isprintable() else "EDI"), *asked)
        fields = envelope(relation.ours, relation.theirs, message_id, now, Draft(packed.fields, []), *about)
        content = Content(len(body), sha256(body).hexdigest())
        sent = Sent(message_id, fields, packed.mic, size(packed.body), content=content)
        self._journal.keep(relation, name, sent, packed.body)
        return sent

    def _refuse_another(self, sent: Sent, name: str, payload: BinaryIO) -> None:
        """A name stands for one payload; ``sent`` is the message that went out under it."""
        if sent.content is not None and digest(payload) != sent.content:
            what = f"another payload of this name went out in {sent.message_id}"
            raise NeedsPerson(what, where=f"{self._relation.where}, {name}", do="send it under another name")

    def _recipient(self, keys: Keys) -> x509.Certificate:
        certificate = keys.recipient()
        if certificate in keys.expired():
            ended = f"{certificate.not_valid_after_utc:%Y-%m-%d}"
            if EXPIRED not in self._relation.allowed(self._clock.now().date()):
                what = f"the certificate of {self._relation.theirs} expired on {ended}, and nothing is encrypted for it any more"
                raise NeedsPerson(what, where=self._relation.where, do="ask the partner for the next one; certificate add")
            self._tell("as2.exception", f"a message is encrypted for a certificate that expired on {ended}")
        return certificate

    def _refuse_weak(self, *names: str | None) -> None:
        allowed = self._relation.allowed(self._clock.now().date())
        for name in names:
            if name not in WEAK_DIGESTS | WEAK_CIPHERS:
                continue
            if name not in allowed:
                todo = "agree on a stronger one, or name an exception with an end date"
                raise NeedsPerson(f"{name} is too weak to be used", where=self._relation.where, do=todo)
            self._tell("as2.exception", f"a message goes out with {name}, by exception")

    # -- posting it ------------------------------------------------------------------------------

    def _post(self, sent: Sent) -> Sent:
        if sent.tries >= MOST_UNANSWERED and sent.state == "awaiting":
            self._journal.change(sent.message_id, tries=0)
            what = f"{sent.message_id} was posted {sent.tries} times and no receipt came"
            raise NeedsPerson(what, where=self._relation.where, do="ask the partner; resume posts it again under the same id")
        self._journal.change(sent.message_id, tries=sent.tries + 1)
        with self._journal.wire(sent.message_id) as body:
            try:
                reply = self._client.post(self._relation.url, sent.fields, body, sent.size)
            except Uncertain:
                raise
            except TryAgain:  # it surely did not arrive, and counts as no try
                self._journal.change(sent.message_id, tries=sent.tries)
                raise
        if self._relation.receipt == "none":
            return self._changed(sent, state="sent", said=f"answered {reply.status}")
        if reply.body.strip() and "multipart" in reply.headers.get("content-type", "").lower():
            return self._read_receipt(sent, reply)
        if self._relation.receipt == "synchronous":
            raise Uncertain(f"the answer ({reply.status}) holds no receipt", where=self._relation.where)
        return self._journal.posted(sent.message_id, self._clock.now() + self._relation.receipt_within)

    def _read_receipt(self, sent: Sent, reply: Reply) -> Sent:
        try:
            opened = self._open(reply)
            mdn = Mdn.read(opened)
        except (Refused, MimeError) as error:
            what = f"the receipt for {sent.message_id} was not taken: {error.what}"
            self._tell("as2.receipt_refused", what)
            raise NeedsPerson(what, where=self._relation.where, do="check their certificate; resume posts it again") from error
        if mdn.original and not same_id(mdn.original, sent.message_id):
            evidence = Evidence(mdn.original, "unproven", "it is for another message", mdn.disposition, reply.headers, reply.body)
            self._journal.orphan(self._relation, evidence)
            raise Uncertain(f"the answer to {sent.message_id} is a receipt for {mdn.original}", where=self._relation.where)
        verdict = judge(mdn, opened.signature is not None, sent, self._relation)
        evidence = Evidence(sent.message_id, verdict.state, verdict.said, mdn.disposition, reply.headers, reply.body)
        self._journal.settle(self._relation, evidence)
        return sent._replace(state=verdict.state, said=verdict.said)

    def _open(self, reply: Reply) -> Opened:
        """The receipt, opened. Raises Refused or MimeError for one that is broken or signed by somebody else."""
        keys = self._relations.keys(self._relation)
        allowed = self._relation.allowed(self._clock.now().date())
        body = Region.of(reply.body)
        trust = Trust(keys.ours(), keys.theirs(), allowed, self._relation.largest)
        opened = open_message(Entity(Headers(reply.headers.items()), body, body), trust)
        if not is_receipt(opened.entity):
            raise MimeError("the answer is no receipt")
        if opened.signature and opened.signature.certificate in keys.expired() and EXPIRED not in allowed:
            raise MimeError("the certificate the receipt is signed with has expired")
        for alert in by_exception(opened, keys):
            self._tell("as2.exception", f"of a receipt of {self._relation.theirs}: {alert}")
        return opened

    # -- what came of it -------------------------------------------------------------------------

    def _receipt(self, sent: Sent) -> Receipt:
        return Receipt(sent.message_id, sent.said, sent.state == "confirmed", sent.due if sent.state == "awaiting" else None)

    def _refuse_once(self, sent: Sent) -> None:
        """Tells a person, the first time; whoever lets it go on after that wants it sent as a new message."""
        if not sent.is_told:
            self._journal.change(sent.message_id, is_told=True)
            todo = "mend what they say, then resume: it goes again as a new message"
            raise NeedsPerson(sent.said, where=f"{self._relation.where}, {sent.message_id}", do=todo)

    def _is_overdue(self, sent: Sent) -> bool:
        return sent.state == "awaiting" and sent.due is not None and sent.due <= self._clock.now()

    def _changed(self, sent: Sent, **changes: object) -> Sent:
        self._journal.change(sent.message_id, **changes)
        return sent._replace(**changes)  # type: ignore[arg-type]  # its own fields

    def _tell(self, kind: str, text: str) -> None:
        self._journal.tell(self._relation, kind, text)
