"""Idempotency-Key: a changing request made twice under one key is done once, and answered the same for a day.

Another body or If-Match under the same key is refused (422); the same request while the first is in flight too (409). A request
that failed gives its key back; one that was cut off keeps it, because nobody knows whether it was done.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, TypeAlias

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from fastapi.routing import APIRoute

from edi_gateway.api.body import IN_MEMORY, Body, again, pour
from edi_gateway.api.caller import caller_of, keep_pace
from edi_gateway.api.office import Office
from edi_gateway.api.problem import Problem
from edi_gateway.files import CHUNK
from edi_gateway.store.idempotency import IdempotencyRow

Handle: TypeAlias = Callable[[Request], Coroutine[Any, Any, Response]]

HEADER = "Idempotency-Key"
KEPT = timedelta(days=1)
_SAID = ("Location", "ETag")  # headers that are part of an answer
_CONDITIONS = ("If-Match", "If-None-Match")  # and of a request
_LONGEST = timedelta(minutes=15)  # that a request may take; one that is not answered by then never will be
_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_METHODS = ("POST", "PUT", "PATCH", "DELETE")


class Once(APIRoute):
    """A route that honours Idempotency-Key."""

    def get_route_handler(self) -> Handle:
        handle = super().get_route_handler()

        async def handler(request: Request) -> Response:
            key = request.headers.get(HEADER)
            if key is None or request.method not in _METHODS:
                return await handle(request)
            if not _KEY.fullmatch(key):
                raise Problem("wrong_input", f"{HEADER} is 1 to 200 visible ASCII characters")
            office: Office = request.app.state.office
            owner = (await run_in_threadpool(caller_of, office, request)).name
            keep_pace(request, office, owner)
            with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as body:
                await pour(request, body)
                return await _once(office, owner, key, request, body, handle)

        return handler


async def _once(office: Office, owner: str, key: str, request: Request, body: Body, handle: Handle) -> Response:
    fingerprint = await run_in_threadpool(_fingerprint, request, body)
    first = await run_in_threadpool(_take, office, owner, key, fingerprint)
    if first is not None:
        return _same(first, fingerprint, office.store.clock.now())
    try:
        response = await handle(again(request, body))
    except Exception:  # not of one that was cut off: what it does on its thread may still be done
        await run_in_threadpool(_give_back, office, owner, key)
        raise
    await run_in_threadpool(_keep, office, owner, key, response)
    return response


def _fingerprint(request: Request, body: Body) -> str:
    asked = sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode())
    for name in _CONDITIONS:
        if name in request.headers:
            asked.update(f"{name}: {request.headers[name]}\n".encode())
    body.seek(0)
    while piece := body.read(CHUNK):
        asked.update(piece)
    return asked.hexdigest()


def _take(office: Office, owner: str, key: str, fingerprint: str) -> IdempotencyRow | None:
    with office.store.write() as unit:
        unit.idempotency_keys.forget(unit.clock.now() - KEPT)
        return unit.idempotency_keys.take(owner, key, fingerprint)


def _give_back(office: Office, owner: str, key: str) -> None:
    with office.store.write() as unit:
        unit.idempotency_keys.give_back(owner, key)


def _keep(office: Office, owner: str, key: str, response: Response) -> None:
    with office.store.write() as unit:
        unit.idempotency_keys.answer(owner, key, response.status_code, _written(response))


def _same(first: IdempotencyRow, fingerprint: str, now: datetime) -> Response:
    if first.fingerprint != fingerprint:
        raise Problem("key_reused", f"{HEADER} {first.key} came with another request before; a new request needs a new key")
    if first.status is None and now - first.at > _LONGEST:
        what = f"the request with {HEADER} {first.key} was cut off before it was answered: look whether it was done"
        raise Problem("conflict", f"{what}; if it was not, make it again under a new key")
    if first.status is None:
        raise Problem("in_flight", f"the request with {HEADER} {first.key} is not answered yet", Retry_After="1")
    body, headers = _read(first.answer)
    return Response(body, first.status, {"Idempotent-Replayed": "true"} | headers, "application/json" if body else None)


def _written(response: Response) -> str:
    """An answer as it is kept: what it says in headers, a line each, and an empty line go before its JSON."""
    said = "".join(f"{name}: {response.headers[name]}\n" for name in _SAID if name in response.headers)
    body = bytes(response.body).decode()
    return f"{said}\n{body}" if said else body


def _read(kept: str) -> tuple[str, dict[str, str]]:
    """The body and the headers of a kept answer."""
    if not kept.startswith(tuple(f"{name}: " for name in _SAID)):
        return kept, {}
    head, _, body = kept.partition("\n\n")
    return body, dict(line.split(": ", 1) for line in head.splitlines())
