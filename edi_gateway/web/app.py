"""The console: pages for the people who live in the gateway, and what a load balancer asks."""

from __future__ import annotations

import threading
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from edi_gateway import __version__
from edi_gateway import settings as settings_
from edi_gateway.settings import Settings
from edi_gateway.store.database import Database
from edi_gateway.views import feed
from edi_gateway.web.console import Console
from edi_gateway.web.guard import Guard
from edi_gateway.web.identify import Identify
from edi_gateway.web.routes import ROUTES
from edi_gateway.web.sessions import Sessions

_STATIC = Path(__file__).parent / "static"


def create_app(store: Database, settings: Settings | None = None, identify: Identify | None = None) -> FastAPI:
    """The application over one store; people sign in, unless ``identify`` says otherwise."""
    app = FastAPI(title="EDI gateway", version=__version__, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.ending = threading.Event()  # set by who serves it, so that pages that listen let go
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    console = Console(store, settings or settings_.load(), identify or Sessions(store))
    for routes in ROUTES:
        app.include_router(routes(console))

    app.exception_handler(HTTPException)(console.no_page)
    app.add_middleware(Guard)

    @app.get("/health")
    def health() -> JSONResponse:
        feed.head(store)
        return JSONResponse({"status": "ok", "version": __version__})

    return app
