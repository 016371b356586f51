"""Acknowledgments: what we owe partners and what they owe us, by when."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from edi_gateway.views.deadlines import DeadlineRow, deadlines
from edi_gateway.web.console import Console, route_class
from edi_gateway.web.export import csv_of
from edi_gateway.web.routes.documents import partner_names


def routes(console: Console) -> APIRouter:
    """The list and its CSV."""
    router = APIRouter(route_class=route_class(console), dependencies=[Depends(console.reads)])

    def outstanding(partner: str, late: str) -> list[DeadlineRow]:
        now = console.store.clock.now()
        return [row for row in deadlines(console.store, partner) if not late or row.due_at < now]

    @router.get("/acknowledgments")
    def page(request: Request, partner: str = "", late: str = "") -> Response:
        now, rows = console.store.clock.now(), outstanding(partner, late)
        groups = [
            ("They owe us", [row for row in rows if row.who == "they"]),
            ("We owe them", [row for row in rows if row.who == "we"]),
        ]
        context = {"partner": partner, "late": late, "partners": partner_names(console)}
        return console.page(request, "acknowledgments.html", groups=groups, now=now, **context)

    @router.get("/acknowledgments.csv")
    def as_csv(request: Request, partner: str = "", late: str = "") -> Response:
        columns = ("who", "partner", "answer", "about", "number", "due_at")
        rows = [[getattr(row, name) for name in columns] for row in outstanding(partner, late)]
        return csv_of(request, "acknowledgments", columns, rows)

    return router
