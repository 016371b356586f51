"""What has to be on record, as the station and the sink see it: they say what happened, whoever implements this keeps it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import BinaryIO, Literal, NamedTuple, Protocol, TypeAlias

from edi_gateway.files import Content
from edi_gateway.transports.as2.cms.der import Piece
from edi_gateway.transports.as2.disposition import Disposition
from edi_gateway.transports.as2.mic import Mic
from edi_gateway.transports.as2.mime.region import Region
from edi_gateway.transports.as2.mime.writing import Fields
from edi_gateway.transports.as2.relation import Relation
from edi_gateway.transports.as2.unpacking import ReceivedPart
from edi_gateway.transports.as2.wire import Answer


class Arrival(NamedTuple):
    """A message that came, and what it is answered with.

    ``answer`` is the HTTP answer; ``receipt`` what is delivered later to ``receipt_to`` instead, if that was asked for.
    ``parts`` are its payloads, none where it is refused (``refused`` says why). ``alerts``: what was taken by exception.
    """

    relation: Relation
    message_id: str
    headers: Mapping[str, str]
    wire: Region
    parts: Sequence[ReceivedPart]
    mic: Mic | None
    answer: Answer
    receipt: Answer | None = None
    receipt_to: str = ""
    refused: str = ""
    alerts: tuple[str, ...] = ()


SentState: TypeAlias = Literal["to send", "awaiting", "sent", "confirmed", "refused", "unproven"]


class Sent(NamedTuple):
    """A message of ours: what goes over the wire at every try, and how it stands.

    to send; awaiting a receipt; sent where none is agreed; confirmed by one; refused by one; unproven: the receipt does not fit.
    """

    message_id: str
    fields: Fields
    mic: Mic
    size: int
    state: SentState = "to send"
    tries: int = 0
    due: datetime | None = None  # by when the receipt is to come
    said: str = ""
    is_told: bool = False  # whether a person has been told of a refusal
    content: Content | None = None  # the payload it holds; None where that was not kept


class Evidence(NamedTuple):
    """A receipt of theirs as it came, and what it comes to for the message it names."""

    original: str
    state: SentState
    said: str
    disposition: Disposition
    headers: Mapping[str, str]
    wire: bytes


class Journal(Protocol):
    """Keeps what came, what went, and which receipts were given and got."""

    def answered(self, relation: Relation, message_id: str) -> Answer | None:
        """The answer a message of that id got when it was taken; a receipt that was owed for later is owed again.

        None for one that was refused: it has not been processed, and may be good now.
        """
        ...

    def record(self, arrival: Arrival) -> Answer:
        """Puts a message and its payloads on record and on their way, with their answer, all or nothing.

        Returns the answer on record, which is another one where the same message was faster on another connection.
        """
        ...

    def sent(self, connection: str, name: str) -> Sent | None:
        """The newest message a payload of that name went out in."""
        ...

    def sent_as(self, relation: Relation, message_id: str) -> Sent | None:
        """The message of ours of that id."""
        ...

    def keep(self, relation: Relation, name: str, sent: Sent, wire: Iterable[Piece]) -> None:
        """Puts a message on record before it goes."""
        ...

    def wire(self, message_id: str) -> BinaryIO:
        """The body of a message of ours, as it went the first time."""
        ...

    def change(self, message_id: str, **changes: object) -> None:
        """Changes fields of a message of ours: state, tries, due, said, is_told."""
        ...

    def posted(self, message_id: str, due: datetime) -> Sent:
        """A message of ours has arrived there, and its receipt is due later; unless that was faster, and has settled it already.

        Returns how the message stands now.
        """
        ...

    def settle(self, relation: Relation, evidence: Evidence) -> None:
        """Keeps a receipt with the message it is for, and lets whatever waits for it go on."""
        ...

    def orphan(self, relation: Relation, evidence: Evidence) -> None:
        """Keeps a receipt for a message we never sent."""
        ...

    def tell(self, relation: Relation, kind: str, text: str) -> None:
        """Tells of something a person should know."""
        ...
