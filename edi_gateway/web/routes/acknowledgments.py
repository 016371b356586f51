"""Acknowledgments: what we owe partners and what they owe us, by when."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from edi_gateway.views.deadlines import deadlines, most_urgent
from edi_gateway.web.console import Console, route_class
from edi_gateway.web.export import csv_of
from edi_gateway.web.routes.documents import partner_names

MOST = 100  # of each side on the page


def routes(console: Console) -> APIRouter:
    """The list and its CSV."""
    router = APIRouter(route_class=route_class(console), dependencies=[Depends(console.reads)])

    @router.get("/acknowledgments")
    def page(request: Request, partner: str = "", late: str = "") -> Response:
        now = console.store.clock.now()
        found = most_urgent(console.store, partner, before=now if late else None, limit=MOST)
        groups = [("They owe us", found["they"]), ("We owe them", found["we"])]
        context = {"partner": partner, "late": late, "partners": partner_names(console)}
        return console.page(request, "acknowledgments.html", groups=groups, now=now, **context)

    @router.get("/acknowledgments.csv")
    def as_csv(request: Request, partner: str = "", late: str = "") -> Response:
        columns = ("who", "partner", "answer", "about", "number", "due_at")
        found = deadlines(console.store, partner, before=console.store.clock.now() if late else None)
        rows = [[getattr(row, name) for name in columns] for row in found]
        return csv_of(request, "acknowledgments", columns, rows)

    return router
