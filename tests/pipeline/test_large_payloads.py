"""A thousand sets: read in chunks, the point committed with what was found, and after a crash continued there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from desk import NORTHWIND, Desk, Profiles
from partner_says import northwind, order

from edi_gateway.pipeline.inbound import read as reading
from edi_gateway.pipeline.inbound.position import Position
from edi_gateway.pipeline.inbound.take import Taker
from edi_gateway.pipeline.stages import STAGES
from edi_gateway.pipeline.tools import Record, Tools
from edi_gateway.store.rows import FlowRow
from edi_gateway.trading.loader import load

SETS = 1000


class Killed(BaseException):
    """Stands for the end of the process: no handler of ours may see it."""


@pytest.fixture(scope="module")
def payload() -> bytes:
    return northwind(1, *(order(f"PO-{n:04d}", quantity=1) for n in range(SETS)))


def intake(desk: Desk) -> FlowRow:
    return next(flow for flow in desk.flows() if flow.stage == "read")


def lane_of(desk: Desk) -> str:
    return intake(desk).lane


def receive(desk: Desk, payload: bytes) -> None:
    from edi_gateway.pipeline.inbound.collect import collect

    desk.put(payload)
    collect(desk.store, "northwind-mailbox", desk.connections.source("northwind-mailbox"))


def test_each_chunk_is_committed_with_the_point_behind_it(desk: Desk, payload: bytes) -> None:
    receive(desk, payload)
    for chunk in range(1, SETS // reading.SETS_A_CHUNK + 1):
        assert desk.runner.drain(lane_of(desk), iter((True, False)).__next__) == 1
        rows, position = desk.sets("850"), msgspec.json.decode(intake(desk).position, type=Position)
        assert len(rows) == chunk * reading.SETS_A_CHUNK
        assert position.point.offset == (rows[-1].start or 0) + (rows[-1].length or 0)
    desk.runner.drain(lane_of(desk))
    assert intake(desk).state == "done"


def test_a_crash_in_the_middle_loses_and_doubles_nothing(
    make_desk: Callable[..., Desk], payload: bytes, monkeypatch: Any
) -> None:
    desk = make_desk()
    receive(desk, payload)
    with monkeypatch.context() as patched:
        patched.setattr(Taker, "_set", _dies_at_the(517, Taker._set))
        with pytest.raises(Killed):
            desk.runner.drain(lane_of(desk))
    assert len(desk.sets("850")) == 2 * reading.SETS_A_CHUNK
    again = make_desk()
    again.runner.drain(lane_of(again))
    assert [row.business_number for row in again.sets("850")] == [f"PO-{n:04d}" for n in range(SETS)]
    [group] = [flow for flow in again.flows() if flow.stage == "acknowledge"]
    again.runner.drain(group.lane)
    assert len([flow for flow in again.flows() if flow.stage == "translate"]) == SETS
    assert len(again.interchanges()) == 1


def _dies_at_the(nth: int, take: Callable[..., None]) -> Callable[..., None]:
    count = iter(range(1, nth + 1))

    def taken(self: Taker, *event: Any) -> None:
        if next(count) == nth:
            raise Killed
        take(self, *event)

    return taken


def test_one_997_answers_all_of_them_with_the_right_counts(desk: Desk, payload: bytes) -> None:
    receive(desk, payload)
    for _ in range(10):
        for lane in desk.runner.sweep():
            if not lane.startswith(("business", "erp")):
                desk.runner.drain(lane)
    [answer] = desk.sent("997")
    assert answer.one("AK9") == ["AK9", "A", str(SETS), str(SETS), str(SETS)]


@pytest.mark.slow
def test_they_are_all_ordered_once_and_in_their_order(desk: Desk, payload: bytes) -> None:
    small = northwind(1, *(order(f"PO-{n:04d}", quantity=1) for n in range(250)))
    desk.drop(small)
    assert desk.posted() == [f"PO-{n:04d}" for n in range(250)]


def test_a_payload_of_many_interchanges_is_read_to_its_end(desk: Desk) -> None:
    desk.drop(b"".join(northwind(n, order(f"PO-{n}", quantity=1)) for n in range(1, 31)))
    assert len(desk.sent("997")) == 30
    assert len(desk.posted()) == 30


@pytest.mark.parametrize("id_changed", ["interchange: [08:7005551200]", 'group: ["7005551200", NWDSTORES]'])
def test_a_group_stays_whose_it_was_though_the_profile_changes_while_it_is_read(
    make_desk: Callable[..., Desk], profiles: Profiles, monkeypatch: pytest.MonkeyPatch, id_changed: str
) -> None:
    monkeypatch.setattr(reading, "SETS_A_CHUNK", 1)

    def read(flow: FlowRow, tools: Tools) -> Record:
        return STAGES["read"](flow, replace(tools, directory=load(profiles.folder)) if flow.position else tools)

    desk = make_desk(stages={**STAGES, "read": read})
    profiles.replace(NORTHWIND, id_changed, id_changed.replace("7005551200", "7005551299"))
    desk.drop(northwind(1, order("PO-1"), order("PO-2")))
    assert [(row.partner, row.business_number) for row in desk.sets("850")] == [(NORTHWIND, "PO-1"), (NORTHWIND, "PO-2")]
    assert (desk.codes(), desk.held()) == (["997"], [])
