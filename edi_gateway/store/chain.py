"""The chain of events: each event's hash covers its content and the hash before it, so that no past event changes unseen."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from typing import NamedTuple, Protocol

import msgspec

BEGINNING = "0" * 64  # the hash before the first event


class Chained(Protocol):
    """What of an event its hash covers."""

    @property
    def id(self) -> int: ...
    @property
    def at(self) -> datetime: ...
    @property
    def actor(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def partner(self) -> str | None: ...
    @property
    def subject(self) -> str: ...
    @property
    def control_number(self) -> str: ...
    @property
    def text(self) -> str: ...


class Head(NamedTuple):
    """The end of the chain: how many events there are, and the hash of the last one."""

    events: int
    hash: str

    def __str__(self) -> str:
        return f"{self.events}:{self.hash}"


def link(before: str, event: Chained) -> str:
    """The hash of an event whose predecessor has the hash ``before``: SHA-256, 64 hex digits.

    It covers a JSON array of id, moment (UTC, ISO 8601), actor, kind, partner, subject, control number and text.
    """
    at = event.at.astimezone(UTC).isoformat()
    content = (event.id, at, event.actor, event.kind, event.partner, event.subject, event.control_number, event.text)
    return sha256(before.encode() + msgspec.json.encode(content)).hexdigest()
