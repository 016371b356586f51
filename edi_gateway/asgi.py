"""The application a web server runs: ``uvicorn edi_gateway.asgi:create --factory`` serves the pages of a data folder."""

from __future__ import annotations

from fastapi import FastAPI

from edi_gateway import settings
from edi_gateway.bootstrap import open_store
from edi_gateway.web.app import create_app


def create() -> FastAPI:
    """The pages over the store named by the environment; the engine runs in ``edi-gateway serve``."""
    return create_app(open_store(settings.load()))
