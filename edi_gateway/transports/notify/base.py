"""What is told, and how telling it can end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeAlias

from edi_gateway.trading.alerts import Channel


class Message(NamedTuple):
    """``key`` is the same whenever the same is told again, and different for anything else; ``facts`` are for programs."""

    key: str
    subject: str
    text: str
    facts: Mapping[str, Any]


Carry: TypeAlias = Callable[[Channel, Message], None]
"""Tells a message over a channel. Raises TryAgain where it did surely not arrive and may later, Uncertain where it may have
arrived, and any other GatewayError where it never will."""
