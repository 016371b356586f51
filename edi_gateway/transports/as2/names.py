"""AS2 names (AS2-From, AS2-To) and message ids, as headers carry them (RFC 4130 §6.2, RFC 2822 §3.6.4)."""

from __future__ import annotations

import re
import uuid

from edi_gateway.transports.as2.mime.errors import MimeError
from edi_gateway.transports.as2.mime.headers import quoted

LONGEST_NAME = 128
LONGEST_ID = 998 - len("Message-ID: ")
_PRINTABLE = re.compile(r"[ -~]+")
_NEEDS_QUOTES = re.compile(r'[\s"\\]')


def read_name(field: str) -> str:
    """The name behind a field, with or without quotes. Raises MimeError for one that cannot be."""
    text = field.strip()
    if len(text) >= 2 and text[0] == text[-1] == '"':
        text = re.sub(r"\\(.)", r"\1", text[1:-1])
    if not text or len(text) > LONGEST_NAME or not _PRINTABLE.fullmatch(text):
        raise MimeError("an AS2 name is 1 to 128 printable ASCII characters")
    return text


def write_name(name: str) -> str:
    """The name as a field carries it: quoted where it holds blanks, quotes or backslashes."""
    read_name(quoted(name))
    return quoted(name) if _NEEDS_QUOTES.search(name) else name


def read_message_id(field: str) -> str:
    """A Message-ID without blanks around it, as it was written otherwise; no '@' is asked for. Raises MimeError."""
    text = field.strip()
    if not text or len(text) > LONGEST_ID or not _PRINTABLE.fullmatch(text):
        raise MimeError("the Message-ID is missing, too long, or holds characters it cannot")
    return text


def new_message_id(ours: str) -> str:
    """A Message-ID nobody else has."""
    domain = re.sub(r"[^A-Za-z0-9.-]+", "-", ours).strip("-.") or "as2"
    return f"<{uuid.uuid4()}@{domain}>"


def same_id(one: str, other: str) -> bool:
    """Whether two message ids are the same, with or without their angle brackets."""
    return one.strip().strip("<>") == other.strip().strip("<>")
