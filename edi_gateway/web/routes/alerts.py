"""Alerts: what somebody has to look after, and saying that one does."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from edi_gateway.errors import WrongInput
from edi_gateway.operations.alert import acknowledge
from edi_gateway.views import alerts
from edi_gateway.web.console import Act, Console, route_class
from edi_gateway.web.export import csv_of

_COLUMNS = (
    "id",
    "level",
    "rule",
    "partner",
    "state",
    "text",
    "count",
    "began_at",
    "last_at",
    "acknowledged_by",
    "resolved_because",
)


def routes(console: Console) -> APIRouter:
    """The list, one of them, and acknowledging it."""
    router = APIRouter(route_class=route_class(console), dependencies=[Depends(console.reads)])
    store = console.store
    alert_acknowledge = Depends(console.act("alert.acknowledge"))

    @router.get("/alerts")
    def page(request: Request, all: str = "") -> Response:
        rows = alerts.alerts(store, all=bool(all))
        return console.page(request, "alerts.html", rows=rows, all=all, untold=alerts.untold(store))

    @router.get("/alerts.csv")
    def as_csv(request: Request, all: str = "") -> Response:
        rows = alerts.every_alert(store, all=bool(all))
        return csv_of(request, "alerts", _COLUMNS, ([getattr(row, name) for name in _COLUMNS] for row in rows))

    @router.get("/alerts/{id:int}")
    def one(request: Request, id: int) -> Response:
        found = alerts.alert_detail(store, id)
        if found is None:
            raise WrongInput(f"there is no alert {id}", do="look for it under Alerts")
        return console.page(request, "alert.html", one=found, row=found.alert)

    @router.post("/alerts/{id:int}/acknowledge")
    def take(request: Request, id: int, act: Act = alert_acknowledge) -> Response:
        acknowledge(store, id, by=act.by, note=act.form.get("note"))
        return console.go(request, "/alerts", f"You look after alert {id}; nobody else is told of it.")

    return router
