"""Orders: every order with its balances, and one order's whole life as a picture."""

from __future__ import annotations

from functools import partial

import msgspec
from fastapi import APIRouter, Depends, Request, Response

from edi_gateway.views import orders, thread_page
from edi_gateway.web.console import Console, route_class
from edi_gateway.web.export import csv_of, every
from edi_gateway.web.routes.documents import partner_names

SHOWN = 200
FIGURES = ("ordered", "confirmed", "shipped", "billed", "remitted", "paid", "open")


def routes(console: Console) -> APIRouter:
    """The list, its CSV, and an order."""
    router = APIRouter(route_class=route_class(console), dependencies=[Depends(console.reads)])
    store = console.store

    @router.get("/orders")
    def page(request: Request, q: str = "", partner: str = "", state: str = "") -> Response:
        found = orders.find_orders(store, text=q.strip(), partner=partner, state=state, limit=SHOWN + 1)
        context = {"q": q, "partner": partner, "state": state, "figures": FIGURES, "partners": partner_names(console)}
        return console.page(request, "orders.html", rows=found[:SHOWN], more=len(found) > SHOWN, **context)

    @router.get("/orders.csv")
    def as_csv(request: Request, q: str = "", partner: str = "", state: str = "") -> Response:
        columns = ("number", "partner", "state", "currency", *FIGURES, "opened_at", "changed_at")
        find = partial(orders.find_orders, store, text=q.strip(), partner=partner, state=state)
        rows = every(lambda before, limit: find(before=before, limit=limit))
        return csv_of(request, "orders", columns, ([getattr(row, name) for name in columns] for row in rows))

    @router.get("/orders.json")
    def as_json() -> Response:
        return Response(msgspec.json.encode(orders.orders(store)), media_type="application/json")

    @router.get("/orders/{id:int}")
    def order(request: Request, id: int) -> Response:
        found = thread_page.thread_page(store, id)
        figures = [getattr(found.row, name) for name in ("ordered", "confirmed", "shipped", "billed", "remitted")]
        shares = [min(float(figure / found.row.ordered), 1.0) if found.row.ordered else 0.0 for figure in figures]
        steps = list(zip(found.steps, figures, shares, strict=True))
        return console.page(request, "order.html", one=found, row=found.row, steps=steps, figures=FIGURES)

    return router
