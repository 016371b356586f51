"""What the circuit breaker of a lane writes into the log, which is all there is of a try before a person is told."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from desk import Desk

from edi_gateway import log
from edi_gateway.worker import breaker


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    lines = io.StringIO()
    log.configure("warning", "json", lines)
    yield lines
    log.configure("error")


def test_each_try_that_failed_is_a_warning_with_its_lane_and_why_and_the_third_one_an_event_as_well(
    desk: Desk, logged: io.StringIO
) -> None:
    for _ in range(breaker.OPENS_AFTER):
        with desk.store.write() as unit:
            breaker.failed(unit, "wire:van", "refused", desk.clock.now())
        desk.clock.advance(timedelta(seconds=2))
    lines = [json.loads(line) for line in logged.getvalue().splitlines()]
    tries = [(line["lane"], line["failures"], line["because"]) for line in lines if line["event"] == "a try failed"]
    assert tries == [("wire:van", failures, "refused") for failures in (1, 2, 3)]
    assert [line["kind"] for line in lines if "kind" in line] == ["lane.down"]
    assert {line["level"] for line in lines} == {"warning"}
