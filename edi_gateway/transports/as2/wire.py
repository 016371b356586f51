"""What goes over HTTP: requests and answers as values, with their bodies as pieces or as streams."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime
from typing import NamedTuple

from edi_gateway.transports.as2.cms.der import Piece
from edi_gateway.transports.as2.mdn import AGENT
from edi_gateway.transports.as2.mime.headers import field
from edi_gateway.transports.as2.mime.writing import Draft, Fields
from edi_gateway.transports.as2.names import write_name

VERSION = "1.2"  # of AS2: compression is understood (RFC 5402); 1.3 is that of the revision of RFC 4130, still a draft
FEATURES = "multiple-attachments, AS2-Reliability"


class Answer(NamedTuple):
    """What an AS2 request is answered with."""

    status: int
    fields: Fields = ()
    body: bytes = b""


def told(status: int, text: str) -> Answer:
    """An answer in plain words, where no receipt can be given."""
    return Answer(status, (("Content-Type", "text/plain; charset=utf-8"),), (text + "\n").encode())


def envelope(sender: str, receiver: str, message_id: str, at: datetime, entity: Draft, *more: tuple[str, str]) -> Fields:
    """The header fields of a message or receipt, one line each. Raises MimeError for values that cannot stand there."""
    fields = (
        ("AS2-Version", VERSION),
        ("AS2-From", write_name(sender)),
        ("AS2-To", write_name(receiver)),
        ("Message-ID", message_id),
        ("Date", format_datetime(at, usegmt=True)),
        ("MIME-Version", "1.0"),
        ("User-Agent", AGENT),
        ("EDIINT-Features", FEATURES),
        *more,
        *entity.fields,
    )
    return tuple(field(name, value) for name, value in fields)


def joined(pieces: list[Piece]) -> bytes:
    """Pieces of something small in one."""
    return b"".join(pieces)
