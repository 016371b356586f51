"""What every answer carries: the request's id, the pace that is left, and headers that keep browsers careful.

Plain ASGI, so that streams are neither gathered nor cut.
"""

from __future__ import annotations

import re
import secrets

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from edi_gateway import log
from edi_gateway.api.pace import Left

REQUEST_ID = "X-Request-Id"
_GIVEN = re.compile(r"[\w.-]{1,64}", re.ASCII)


class Guard:
    """Around the whole API."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
        id = given if _GIVEN.fullmatch(given) else secrets.token_hex(8)
        state = scope.setdefault("state", {})
        state["request_id"] = id

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                _dress(MutableHeaders(scope=message), id, state.get("left"))
            await send(message)

        with log.bind(request=id):
            await self._app(scope, receive, sending)


def _dress(headers: MutableHeaders, id: str, left: Left | None) -> None:
    headers[REQUEST_ID] = id
    headers.setdefault("Cache-Control", "no-store")
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    if left is not None:
        headers["RateLimit-Limit"] = str(left.limit)
        headers["RateLimit-Remaining"] = str(left.remaining)
        headers["RateLimit-Reset"] = str(max(1, left.wait))
