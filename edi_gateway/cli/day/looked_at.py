"""What somebody who decides about a hold looked at: what they say, or what is shown to them now and they agree to."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from edi_gateway.cli.common import agree_or_leave, is_at_terminal, out
from edi_gateway.clock import moment_of
from edi_gateway.operations.resume import stopped
from edi_gateway.store.database import Database

Seen = Annotated[
    str, typer.Option(help="What you read: its changed_at in 'hold list --json'. If it changed since, it is left as it is.")
]
Yes = Annotated[bool, typer.Option("--yes", help="Decide about it as it is now; at a terminal it is shown and asked about else.")]


def looked_at(store: Database, flow_id: int, seen: str, yes: bool) -> datetime | None:
    """When what the decision is about had last changed; None where nobody says what they looked at.

    At a terminal the hold is shown as it is now, and nothing is done unless they agree; a program is not asked. Raises WrongInput
    for what is not held, and Exit (130) where they do not agree, or interrupt it.
    """
    if seen or yes or not is_at_terminal():
        return moment_of(seen)
    with store.read() as unit:
        flow = stopped(unit, flow_id)
    since = f"{flow.changed_at:%Y-%m-%d %H:%M} UTC"
    whose = flow.partner or "an unknown sender"
    out.print(f"flow {flow.id} of {whose}, {flow.state} at '{flow.stage}' since {since}: {flow.because}", markup=False)
    agree_or_leave("Is that what you decide about?")
    return flow.changed_at
