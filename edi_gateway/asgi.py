"""The application a web server runs: ``uvicorn edi_gateway.asgi:create --factory`` serves pages and AS2 of a data folder."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI

from edi_gateway import settings
from edi_gateway.api import as2
from edi_gateway.bootstrap import open_store
from edi_gateway.bootstrap.as2 import As2InForce
from edi_gateway.store.database import Database
from edi_gateway.transports.as2.station import Station
from edi_gateway.web.app import create_app


def create() -> FastAPI:
    """Pages and AS2 over the store named by the environment; the engine runs in ``edi-gateway serve``, or in workers."""
    given = settings.load()
    store = open_store(given)
    return application(store, As2InForce(given, store))


def application(store: Database, station: Callable[[], Station]) -> FastAPI:
    """Everything we serve over HTTP; ``station`` gives the AS2 station that is in force at the moment."""
    app = create_app(store)
    app.include_router(as2.router(station))
    return app
