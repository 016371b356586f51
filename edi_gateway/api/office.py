"""What every route works with, and how it is had."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request

from edi_gateway.api.pace import Pace
from edi_gateway.pipeline.tools import Tools
from edi_gateway.store.database import Database
from edi_gateway.store.vault import Vault
from edi_gateway.transports.ping import Step
from edi_gateway.worker.stage_times import StageTimes


@dataclass
class Office:
    """``tools`` gives what is in force at the moment; ``ping`` tries a connection step by step.

    ``ending`` is set by who serves the API, so that its streams let go.
    """

    store: Database
    tools: Callable[[], Tools]
    ping: Callable[[str], tuple[Step, ...]]
    vault: Vault
    pace: Pace = field(default_factory=Pace)
    mailboxes: Path = Path("data/mailboxes")  # the folder of our mailboxes
    internal_webhooks: bool = False  # whether webhooks may go to addresses of our own networks
    ending: threading.Event = field(default_factory=threading.Event)
    times: StageTimes = field(default_factory=StageTimes)  # of the engine in this process, where one runs here


async def _office(request: Request) -> Office:  # it waits for nothing, and needs no thread of its own
    office: Office = request.app.state.office
    return office


Here = Annotated[Office, Depends(_office)]
