"""The API, version 1: routes by noun, every error a problem, described by OpenAPI at ``/openapi.json``."""

from __future__ import annotations

import re
from functools import partial
from typing import cast

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import Mount

from edi_gateway import __version__
from edi_gateway.api import problem
from edi_gateway.api.body import Limited
from edi_gateway.api.describe import described
from edi_gateway.api.guard import Guard
from edi_gateway.api.office import Office
from edi_gateway.api.routes import ALL

PATH = "/api/v1"
STREAMED = ("/payloads", "/mailbox/inbox")  # bodies go to a file

_ABOUT = """Partners, documents, holds, replays and everything else the console and the command line show and do.

Every request but `/health` and `/ready` carries an API key: `Authorization: Bearer egw_…`. What goes wrong is told as RFC 9457
says, with a `code` that stays the same over releases. Lists come in pages of at most 500, with a cursor to the next."""

TAGS = {
    "documents": "Transaction sets with their three statuses, and everything about one of them.",
    "sending": "Documents given in to be sent, and sent again.",
    "approvals": "What waits for a second person.",
    "transmissions": "Payloads that moved, and one given in.",
    "mailbox": "A partner at its own mailbox, over HTTP instead of SFTP; with a key of that mailbox, which opens nothing else.",
    "interchanges": "ISA … IEA.",
    "orders": "Order threads: 850, 855, 856, 810, 820, and their balances.",
    "deadlines": "Answers that are owed.",
    "compliance": "What partners charge for: rules, verdicts on our documents, and proof against a charge.",
    "holds": "What waits for a person.",
    "replays": "Our stages once more on what we have.",
    "partners": "Trading partners and their profiles.",
    "agreements": "What is exchanged with whom.",
    "connections": "Places documents come from and go to.",
    "certificates": "Certificates, ours and partners'.",
    "cross-references": "Partners' codes for items and locations, and ours.",
    "deposits": "What came to the bank.",
    "maps": "Maps and guides.",
    "events": "The change feed, which is the audit log as well.",
    "webhooks": "Programs that are told of what happens.",
    "alerts": "What somebody has to know of.",
    "schedule": "What recurs.",
    "access": "Who may come.",
    "gateway": "The gateway itself.",
}


def create_api(office: Office) -> FastAPI:
    """The application, to be mounted at ``PATH``."""
    app = FastAPI(
        title="EDI gateway",
        version=__version__,
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        generate_unique_id_function=_id,
        servers=[{"url": PATH}],
        root_path_in_servers=False,
        openapi_tags=[{"name": name, "description": about} for name, about in TAGS.items()],
    )
    app.state.office = office
    problem.install(app)
    for routes in ALL:
        app.include_router(routes)
    app.openapi = partial(described, app)  # type: ignore[method-assign]  # as FastAPI's documentation has it
    app.add_middleware(Limited, streamed=STREAMED)
    app.add_middleware(Guard)
    return app


def mount(outer: FastAPI, api: FastAPI) -> None:
    """Puts the API at its address; also what holds an end of a line is asked there, and is answered by a problem."""
    outer.mount(PATH, api)
    here = cast(Mount, outer.router.routes[-1])
    here.path_regex = re.compile(here.path_regex.pattern, re.DOTALL)


def _id(route: APIRoute) -> str:
    return f"{route.tags[0] if route.tags else 'gateway'}_{route.name}"
