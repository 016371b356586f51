"""The API, version 1: routes by noun, every error a problem, described by OpenAPI at ``/openapi.json``."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from edi_gateway import __version__
from edi_gateway.api import problem
from edi_gateway.api.guard import Guard
from edi_gateway.api.office import Office
from edi_gateway.api.routes import ALL

PATH = "/api/v1"

_ABOUT = """Partners, documents, holds, replays and everything else the console and the command line show and do.

Every request but `/health` and `/ready` carries an API key: `Authorization: Bearer egw_…`. What goes wrong is told as RFC 9457
says, with a `code` that stays the same over releases. Lists come in pages of at most 500, with a cursor to the next."""


def create_api(office: Office) -> FastAPI:
    """The application, to be mounted at ``PATH``."""
    told: dict[int | str, dict[str, Any]] = {
        status: {"model": problem.ProblemBody, "description": "A problem", "content": {problem.MEDIA_TYPE: {}}}
        for status in (401, 403, 422)
    }
    app = FastAPI(
        title="EDI gateway",
        version=__version__,
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        generate_unique_id_function=_id,
        responses=told,
        servers=[{"url": PATH}],
        root_path_in_servers=False,
    )
    app.state.office = office
    problem.install(app)
    for routes in ALL:
        app.include_router(routes)
    app.add_middleware(Guard)
    return app


def _id(route: APIRoute) -> str:
    return f"{route.tags[0] if route.tags else 'gateway'}_{route.name}"
