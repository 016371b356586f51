"""What happens, as it happens: server-sent events that tell a page to look again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from edi_gateway.web.console import SESSION, Console, route_class

LOOK = 1.0  # seconds between two looks
TICK = 0.1  # seconds in which a stream notices that it is over
BEAT = 15  # looks after which the connection says that it is there, and whose session it is has to be there too


def routes(console: Console) -> APIRouter:
    """The stream of a page."""
    router = APIRouter(route_class=route_class(console), dependencies=[Depends(console.reads)])

    @router.get("/live")
    async def live(request: Request) -> Response:
        return StreamingResponse(_looks(request, console), media_type="text/event-stream")

    return router


async def _looks(request: Request, console: Console) -> AsyncIterator[str]:
    """The number of the newest event whenever it has grown, also while a page that comes back was cut off (Last-Event-ID).

    Ends with the session, with the server, and when the page is left.
    """
    last, looks = await run_in_threadpool(_newest, console), 0
    yield f"retry: 3000\nid: {last}\ndata: {last}\n\n"
    if request.headers.get("last-event-id", str(last)) != str(last):
        yield _news(last)
    while not await _is_over(request):
        newest, looks = await run_in_threadpool(_newest, console), looks + 1
        if looks % BEAT == 0:  # however much is new meanwhile
            if await run_in_threadpool(console.identify.who, request.cookies.get(SESSION, "")) is None:
                return
            yield ": still here\n\n"
        if newest != last:
            last = newest
            yield _news(last)


def _news(newest: int) -> str:
    return f"id: {newest}\nevent: news\ndata: {newest}\n\n"


async def _is_over(request: Request) -> bool:
    """Waits until it is time to look again, unless the server ends or the page is left."""
    for _ in range(int(LOOK / TICK)):
        if request.app.state.ending.is_set() or await request.is_disconnected():
            return True
        await asyncio.sleep(TICK)
    return False


def _newest(console: Console) -> int:
    with console.store.read() as unit:
        return unit.events.head().events
