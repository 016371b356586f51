"""How commands are told which sets are meant."""

from __future__ import annotations

from typing import Annotated

import typer

from edi_gateway.clock import moment_of
from edi_gateway.errors import WrongInput
from edi_gateway.store.selection import Selection

Sets = Annotated[list[int] | None, typer.Argument(help="Numbers of sets, from 'transmission sets'.")]
Partner = Annotated[str, typer.Option(help="Only this partner's.")]
Code = Annotated[str, typer.Option("--set", help="Only this transaction set: 850, 855 …")]
Way = Annotated[str, typer.Option("--direction", help="Only what came (in), or what we sent (out).")]
Number = Annotated[str, typer.Option(help="Only this order, shipment, invoice or trace number.")]
Since = Annotated[str, typer.Option(help="Only from this moment on, UTC: 2026-11-17 or 2026-11-17T08:00.")]
Until = Annotated[str, typer.Option(help="Only before this moment, UTC.")]
State = Annotated[str, typer.Option(help="held, dead, rejected, done; or a status: invalid, sent, overdue, accepted …")]
Finding = Annotated[str, typer.Option(help="A finding's kind, the beginning of one ('element.'), or its X12 code.")]


def selection(
    sets: list[int] | None, partner: str, code: str, way: str, number: str, since: str, until: str, state: str, finding: str
) -> Selection:
    """What the options say."""
    if way not in ("", "in", "out"):
        raise WrongInput(f"'{way}' is no direction", do="say in or out")
    return Selection(
        ids=tuple(sets or ()),
        partner=partner,
        code=code,
        direction=way,
        number=number,
        since=moment_of(since),
        until=moment_of(until),
        state=state,
        finding=finding,
    )
