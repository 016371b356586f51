"""What a scenario may ask of the gateway it plays with: what an operator sees of it, and no more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple, Protocol


class SeenSet(NamedTuple):
    """A set in or out, with its statuses."""

    direction: str
    code: str
    number: str
    interchange: str
    validation: str
    delivery: str
    acknowledgment: str


class SeenOrder(NamedTuple):
    """An order and how far it is: received, confirmed, shipped, billed, remitted, paid …"""

    number: str
    state: str


class HeldFlow(NamedTuple):
    """Something that waits for a person, at a stage, and why."""

    stage: str
    because: str


class GatewayInPlay(Protocol):
    """A gateway with a clock that is moved. Whoever composes the play implements it."""

    def now(self) -> datetime:
        """The time in the play."""
        ...

    def settle(self) -> None:
        """Lets happen whatever can happen now."""
        ...

    def advance(self, by: timedelta) -> None:
        """Lets time pass; what becomes due in it happens with the next ``settle``."""
        ...

    def sets(self) -> Sequence[SeenSet]:
        """Every set, oldest first."""
        ...

    def orders(self) -> Sequence[SeenOrder]:
        """Every order thread."""
        ...

    def held(self) -> Sequence[HeldFlow]:
        """What waits for a person, or was given up."""
        ...

    def in_erp(self) -> Sequence[str]:
        """The numbers of the orders the ERP was given, as often as it was."""
        ...

    def told(self, kind: str) -> Sequence[str]:
        """What was told of a kind: ``acknowledgment.overdue``, ``cash.question`` …"""
        ...

    def deposit(self, trace: str, amount: Decimal, on: date) -> str:
        """The bank's entry arrives; what came of it."""
        ...
