"""A connection that cannot be looked at has a circuit breaker too, and is told about as one that cannot be sent over."""

from __future__ import annotations

import io
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import BinaryIO

import pytest
from desk import Desk

from edi_gateway.errors import GatewayError, NeedsPerson, TryAgain
from edi_gateway.pipeline.inbound.collect import collect
from edi_gateway.store.schedule import POLL
from edi_gateway.transports.base import RemoteFile
from edi_gateway.views.engines import down
from edi_gateway.views.operator_figures import operator_figures
from edi_gateway.worker.polling import poll
from edi_gateway.worker.schedule import Job, Schedule
from edi_gateway.worker.trigger import read_trigger


class Server:
    """A Source that is down while ``error`` is set, and has files of which those named ``bad`` cannot be fetched."""

    def __init__(self, *names: str) -> None:
        self.error: GatewayError | None = None
        self.names = list(names)
        self.looks = 0

    def look(self) -> list[RemoteFile]:
        self.looks += 1
        if self.error:
            raise self.error
        return [RemoteFile(f"/{name}", name, 1, None) for name in self.names]

    def claim(self, file: RemoteFile) -> RemoteFile | None:
        return file

    def fetch(self, file: RemoteFile) -> BinaryIO:
        if file.name == "bad":
            raise NeedsPerson("it may not be read")
        return io.BytesIO(file.name.encode())

    def finish(self, file: RemoteFile) -> None:
        self.names.remove(file.name)

    def close(self) -> None:
        """Nothing is open."""


def look(desk: Desk, server: Server) -> str:
    """The schedule looks once at what is due; how it ended last, as it shows that."""
    van = Job(read_trigger("every 1s"), lambda: poll(server, partial(collect, desk.store, "van")), POLL + "van")

    def start(name: str) -> None:
        with suppress(GatewayError):
            schedule.run(name)

    schedule = Schedule(desk.store, desk.clock, {"collect van": van}, start)
    schedule.prepare()
    schedule.tick()
    with desk.store.read() as unit:
        return unit.schedule.all()[0].last_error


def fail(desk: Desk, server: Server, times: int) -> None:
    """Once a second, as soon as anything is tried again."""
    for _ in range(times):
        desk.clock.advance(timedelta(seconds=1))
        assert look(desk, server)


@pytest.mark.parametrize("error", [TryAgain("nothing listens on that port"), NeedsPerson("the server's host key has changed")])
def test_three_looks_that_fail_open_the_circuit_which_is_told_once_and_shown(desk: Desk, error: GatewayError):
    server = Server()
    server.error = error
    fail(desk, server, 5)

    assert server.looks == 3
    with desk.store.read() as unit:
        (told,) = unit.events.of_kind("lane.down")
    assert (told.subject, str(error) in told.text) == ("lane:poll:van", True)
    assert [(row.lane, row.failures) for row in down(desk.store)] == [("poll:van", 3)]


def test_a_probe_that_gets_through_closes_it_and_that_is_told(desk: Desk):
    server = Server("po.edi")
    server.error = TryAgain("no answer in time")
    fail(desk, server, 3)
    server.error = None
    desk.clock.advance(timedelta(minutes=7))

    assert look(desk, server) == ""
    assert server.names == []
    with desk.store.read() as unit:
        assert len(unit.events.of_kind("lane.up")) == 1
    assert down(desk.store) == []


def test_a_file_that_cannot_be_had_beside_others_that_can_is_no_failure_of_the_connection(desk: Desk):
    server = Server("bad", "po.edi")

    fail(desk, server, 1)

    assert server.names == ["bad"]
    assert down(desk.store) == []


def test_a_connection_of_which_nothing_can_be_had_for_long_is_out_of_order(desk: Desk):
    fail(desk, Server("bad"), 3)

    assert [row.failures for row in down(desk.store)] == [3]


def test_a_connection_that_is_no_more_is_out_of_order_no_more(desk: Desk):
    server = Server()
    server.error = TryAgain("no answer in time")
    fail(desk, server, 3)

    Schedule(desk.store, desk.clock, {}, lambda _name: None).prepare()

    assert down(desk.store) == []


def test_a_connection_that_refuses_us_was_looked_at_last_before_it_did(desk: Desk):
    server = Server()
    look(desk, server)
    server.error = TryAgain("no answer in time")
    began = desk.clock.now() + timedelta(seconds=1)
    fail(desk, server, 3)
    desk.clock.advance(timedelta(hours=5))

    assert look(desk, server) == "no answer in time"
    assert operator_figures(desk.store).polled == {"van": began}
