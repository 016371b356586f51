"""Pages that listen."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from desk import Desk
from fastapi import FastAPI
from visiting import Visitor

from edi_gateway.operations import access
from edi_gateway.web.routes import live

SignedIn = Callable[[str], Visitor]


def test_a_page_that_listens_is_let_go_when_the_server_ends(desk: Desk, app: FastAPI, signed_in: SignedIn) -> None:
    app.state.ending.set()  # else the answer would not end
    told = signed_in("viewer").get("/live")
    assert told.headers["content-type"].startswith("text/event-stream")
    with desk.store.read() as unit:
        newest = unit.events.head().events
    assert f"data: {newest}\n\n" in told.text


LISTS = (
    "/",
    "/holds",
    "/acknowledgments",
    "/alerts?all=yes",
    "/approvals?after=3",
    "/documents",
    "/orders",
    "/compliance",
    "/transmissions",
    "/replays",
    "/partners?failing=yes",
    "/schedule",
    "/audit",
)


@pytest.mark.parametrize("path", LISTS)
def test_a_page_of_what_comes_and_goes_renews_itself_as_it_was_asked_for(signed_in: SignedIn, path: str) -> None:
    page = signed_in("viewer").get(path).text
    ((id, to, same),) = re.findall(
        r'id="(\w+)"[^>]* data-live hx-get="([^"]+)" hx-trigger="news from:body" hx-select="#(\w+)"', page
    )
    assert id == same
    assert to.startswith(path)


@pytest.mark.parametrize(("missed", "told"), [(0, False), (1, True)])
def test_a_page_that_was_cut_off_is_told_at_once_whether_something_happened_meanwhile(
    desk: Desk, app: FastAPI, signed_in: SignedIn, missed: int, told: bool
) -> None:
    app.state.ending.set()
    visitor = signed_in("viewer")
    with desk.store.read() as unit:
        newest = unit.events.head().events
    answer = visitor.get("/live", {"Last-Event-ID": str(newest - missed)})
    assert ("event: news" in answer.text) is told


def test_a_stream_ends_with_its_session_however_much_happens(
    desk: Desk, app: FastAPI, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor, looks = signed_in("viewer"), 0

    def newest(_console: object) -> int:
        nonlocal looks
        looks += 1
        if looks == 2:
            access.sign_out(desk.store, visitor.cookies["edi_gateway_session"])
        if looks == 5 * live.BEAT:
            app.state.ending.set()  # else a stream that outlives its session would not end
        return looks

    monkeypatch.setattr(live, "_newest", newest)
    monkeypatch.setattr(live, "TICK", 0.0001)
    monkeypatch.setattr(live, "LOOK", 0.0001)
    assert "event: news" in visitor.get("/live").text
    assert looks <= live.BEAT + 1
