"""The change feed: every event once, by cursor; and the same as server-sent events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Header, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from edi_gateway.api import models
from edi_gateway.api.caller import Reader, caller_of
from edi_gateway.api.office import Here
from edi_gateway.api.page import Limit
from edi_gateway.api.plain import as_json, each
from edi_gateway.api.problem import Problem
from edi_gateway.views.feed import Changes, changes, head

routes = APIRouter(prefix="/events", tags=["events"])
EVERY = 1.0  # seconds between looks
TICK = 0.1  # seconds in which a stream notices that it is over
BEAT = 15  # looks after which a stream says that it lives, and whether its caller may still listen
_MOST = 2**63 - 1

Kinds = Annotated[
    list[str],
    Query(max_length=50, description="Kinds of events, or beginnings with a dot.", examples=[["flow."]]),
]
After = Annotated[int, Query(ge=0, le=_MOST, description="The last event you have; 0: from the first one on.")]


class Feed(BaseModel):
    """``next`` is what to ask for next time, also where nothing new came. Ids have no gaps and are in the order of commits."""

    items: list[models.EventOut]
    next: int = Field(examples=[4711])


@routes.get("", response_model=Feed)
def events(office: Here, caller: Reader, after: After = 0, kind: Kinds = [], limit: Limit = 100) -> Any:  # noqa: B006
    """Events behind a cursor, oldest first: the audit log, and what a program follows to know of every change."""
    found = changes(office.store, after=after, kinds=kind, partner=caller.partner, limit=limit)
    return as_json({"items": each(models.EventOut, found.items), "next": found.next})


@routes.get("/stream", response_class=StreamingResponse, responses={200: {"content": {"text/event-stream": {}}}})
def stream(
    request: Request,
    office: Here,
    caller: Reader,
    after: Annotated[int | None, Query(ge=0, le=_MOST, description="The last event you have; default: from now on.")] = None,
    kind: Kinds = [],  # noqa: B006
    last_event_id: Annotated[str, Header(max_length=20)] = "",
) -> StreamingResponse:
    """The same as server-sent events, from now on or behind ``Last-Event-ID``. Each event's id is its place in the feed."""
    if last_event_id.isdecimal() and last_event_id.isascii():
        after = min(int(last_event_id), _MOST)
    begin = head(office.store) if after is None else after

    def look(behind: int) -> Changes:
        return changes(office.store, after=behind, kinds=kind, partner=caller.partner, limit=100)

    def may_listen() -> bool:
        try:
            return caller_of(office, request) == caller
        except Problem:
            return False

    async def is_over() -> bool:
        return office.ending.is_set() or await request.is_disconnected()

    return StreamingResponse(told(begin, look, may_listen, is_over), media_type="text/event-stream")


async def told(
    after: int,
    look: Callable[[int], Changes],
    may_listen: Callable[[], bool],
    is_over: Callable[[], Awaitable[bool]],
    every: float = EVERY,
) -> AsyncIterator[bytes]:
    """The frames of a stream, until its listener or the server is gone, or the listener may not listen any more."""
    yield b"retry: 2000\n\n"
    beats = 0
    while not await is_over():
        found = await run_in_threadpool(look, after)
        for row, one in zip(found.items, each(models.EventOut, found.items), strict=True):
            yield b"id: %d\nevent: %s\ndata: %s\n\n" % (row.id, row.kind.encode(), msgspec.json.encode(one))
        after = found.next
        beats += 1
        if beats % BEAT == 0:
            if not await run_in_threadpool(may_listen):
                return
            yield b": still here\n\n"
        if not found.items:
            await _pause(every, is_over)


async def _pause(seconds: float, is_over: Callable[[], Awaitable[bool]]) -> None:
    """Waits, but not for what is over: a server that ends does not wait for long."""
    for _ in range(int(seconds / TICK)):
        if await is_over():
            return
        await asyncio.sleep(TICK)
