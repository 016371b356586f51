"""What a watch found is told once each, a few in a transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from desk import NOON, Desk

from edi_gateway.operations.telling import AT_ONCE, News, tell_news


def news(count: int, **more: Any) -> list[News]:
    return [News("transmission.unfetched", f"transmission:{each}", "lies there", None, **more) for each in range(count)]


def test_each_is_told_once_and_again_only_for_what_came_since(desk: Desk) -> None:
    assert [tell_news(desk.store, news(3)) for _ in range(2)] == [3, 0]
    assert tell_news(desk.store, news(4)) == 1
    assert tell_news(desk.store, news(4, since=NOON - timedelta(days=1))) == 0
    desk.clock.advance(timedelta(days=1))
    assert tell_news(desk.store, news(4, since=desk.clock.now() - timedelta(hours=1))) == 4
    assert len(desk.events("transmission.unfetched")) == 8


def test_whoever_waits_to_write_gets_in_between(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[int] = []
    write = desk.store.write

    @contextmanager
    def counted() -> Iterator[Any]:
        before = len(desk.events())
        with write() as unit:
            yield unit
        held.append(len(desk.events()) - before)

    monkeypatch.setattr(desk.store, "write", counted)
    assert tell_news(desk.store, news(2 * AT_ONCE + 1)) == 2 * AT_ONCE + 1
    assert held == [AT_ONCE, AT_ONCE, 1]
