"""Webhooks: who is told of events; a part of the settings."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, Request, Response

from edi_gateway.errors import WrongInput
from edi_gateway.operations import webhooks
from edi_gateway.web.console import Act, Console, route_class
from edi_gateway.web.export import csv_of
from edi_gateway.web.identify import ADMINISTER
from edi_gateway.web.routes.settings import DEAD, settings_page
from edi_gateway.wording import count

_SECRET = "Its secret, shown this once"


def routes(console: Console) -> APIRouter:
    """Adding one; pausing, a new secret, removing."""
    router = APIRouter(route_class=route_class(console))
    store = console.store
    webhook_change = Depends(console.act("webhook.change"))

    @router.get("/settings/webhooks.csv", dependencies=[Depends(console.may(ADMINISTER))])
    def as_csv(request: Request) -> Response:
        with store.read() as unit:
            rows = [(row.id, row.address, " ".join(row.wanted), row.partner, row.paused) for row in unit.webhooks.all()]
        return csv_of(request, "webhooks", ("id", "address", "kinds", "partner", "paused"), rows)

    @router.post("/settings/webhooks")
    def add(request: Request, act: Act = webhook_change) -> Response:
        kinds = act.form.get("kinds").replace(",", " ").split()
        partner = act.form.get("partner") or None
        address = act.form.get("address")
        whom: Any = {"kinds": kinds, "partner": partner, "internal": console.settings.internal_webhooks}
        _, secret = webhooks.subscribe(store, console.vault(), address, **whom, by=act.by)
        return settings_page(console, request, shown=(_SECRET, secret))

    @router.post("/settings/webhooks/{id:int}")
    def change(request: Request, id: int, act: Act = webhook_change) -> Response:
        match act.form.get("do"):
            case "rotate":
                secret = webhooks.rotate(store, console.vault(), id, by=act.by)
                return settings_page(console, request, shown=(_SECRET, secret))
            case "remove":
                webhooks.remove(store, id, by=act.by)
                return console.go(request, "/settings", "It is told nothing any more.")
            case "again":
                with store.read() as unit:
                    dead = unit.webhooks.deliveries(id, "dead", None, DEAD)
                for each in dead:
                    webhooks.again(store, id, each.id, by=act.by)
                return console.go(request, "/settings", f"{count(len(dead), 'message')} told once more.")
            case "pause" | "go on" as what:
                internal = console.settings.internal_webhooks
                webhooks.change(store, id, internal=internal, by=act.by, paused=what == "pause")
                return console.go(request, "/settings", "The webhook is changed.")
        raise WrongInput("nothing to do with a webhook was said", do="again, pause, go on, rotate or remove")

    return router
