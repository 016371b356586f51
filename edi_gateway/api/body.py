"""Bodies of requests: how large they may be, and large ones taken to a file while they come, never whole in memory."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Collection
from typing import Annotated, Any, BinaryIO, TypeAlias, cast

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from edi_gateway.api.problem import answer
from edi_gateway.errors import WrongInput
from edi_gateway.files import CHUNK

STREAMED = 50 << 20  # bytes of a payload, which goes to a file; larger ones come over SFTP or AS2
HELD = 20 << 20  # bytes of any other body, which is held in memory
IN_MEMORY = 1 << 20  # bytes; a larger body goes through a file

Body: TypeAlias = tempfile.SpooledTemporaryFile[bytes]


class Limited:
    """Around the application: a body that is too large is told as 413, before it comes where its length is declared.

    ``streamed`` are the addresses that take payloads; any other body is held in memory and may be ``HELD`` bytes.
    """

    def __init__(self, app: ASGIApp, streamed: Collection[str]) -> None:
        self._app, self._streamed = app, frozenset(streamed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = STREAMED if scope["path"].removeprefix(scope.get("root_path", "")) in self._streamed else HELD
        declared = dict(scope["headers"]).get(b"content-length", b"")
        if declared.isdigit() and int(declared) > most:
            await answer(Request(scope), "too_large", _too_large(most))(scope, receive, send)
            return
        await self._app(scope, _counted(receive, most), send)


def _counted(receive: Receive, most: int) -> Receive:
    size = 0

    async def receiving() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > most:
            raise HTTPException(413, _too_large(most))  # of all errors the one that reading a body lets through
        return message

    return receiving


def _too_large(most: int) -> str:
    return f"more than {most:,} bytes are not taken here"


async def pour(request: Request, body: Body, most: int | None = None) -> bool:
    """Writes a request's body as it comes; False as soon as it is larger than may be."""
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if most is not None and size > most:
            return False
        await run_in_threadpool(body.write, piece) if size > IN_MEMORY else body.write(piece)
    return True


def again(request: Request, body: Body) -> Request:
    """The same request with a body that was poured out."""
    body.seek(0)

    async def receive() -> Message:
        piece = await run_in_threadpool(body.read, CHUNK)
        return {"type": "http.request", "body": piece, "more_body": bool(piece)}

    return Request(request.scope, receive)


async def _streamed(request: Request) -> AsyncIterator[BinaryIO]:
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as body:
        await pour(request, body)
        if not body.tell():
            raise WrongInput("the body is empty", do="send the payload as the body of the request")
        body.seek(0)
        yield cast(BinaryIO, body)  # all but by name


Payload = Annotated[BinaryIO, Depends(_streamed)]
"""A route's body as a file; named behind the caller among its parameters, it is not read for who may not send it."""

TAKES_X12: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/edi-x12": {
                "schema": {"type": "string", "format": "binary", "minLength": 1, "maxLength": STREAMED},
                "example": "ISA*00*…",
            }
        },
    }
}
"""What the description says of such a route."""
