"""What stages work with, and the shapes they have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol, TypeAlias, TypedDict, Unpack

from edi_gateway.clock import Clock
from edi_gateway.erp.base import Erp
from edi_gateway.errors import NeedsPerson
from edi_gateway.mapping.library import Library
from edi_gateway.pipeline.outcome import Outcome
from edi_gateway.pipeline.way import lane_of, priority_at
from edi_gateway.store.database import Database
from edi_gateway.store.flows import USUAL
from edi_gateway.store.rows import FlowRow
from edi_gateway.store.unit import Unit
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.secrets import FromVault
from edi_gateway.trading.usage import PRODUCTION
from edi_gateway.transports.base import Sink

TOGETHER, MOST_TOGETHER = 50, 100  # flows of a lane that are recorded in one transaction, at first and where that is quick
APPROVED = "approved by "  # begins the position of a flow that a person let go on in spite of a rule


@dataclass(frozen=True)
class Tools:
    """Everything a stage may reach for."""

    store: Database
    clock: Clock
    directory: Directory
    maps: Library
    erps: Mapping[str, Erp]
    sink: Callable[[str], Sink]  # the connection of that name, as something to send over
    vault: FromVault | None = None  # for secrets that profiles name there

    def erp_of(self, flow: FlowRow) -> Erp:
        """The ERP a flow goes to. Raises NeedsPerson (held) where its connector is out of force meanwhile."""
        erp = self.erps.get(flow.connector or "")
        if erp is None:
            said = f"ERP connector '{flow.connector or ''}' is in no profile in force"
            raise NeedsPerson(said, do="put it in force again and resume this, or dismiss it")
        return erp


Record: TypeAlias = Callable[[Unit], Outcome]
"""What a stage hands back after computing: run inside the engine's transaction, it writes what was made and says how it ended."""


@dataclass(frozen=True)
class Question:
    """What is still to be asked of the world, which may take its time: of a batch, all is read before anything is asked."""

    ask: Callable[[], Record]
    is_instant: bool = False  # it takes no time to speak of: nobody is let by meanwhile


class Stage(Protocol):
    """A stage that changes only our own store, and returns what to record: there it computes what depends on rows others move."""

    def __call__(self, flow: FlowRow, tools: Tools) -> Record | Question: ...


@dataclass(frozen=True)
class Detour:
    """What was to be done did not go, and this is to be recorded of it: what stands behind it waits for its next try."""

    record: Record


Deed: TypeAlias = Callable[[], Record | Detour]
"""Touches the world, and says what to record of it."""


class Wait(NamedTuple):
    """That a flow's turn has not come: when to look again, and what it waits for."""

    until: datetime
    because: str


class WorldStage(Protocol):
    """A stage that touches the world. The engine commits an attempt under ``key`` before the deed and its outcome after it.

    After a crash in between, ``ask`` finds out whether it went, and never does it again by itself.
    """

    def key(self, flow: FlowRow, unit: Unit) -> str:
        """The stable id the other side sees, the same at every retry."""
        ...

    def most_together(self, flow: FlowRow, tools: Tools) -> int:
        """How many flows of its lane may be attempting at once, at most: one, unless ``ask`` tells of each whether it went."""
        ...

    def waits(self, flow: FlowRow, unit: Unit, tools: Tools) -> Wait | None:
        """Whether its turn has not come; asked before the attempt is on record, in the same transaction."""
        ...

    def prepare(self, flow: FlowRow, tools: Tools) -> Deed:
        """Reads what the deed needs; touches nothing."""
        ...

    def is_instant(self, flow: FlowRow, tools: Tools) -> bool:
        """Whether the deeds of a batch that begins with this flow take no time to speak of: nobody is let by meanwhile."""
        ...

    def in_one_go(self, flow: FlowRow, tools: Tools) -> AbstractContextManager[None]:
        """Around the deeds of a batch that begins with this flow. Where its end raises, nobody knows what came of any of them."""
        ...

    def ask(self, flow: FlowRow, tools: Tools) -> Record: ...

    def around(self, flow: FlowRow, tools: Tools) -> Record | None:
        """While its lane is out of order: another way the flow may go now, without touching the world; None: it waits."""
        ...


def order_queue(partner: str, usage: str, number: str) -> str:
    """What flows of one order follow, so that they keep their order; those of a test order never those of production (R30)."""
    return f"order:{partner}:{number}" if usage == PRODUCTION else f"order in test:{partner}:{number}"


class Begins(TypedDict, total=False):
    """How else a flow may begin: each as ``Flows.start`` takes it."""

    follows: str
    due_at: datetime | None
    state: str
    because: str
    position: str


def start(
    unit: Unit,
    stage: str,
    subject: str,
    *,
    partner: str | None = None,
    connection: str | None = None,
    connector: str | None = None,
    priority: int = USUAL,
    **more: Unpack[Begins],
) -> None:
    """Puts something on its way at ``stage``, in the lane the way says; of what begins held somebody is told, as of any hold."""
    lane = lane_of(stage, partner=partner, connection=connection, connector=connector)
    unit.flows.start(
        lane_id=lane,
        stage=stage,
        subject=subject,
        priority=priority_at(stage, subject, priority),
        partner=partner,
        connection=connection,
        connector=connector,
        **more,
    )
    if more.get("state") == "held":
        unit.events.tell("flow.held", subject, more.get("because", ""), partner=partner)
