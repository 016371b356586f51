"""Audit: everything that happened and who did it, and whether the record is whole."""

from __future__ import annotations

from functools import partial

from fastapi import APIRouter, Depends, Request, Response

from edi_gateway.operations import audit as operation
from edi_gateway.views.moved import find_events
from edi_gateway.web.console import Console, route_class
from edi_gateway.web.export import csv_of, every

_COLUMNS = ("id", "at", "actor", "kind", "partner", "subject", "control_number", "text", "hash")


def routes(console: Console) -> APIRouter:
    """The events, their CSV, and the walk along their chain."""
    router = APIRouter(route_class=route_class(console), dependencies=[Depends(console.reads)])
    store = console.store

    @router.get("/audit")
    def page(request: Request, actor: str = "", kind: str = "", partner: str = "", before: int | None = None) -> Response:
        rows = find_events(store, actor=actor.strip(), kind=kind.strip(), partner=partner.strip(), before=before)
        with store.read() as unit:
            head = unit.events.head()
        context = {"actor": actor, "kind": kind, "partner": partner, "head": head, "before": before}
        return console.page(request, "audit.html", rows=rows, **context)

    @router.get("/audit.csv")
    def as_csv(request: Request, actor: str = "", kind: str = "", partner: str = "") -> Response:
        find = partial(find_events, store, actor=actor.strip(), kind=kind.strip(), partner=partner.strip())
        rows = every(lambda before, limit: find(before=before, limit=limit))
        return csv_of(request, "audit", _COLUMNS, ([getattr(row, name) for name in _COLUMNS] for row in rows))

    @router.get("/audit/verify")
    def verify(request: Request) -> Response:
        return console.page(request, "audit_verify.html", found=operation.verify(store))

    return router
