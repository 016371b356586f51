"""How the gateway works: what recurs, its counters, its engines, its alerts, and what a monitor asks."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from edi_gateway import __version__
from edi_gateway.api import models
from edi_gateway.api.caller import Caller, Overseer, Reader, does
from edi_gateway.api.metrics import metrics_text
from edi_gateway.api.office import Here, Office
from edi_gateway.api.once import Once
from edi_gateway.api.page import Cursor, Limit, Page, numbers_after, placed_page, slice_of
from edi_gateway.api.plain import page_as_json
from edi_gateway.api.problem import not_found
from edi_gateway.api.words import Name, Number
from edi_gateway.errors import TryAgain
from edi_gateway.operations import alert as alerting
from edi_gateway.operations import schedule as scheduling
from edi_gateway.store.alerts import AlertRow
from edi_gateway.views.alerts import alert_detail, alerts, place_of
from edi_gateway.views.engines import engines
from edi_gateway.views.numbers import counters

routes = APIRouter(route_class=Once)


class Health(BaseModel):
    """``ok`` where the process answers; ``ready`` where its database does too."""

    status: str = Field(examples=["ok"])
    version: str


class JobOut(models.Out):
    """Something that recurs."""

    name: str = Field(examples=["collect northwind"])
    trigger: str = Field(examples=["every 1m"])
    next_run: datetime
    last_run: datetime | None
    paused: bool
    last_ended: datetime | None
    last_error: str


class CounterOut(models.Out):
    """A counter of ours: what it counts and for whom, and the last number given."""

    scope: str
    last: int


class EngineOut(models.Out):
    """An engine that is alive."""

    id: int
    name: str
    started_at: datetime
    lanes: int


class AlertOut(models.Out):
    """Something somebody has to know of, until its cause is gone."""

    id: int
    rule: str
    level: str
    partner: str | None
    state: str
    text: str
    count: int
    began_at: datetime
    last_at: datetime
    acknowledged_by: str | None
    note: str
    resolved_at: datetime | None


class Note(BaseModel):
    """What is being done about it."""

    note: str = Field("", max_length=500)


@routes.get("/health", response_model=Health, tags=["gateway"])
def health() -> Any:
    """Whether this process answers; needs no key."""
    return Health(status="ok", version=__version__)


@routes.get("/ready", response_model=Health, tags=["gateway"])
def ready(office: Here, response: Response) -> Any:
    """Whether its database answers as well; needs no key. 503 where not."""
    try:
        with office.store.read() as unit:
            unit.events.head()
    except TryAgain:
        response.status_code = 503
        return Health(status="the database does not answer", version=__version__)
    return Health(status="ready", version=__version__)


@routes.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}}, tags=["gateway"])
def metrics(office: Here, caller: Overseer) -> Response:
    """Figures for Prometheus."""
    return Response(metrics_text(office.store, office.times), media_type="text/plain; version=0.0.4; charset=utf-8")


@routes.get("/engines", response_model=list[EngineOut], tags=["gateway"])
def running(office: Here, caller: Overseer) -> Any:
    """The engines that run."""
    return engines(office.store)


@routes.get("/control-numbers", response_model=Page[CounterOut], tags=["gateway"])
def control_numbers(office: Here, caller: Overseer, limit: Limit = 100, cursor: Cursor = "") -> Any:
    """The last number given in every scope."""
    return slice_of(counters(office.store), limit, cursor)


@routes.get("/schedule", response_model=list[JobOut], tags=["schedule"])
def schedule(office: Here, caller: Overseer) -> Any:
    """What recurs: when next, and how it ended last."""
    with office.store.read() as unit:
        return unit.schedule.all()


@routes.post("/schedule/{name}/run", response_model=models.AnswerOut, tags=["schedule"])
def run(office: Here, caller: Annotated[Caller, does("schedule.act", whole=True)], name: Name) -> Any:
    """Makes a job due now."""
    _job(office, name)
    scheduling.run(office.store, name, by=caller.name)
    return models.AnswerOut(text=f"{name} is due now")


@routes.post("/schedule/{name}/pause", response_model=models.AnswerOut, tags=["schedule"])
def pause(office: Here, caller: Annotated[Caller, does("schedule.act", whole=True)], name: Name) -> Any:
    """Keeps a job from being started."""
    _job(office, name)
    scheduling.pause(office.store, name, by=caller.name)
    return models.AnswerOut(text=f"{name} is paused")


@routes.post("/schedule/{name}/resume", response_model=models.AnswerOut, tags=["schedule"])
def resume(office: Here, caller: Annotated[Caller, does("schedule.act", whole=True)], name: Name) -> Any:
    """Lets a paused job be started again."""
    _job(office, name)
    scheduling.resume(office.store, name, by=caller.name)
    return models.AnswerOut(text=f"{name} runs again")


@routes.get("/alerts", response_model=Page[AlertOut], tags=["alerts"])
def open_alerts(
    office: Here,
    caller: Reader,
    all: Annotated[bool, Query(description="Also those that are over.")] = False,
    limit: Limit = 100,
    cursor: Cursor = "",
) -> Any:
    """The gravest and then the newest first; with ``all`` the newest."""
    rows = alerts(office.store, all=all, partner=caller.partner, limit=limit + 1, behind=numbers_after(cursor, 2))
    return page_as_json(AlertOut, placed_page(rows, limit, lambda row: place_of(row, all=all)))


@routes.get("/alerts/{id}", response_model=AlertOut, tags=["alerts"])
def alert(office: Here, caller: Reader, id: Number) -> Any:
    """One alert."""
    return _alert(office, caller, id)


@routes.post("/alerts/{id}/acknowledge", response_model=AlertOut, tags=["alerts"])
def acknowledge(office: Here, caller: Annotated[Caller, does("alert.acknowledge")], id: Number, said: Note | None = None) -> Any:
    """Says that somebody looks after it: nobody else is told."""
    _alert(office, caller, id)
    alerting.acknowledge(office.store, id, by=caller.name, note=said.note if said else "")
    return _alert(office, caller, id)


def _job(office: Office, name: str) -> None:
    with office.store.read() as unit:
        if name not in {row.name for row in unit.schedule.all()}:
            raise not_found(f"job '{name}'")


def _alert(office: Office, caller: Caller, id: int) -> AlertRow:
    found = alert_detail(office.store, id)
    if found is None or not caller.sees(found.alert.partner):
        raise not_found(f"alert {id}")
    return found.alert
