"""Transmissions: every payload that was moved, and what it carried."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Depends, Request, Response

from edi_gateway.errors import WrongInput
from edi_gateway.views.moved import find_transmissions, transmission_page
from edi_gateway.web.console import Console, route_class
from edi_gateway.web.export import csv_of, every
from edi_gateway.web.routes.documents import partner_names

_COLUMNS = ("id", "at", "direction", "connection", "partner", "name", "state", "detail")


def routes(console: Console) -> APIRouter:
    """The list, one of them, and its bytes."""
    router = APIRouter(route_class=route_class(console), dependencies=[Depends(console.reads)])
    store = console.store

    @router.get("/transmissions")
    def page(request: Request, q: str = "", partner: str = "", direction: str = "", before: int | None = None) -> Response:
        rows = find_transmissions(store, partner=partner, direction=direction, name=q.strip(), before=before)
        context = {"q": q, "partner": partner, "direction": direction, "partners": partner_names(console), "before": before}
        return console.page(request, "transmissions.html", rows=rows, **context)

    @router.get("/transmissions.csv")
    def as_csv(request: Request, q: str = "", partner: str = "", direction: str = "") -> Response:
        find = partial(find_transmissions, store, partner=partner, direction=direction, name=q.strip())
        rows = every(lambda before, limit: find(before=before, limit=limit))
        return csv_of(request, "transmissions", _COLUMNS, ([getattr(row, name) for name in _COLUMNS] for row in rows))

    @router.get("/transmissions/{id:int}")
    def one(request: Request, id: int) -> Response:
        return console.page(request, "transmission.html", one=transmission_page(store, id))

    @router.get("/transmissions/{id:int}/payload")
    def payload(id: int) -> Response:
        with store.read() as unit:
            body = unit.payloads.find(transmission_page(store, id).row.payload)
        if body is None:
            raise WrongInput("its bytes are not kept any more", do="retention took them; hash and size are on record")
        headers = {"Content-Disposition": f'attachment; filename="transmission-{id}.edi"'}
        return Response(body, media_type="application/octet-stream", headers=headers)

    return router
