"""Home: what needs a person now, and how it goes."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from edi_gateway.views import engines, home, orders, set_list
from edi_gateway.views import sync as sync_info
from edi_gateway.web.chart import Hour, chart
from edi_gateway.web.console import Console, route_class
from edi_gateway.web.export import csv_of


def routes(console: Console) -> APIRouter:
    """The home page, and its figures as CSV."""
    router = APIRouter(route_class=route_class(console), dependencies=[Depends(console.reads)])
    store = console.store

    @router.get("/")
    def page(request: Request) -> Response:
        directory = console.directory()
        seen = home.last_seen(store)
        partners = [(each.name, each.title) for each in directory.partners] if directory else []
        return console.page(
            request,
            "home.html",
            held=set_list.held(store, limit=6),
            chart=chart([Hour(*row) for row in home.traffic(store)]),
            seen=[(name, title, seen.get(name)) for name, title in partners],
            sync=sync_info.sync(store, with_last=False),
            orders=orders.orders(store, limit=8),
            down=engines.down(store),
            engines=engines.engines(store),
            newest=set_list.find(store, set_list.Sought(), limit=8),
        )

    @router.get("/sync.csv")
    def sync(request: Request) -> Response:
        columns = ("partner", "direction", "set", "count", "wrong", "stopped", "open", "rate", "last")
        rows = [
            (r.partner, r.direction, r.code, r.sets, r.wrong, r.stopped, r.open, r.said, r.last_at) for r in sync_info.sync(store)
        ]
        return csv_of(request, "sync", columns, rows)

    return router
