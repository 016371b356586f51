"""Reading that stopped in the middle of a group: its answer is due all the same, and leaves when a person gives up the rest."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from desk import NORTHWIND, Desk, Profiles
from partner_says import northwind, order

from edi_gateway.errors import NeedsPerson
from edi_gateway.operations.dismiss import dismiss
from edi_gateway.operations.watch import watch_owed
from edi_gateway.operations.watch_half_times import watch_half_times
from edi_gateway.pipeline.inbound import read
from edi_gateway.pipeline.stages import STAGES
from edi_gateway.pipeline.tools import Record, Tools
from edi_gateway.store.rows import FlowRow

FILE = northwind(1, *[order(f"PO-{number}") for number in range(4)])


class Stops:
    """The stage that reads, which nobody can get past the first chunk of the first file."""

    def __init__(self) -> None:
        self.does, self.always = True, False

    def __call__(self, flow: FlowRow, tools: Tools) -> Record:
        if self.does and flow.position and (self.always or '"given_up":true' not in flow.position):
            raise NeedsPerson("a disk has gone", do="resume it")
        return read.read(flow, tools)


@pytest.fixture
def stops() -> Stops:
    return Stops()


@pytest.fixture
def stopped(make_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch, stops: Stops) -> Callable[[], Desk]:
    """A gateway that read two orders of four, and stopped in their group."""
    monkeypatch.setattr(read, "SETS_A_CHUNK", 2)

    def make() -> Desk:
        desk = make_desk(stages={**STAGES, "read": stops})
        desk.drop(FILE)
        assert "a disk has gone" in desk.held()[0]
        return desk

    return make


def give_up(desk: Desk) -> None:
    (flow,) = [flow for flow in desk.flows("held") if flow.stage == "read"]
    dismiss(desk.store, flow.id, because="they send it again", by="ann")
    desk.run()


def test_its_answer_is_told_at_half_time_and_when_it_is_late(stopped: Callable[[], Desk]) -> None:
    desk = stopped()
    desk.later(hours=12)
    watch_half_times(desk.store, desk.directory)
    desk.later(hours=12)
    watch_owed(desk.store, desk.directory)
    assert len(desk.events("acknowledgment.owed_half_time")) == len(desk.events("acknowledgment.owed_overdue")) == 1


def test_what_was_read_is_answered_once_the_rest_is_given_up(stopped: Callable[[], Desk]) -> None:
    desk = stopped()
    give_up(desk)
    (answer,) = desk.sent("997")
    assert [ak2[2] for ak2 in answer.all("AK2")] == ["0001", "0002"]
    assert [one.acknowledgment for one in desk.sets("850")] == ["accepted"] * 2
    assert desk.transmissions()[0].state == "read in part"
    assert (desk.held(), desk.posted()) == ([], ["PO-0", "PO-1"])


def test_the_good_sets_of_a_group_that_goes_whole_do_not_wait_for_its_end(
    profiles: Profiles, stopped: Callable[[], Desk]
) -> None:
    profiles.replace(NORTHWIND, "within: 24h, detail: sets", "within: 24h, partial: reject the group, detail: sets")
    desk = stopped()
    give_up(desk)
    assert [flow.stage for flow in desk.flows("waiting")] == ["await"] * len(desk.flows("waiting"))
    assert len(desk.sent("997")) == 1


def test_the_same_interchange_sent_again_is_read(stopped: Callable[[], Desk], stops: Stops) -> None:
    desk = stopped()
    give_up(desk)
    stops.does = False
    desk.drop(FILE, "again.edi")
    assert desk.posted() == ["PO-0", "PO-1", "PO-2", "PO-3"]
    assert len(desk.sent("997")) == 2
    assert len([why for why in desk.held() if "is on record already" in why]) == 2  # those that came the first time


def test_what_cannot_even_be_given_up_is_dismissed_the_second_time(stopped: Callable[[], Desk], stops: Stops) -> None:
    desk = stopped()
    stops.always = True
    give_up(desk)
    assert "a disk has gone" in desk.held()[0]
    give_up(desk)
    assert desk.held() == []
