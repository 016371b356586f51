"""The console: pages for the people who live in the gateway, and what a load balancer asks."""

from __future__ import annotations

import threading
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from fastapi.staticfiles import StaticFiles

from edi_gateway import __version__
from edi_gateway import settings as settings_
from edi_gateway.settings import Settings
from edi_gateway.store.database import Database
from edi_gateway.views import feed
from edi_gateway.web.console import Console
from edi_gateway.web.identify import Identify
from edi_gateway.web.routes import ROUTES
from edi_gateway.web.sessions import Sessions

_STATIC = Path(__file__).parent / "static"
_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def create_app(store: Database, settings: Settings | None = None, identify: Identify | None = None) -> FastAPI:
    """The application over one store; people sign in, unless ``identify`` says otherwise."""
    app = FastAPI(title="EDI gateway", version=__version__, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.ending = threading.Event()  # set by who serves it, so that pages that listen let go
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    console = Console(store, settings or settings_.load(), identify or Sessions(store))
    for routes in ROUTES:
        app.include_router(routes(console))

    @app.middleware("http")
    async def guard(request: Request, call_next):  # type: ignore[no-untyped-def]  # starlette's own signature
        response: Response = await call_next(request)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if not request.url.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    @app.get("/health")
    def health() -> JSONResponse:
        feed.head(store)
        return JSONResponse({"status": "ok", "version": __version__})

    return app
