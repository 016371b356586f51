"""Schedule: what recurs, when next, how it went last; and which engines run."""

from __future__ import annotations

import msgspec
from fastapi import APIRouter, Depends, Request, Response

from edi_gateway.errors import WrongInput
from edi_gateway.operations import schedule as operation
from edi_gateway.views import engines
from edi_gateway.web.console import Act, Console, route_class
from edi_gateway.web.export import csv_of

_DO = {"run": operation.run, "pause": operation.pause, "resume": operation.resume}
_SAID = {"run": "is due now", "pause": "is paused", "resume": "runs again"}


def routes(console: Console) -> APIRouter:
    """The list, and running or pausing a job."""
    router = APIRouter(route_class=route_class(console), dependencies=[Depends(console.reads)])
    store = console.store
    schedule_act = Depends(console.act("schedule.act"))

    @router.get("/schedule")
    def page(request: Request) -> Response:
        with store.read() as unit:
            rows = unit.schedule.all()
        return console.page(request, "schedule.html", rows=rows, engines=engines.engines(store), down=engines.down(store))

    @router.get("/schedule.csv")
    def as_csv(request: Request) -> Response:
        with store.read() as unit:
            rows = unit.schedule.all()
        columns = ("name", "trigger", "next_run", "last_run", "last_ended", "paused", "last_error")
        return csv_of(request, "schedule", columns, [[getattr(row, name) for name in columns] for row in rows])

    @router.get("/engines.csv")
    def engines_as_csv(request: Request) -> Response:
        columns = engines.EngineRow.__struct_fields__
        return csv_of(request, "engines", columns, map(msgspec.structs.astuple, engines.engines(store)))

    @router.post("/schedule")
    def act_on(request: Request, act: Act = schedule_act) -> Response:
        what, name = act.form.get("do"), act.form.get("name")
        if what not in _DO:
            raise WrongInput(f"'{what}' is nothing to do with a job", do="run, pause or resume")
        _DO[what](store, name, by=act.by)
        return console.go(request, "/schedule", f"{name} {_SAID[what]}.")

    return router
