"""Pages that listen."""

from __future__ import annotations

from collections.abc import Callable

from desk import Desk
from fastapi import FastAPI
from visiting import Visitor

SignedIn = Callable[[str], Visitor]


def test_a_page_that_listens_is_let_go_when_the_server_ends(desk: Desk, app: FastAPI, signed_in: SignedIn) -> None:
    app.state.ending.set()  # else the answer would not end
    told = signed_in("viewer").get("/live")
    assert told.headers["content-type"].startswith("text/event-stream")
    with desk.store.read() as unit:
        newest = unit.events.head().events
    assert f"data: {newest}\n\n" in told.text
