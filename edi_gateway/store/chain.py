"""The chain of events: each event's hash covers its content and the hash before it, so that no past event changes unseen.

Who did it and what was said, an event's details, are covered by a digest of their own, which stays where retention removes
them. So the chain can be walked to its end however much of it is gone; what happened to what, and when, stays for good.
"""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from typing import NamedTuple, Protocol

import msgspec

BEGINNING = "0" * 64  # the hash before the first event
REMOVED = "its details were removed, as retention says"  # what is said of an event whose details are gone; nobody did it


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
    @property
    def details(self) -> str: ...


class Head(NamedTuple):
    """The end of the chain: how many events there are, and the hash of the last one."""

    events: int
    hash: str

    def __str__(self) -> str:
        return f"{self.events}:{self.hash}"


def details_of(actor: str, text: str) -> str:
    """The digest of an event's details: SHA-256 of a JSON array of actor and text, 64 hex digits."""
    return sha256(msgspec.json.encode((actor, text))).hexdigest()


def link(before: str, event: Chained) -> str:
    """The hash of an event whose predecessor has the hash ``before``: SHA-256, 64 hex digits.

    It covers a JSON array of id, moment (UTC, ISO 8601), kind, partner, subject, control number and the digest of the details.
    Of an event from before there was such a digest: id, moment, actor, kind, partner, subject, control number and text.
    """
    at = event.at.astimezone(UTC).isoformat()
    about = (event.kind, event.partner, event.subject, event.control_number)
    content = (event.id, at, *about, event.details) if event.details else (event.id, at, event.actor, *about, event.text)
    return sha256(before.encode() + msgspec.json.encode(content)).hexdigest()


def is_without_details(event: Chained) -> bool:
    """Whether retention removed the event's details."""
    return bool(event.details) and not event.actor and event.text == REMOVED


def has_its_details(event: Chained) -> bool:
    """Whether the details are those that the hash covers, or were removed."""
    return not event.details or is_without_details(event) or details_of(event.actor, event.text) == event.details
