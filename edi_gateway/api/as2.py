"""The address AS2 partners post to: a body is streamed to disk, held against a limit while it comes, and given to the station."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from mmap import ACCESS_READ, mmap

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import PlainTextResponse, Response
from starlette.requests import ClientDisconnect

from edi_gateway import log
from edi_gateway.api.body import IN_MEMORY, Body, pour
from edi_gateway.errors import GatewayError
from edi_gateway.transports.as2.station import Station
from edi_gateway.transports.as2.wire import Answer, told

PATH = "/as2"

_OF_THE_SERVER = ("Date", "User-Agent")  # the web server dates its answers itself

_log = log.logger(__name__)


def router(station: Callable[[], Station]) -> APIRouter:
    """The routes; ``station`` gives the one that is in force at the moment."""
    routes = APIRouter()

    @routes.post(PATH)
    async def receive(request: Request) -> Response:
        here = station()
        headers = _combined(request)
        most = await run_in_threadpool(here.largest, headers)
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as body:
            try:
                complete = await pour(request, body, most) if most else True
            except ClientDisconnect:
                return Response(status_code=400)  # nobody reads it; what came in part is forgotten
            if not complete:
                return _response(told(413, f"more than {most:,} bytes are not taken"))
            return _response(await run_in_threadpool(_answer, here, headers, body))

    @routes.api_route(PATH, methods=["GET", "HEAD"])
    async def look() -> Response:
        return PlainTextResponse("AS2 messages are posted here.\n")

    return routes


def _combined(request: Request) -> dict[str, str]:
    """The header; a field that stands there several times is one with commas (RFC 9110 §5.3), and so no AS2 name of anybody."""
    found: dict[str, str] = {}
    for name, value in request.headers.items():
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def _answer(station: Station, headers: dict[str, str], body: Body) -> Answer:
    try:
        size = body.seek(0, 2)
        if size <= IN_MEMORY:
            body.seek(0)
            return station.answer(headers, body.read())
        body.rollover()
        return station.answer(headers, mmap(body.fileno(), size, access=ACCESS_READ))
    except GatewayError as error:
        _log.error("an AS2 message could not be taken", error=str(error))
        return told(503, "not able to take messages now; please try again later")


def _response(answer: Answer) -> Response:
    response = Response(answer.body, answer.status)
    for name, value in answer.fields:
        if name not in _OF_THE_SERVER:
            response.headers[name] = value
    return response
