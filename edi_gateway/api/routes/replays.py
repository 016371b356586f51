"""Replays: our stages once more on what we have; begun here, run behind, and asked for their progress."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, BackgroundTasks, Response
from pydantic import BaseModel, Field

from edi_gateway import log
from edi_gateway.api import models
from edi_gateway.api.caller import Caller, Reader, does
from edi_gateway.api.office import Here, Office
from edi_gateway.api.once import Once
from edi_gateway.api.page import Cursor, Limit, Page, after, page_of
from edi_gateway.api.problem import not_found
from edi_gateway.api.words import Number, moment
from edi_gateway.errors import GatewayError
from edi_gateway.operations import replay
from edi_gateway.store.replays import ReplayRow
from edi_gateway.store.selection import Selection

routes = APIRouter(prefix="/replays", tags=["replays"], route_class=Once)
_log = log.logger(__name__)


class Meant(BaseModel):
    """Which documents: what is given has to hold, all of it; at least one thing."""

    ids: list[Annotated[int, Field(ge=1, le=2**63 - 1)]] = Field([], max_length=10_000, examples=[[12, 13]])
    partner: str = Field("", max_length=80)
    type: str = Field("", max_length=10)
    direction: Literal["", "in", "out"] = ""
    number: str = Field("", max_length=80)
    since: datetime | None = None
    until: datetime | None = None
    state: str = Field("", max_length=30)
    finding: str = Field("", max_length=80)


class NewReplay(models.Reason):
    """``dry_run`` shows what would be and changes nothing; ``send`` sends or posts again what was sent or posted."""

    meant: Meant
    origin: Literal["raw", "parsed", "mapped"] = "parsed"
    versions: Literal["current", "pinned"] = "current"
    numbers: Literal["new", "kept"] = "new"
    send: bool = False
    dry_run: bool = False


class Progress(BaseModel):
    """``counts`` says how many sets came to what."""

    id: int
    state: str = Field(examples=["running"])
    because: str
    actor: str
    is_dry: bool
    started_at: datetime
    total: int
    done: int
    counts: dict[str, int] = Field(examples=[{"same": 40, "open": 2}])


class ItemOut(models.Out):
    """What one set came to, and how what came out differs in meaning."""

    transaction_id: int
    state: str
    effect: str
    text: str
    told: list[str]
    child: str


@routes.get("", response_model=Page[Progress])
def replays(office: Here, caller: Reader, limit: Limit = 100, cursor: Cursor = "") -> Any:
    """The newest first; with a key of one partner, those of which its sets alone were meant."""
    with office.store.read() as unit:
        rows = unit.replays.newest(limit + 1, partner=caller.partner, before=after(cursor))
    page = page_of(rows, limit)
    return {**page, "items": [_progress(office, row) for row in page["items"]]}


@routes.post("", status_code=202, response_model=Progress)
def begin(
    office: Here, caller: Annotated[Caller, does("replay.begin")], new: NewReplay, later: BackgroundTasks, response: Response
) -> Any:
    """Begins a replay of what is meant now. It runs behind; ask for its progress at the address in Location."""
    meant = new.meant
    caller.look(f"partner {meant.partner}", meant.partner or caller.partner)
    selection = Selection(
        ids=tuple(meant.ids),
        partner=meant.partner or caller.partner or "",
        code=meant.type,
        direction=meant.direction,
        number=meant.number,
        since=moment(meant.since),
        until=moment(meant.until),
        state=meant.state,
        finding=meant.finding,
    )
    terms = replay.terms(origin=new.origin, versions=new.versions, numbers=new.numbers, sends=new.send, is_dry=new.dry_run)
    id = replay.begin(office.tools(), selection, terms, because=new.because, by=caller.name)
    later.add_task(_run, office, id)
    response.headers["Location"] = f"/api/v1/replays/{id}"
    return _progress(office, _seen(office, caller, id))


@routes.get("/{id}", response_model=Progress)
def progress(office: Here, caller: Reader, id: Number) -> Any:
    """How far a replay has come."""
    return _progress(office, _seen(office, caller, id))


@routes.get("/{id}/items", response_model=Page[ItemOut])
def items(office: Here, caller: Reader, id: Number, limit: Limit = 100, cursor: Cursor = "") -> Any:
    """Its sets, in the order they came."""
    _seen(office, caller, id)
    with office.store.read() as unit:
        return page_of(unit.replays.items(id, limit + 1, after(cursor) or 0), limit, "transaction_id")


@routes.post("/{id}/go-on", status_code=202, response_model=Progress)
def go_on(office: Here, caller: Annotated[Caller, does("replay.go_on")], id: Number, later: BackgroundTasks) -> Any:
    """Goes on with a replay that was stopped; sets that had their turn do not get another."""
    row = _seen(office, caller, id)
    replay.go_on(office.tools(), id, by=caller.name)
    later.add_task(_run, office, id)
    return _progress(office, row)


def _run(office: Office, id: int) -> None:
    try:
        replay.run(office.tools(), id)
    except GatewayError as error:
        _log.error("a replay stopped; it can go on", replay=id, error=str(error))


def _seen(office: Office, caller: Caller, id: int) -> ReplayRow:
    with office.store.read() as unit:
        row = unit.replays.find(id)
    if row is None or not _sees(caller, row):
        raise not_found(f"replay {id}")
    return row


def _sees(caller: Caller, row: ReplayRow) -> bool:
    """A replay is for those who see every set it was told of."""
    return caller.partner is None or msgspec.json.decode(row.selection, type=Selection).partner == caller.partner


def _progress(office: Office, row: ReplayRow) -> Progress:
    with office.store.read() as unit:
        counts = unit.replays.counts(row.id)
    told: dict[str, int] = {}
    for (state, effect), count in sorted(counts.items()):
        told[effect or state] = told.get(effect or state, 0) + count
    total = sum(counts.values())
    done = total - sum(count for (state, _), count in counts.items() if state == "open")
    return Progress(
        id=row.id,
        state=row.state,
        because=row.because,
        actor=row.actor,
        is_dry=row.is_dry,
        started_at=row.started_at,
        total=total,
        done=done,
        counts=told,
    )
