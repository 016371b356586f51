"""The web application: the first pages, read only, and what a load balancer asks."""

from __future__ import annotations

from pathlib import Path

import msgspec
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates

from edi_gateway import __version__
from edi_gateway.store.database import Database
from edi_gateway.views import orders, traffic

_HERE = Path(__file__).parent
SHOWN = 200  # orders on the page; the newest


def create_app(store: Database) -> FastAPI:
    """The application over one store."""
    app = FastAPI(title="EDI gateway", version=__version__, docs_url=None, redoc_url=None, openapi_url=None)
    app.mount("/static", StaticFiles(directory=_HERE / "static"), name="static")
    templates = Jinja2Templates(directory=_HERE / "templates")

    @app.middleware("http")
    async def guard(request: Request, call_next):  # type: ignore[no-untyped-def]  # starlette's own signature
        response: Response = await call_next(request)
        response.headers["Content-Security-Policy"] = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    @app.get("/", response_class=HTMLResponse)
    def home(request: Request) -> Response:
        context = {
            "orders": orders.orders(store, limit=SHOWN),
            "order_count": traffic.order_count(store),
            "sets": traffic.sets(store, limit=100),
            "stopped": traffic.stopped(store),
            "counts": traffic.flow_counts(store),
        }
        return templates.TemplateResponse(request, "home.html", context)

    @app.get("/orders.json")
    def orders_json() -> Response:
        return Response(msgspec.json.encode(orders.orders(store)), media_type="application/json")

    @app.get("/health")
    def health() -> JSONResponse:
        traffic.flow_counts(store)
        return JSONResponse({"status": "ok", "version": __version__})

    return app
