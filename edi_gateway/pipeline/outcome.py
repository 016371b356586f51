"""How a stage ends: the four things an EDI desk can do next."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple, TypeAlias


class Done(NamedTuple):
    """The stage did its work. ``next`` is the stage that follows, None where the way ends.

    ``subject`` changes what the flow carries; ``position`` is kept for a stage that goes on where it was; ``until`` makes the
    flow wait, at the next stage, for an answer that is due then.
    """

    next: str | None = None
    subject: str | None = None
    position: str = ""
    until: datetime | None = None
    follows: str | None = None
    connection: str | None = None
    connector: str | None = None


class Retry(NamedTuple):
    """It may go later by itself; ``after`` overrides the usual backoff, ``connection`` the way it goes."""

    because: str
    after: timedelta | None = None
    connection: str | None = None


class Hold(NamedTuple):
    """It waits for a person. ``lets_by``: what follows it may go on meanwhile, such as the change of an order that is held."""

    because: str
    lets_by: bool = False


class Reject(NamedTuple):
    """It is refused, and the other side was or will be told so."""

    because: str


Outcome: TypeAlias = Done | Retry | Hold | Reject
