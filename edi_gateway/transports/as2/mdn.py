"""Receipts: message disposition notifications, written and read (RFC 4130 §7, RFC 8098)."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from edi_gateway import __version__
from edi_gateway.transports.as2.cms.algorithms import Digest
from edi_gateway.transports.as2.cms.keys import KeyPair
from edi_gateway.transports.as2.disposition import Disposition
from edi_gateway.transports.as2.mic import Mic
from edi_gateway.transports.as2.mime.entity import Entity
from edi_gateway.transports.as2.mime.errors import MimeError
from edi_gateway.transports.as2.mime.headers import Headers, written
from edi_gateway.transports.as2.mime.writing import Draft, Fields, draft, multipart
from edi_gateway.transports.as2.packing import signed
from edi_gateway.transports.as2.refusal import refusing
from edi_gateway.transports.as2.unpacking import Opened

AGENT = f"edi-gateway/{__version__}"
_NOTIFICATION = "message/disposition-notification"


class Mdn(NamedTuple):
    """What a receipt says about a message; ``text`` is for people."""

    original: str
    recipient: str
    disposition: Disposition
    mic: Mic | None = None
    text: str = ""

    def draft(self) -> Draft:
        """The receipt as an entity, unsigned."""
        about: Fields = (
            ("Reporting-UA", AGENT),
            ("Original-Recipient", f"rfc822; {self.recipient}"),
            ("Final-Recipient", f"rfc822; {self.recipient}"),
            ("Original-Message-ID", self.original),
            ("Disposition", str(self.disposition)),
            *([("Received-Content-MIC", str(self.mic))] if self.mic else []),
        )
        encoding = ("Content-Transfer-Encoding", "7bit")
        text = draft("text/plain; charset=us-ascii", [self.text.encode("ascii", "replace") + b"\r\n"], encoding)
        notification = draft(_NOTIFICATION, [written(about)], encoding)
        return multipart("report", [text, notification], "report-type=disposition-notification")

    def signed(self, digest: Digest, at: datetime, signer: KeyPair) -> Draft:
        """The receipt as an entity, signed."""
        return signed(self.draft(), None, digest, at, signer)

    @classmethod
    def read(cls, opened: Opened) -> Mdn:
        """What an opened receipt says. Raises Refused for one that cannot be read."""
        with refusing():
            parts = [Entity.read(part) for part in opened.entity.parts()]
            fields = next((_fields(part) for part in parts if part.content_type.value == _NOTIFICATION), None)
            if fields is None:
                raise MimeError("a receipt without its notification part")
            disposition = Disposition.read(fields.get("disposition", ""))
            if disposition is None:
                raise MimeError("a receipt that does not say what became of the message")
            recipient = fields.get("final-recipient", "").partition(";")[2].strip()
            said = Mic.read(fields.get("received-content-mic", ""))
            text = next((_text(part) for part in parts if part.content_type.value.startswith("text/")), "")
            return cls(fields.get("original-message-id", ""), recipient, disposition, said, text)


def is_receipt(entity: Entity) -> bool:
    """Whether an opened entity is a receipt."""
    kind = entity.content_type
    return kind.value == "multipart/report" and kind.parameters.get("report-type", "").lower() == "disposition-notification"


def _fields(part: Entity) -> Headers:
    return Headers.read(part.content().copied())


def _text(part: Entity) -> str:
    return part.content().copied()[:2000].decode("utf-8", "replace").strip()
