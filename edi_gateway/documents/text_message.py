"""The text message: words for a person, mostly about a document that was not taken (864)."""

from __future__ import annotations

from edi_gateway.documents.base import DateOf, Extra, Value
from edi_gateway.documents.party import Party


class Message(Value, frozen=True, kw_only=True):
    """One message (MIT): its number, its subject, and its lines joined by line breaks."""

    number: str
    subject: str = ""
    text: str
    parties: tuple[Party, ...] = ()


class TextMessage(Value, frozen=True, kw_only=True):
    """Any number of messages about one thing, which ``subject`` names (BMG02)."""

    purpose: str
    subject: str = ""
    transaction_type: str = ""
    dates: tuple[DateOf, ...] = ()
    parties: tuple[Party, ...] = ()
    messages: tuple[Message, ...]
    extras: tuple[Extra, ...] = ()
