"""Groups with bad sets: the good ones go on, or, where that is agreed, none does and the answer says so."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from desk import NORTHWIND, Desk, Profiles
from partner_says import change, northwind, order

from edi_gateway.pipeline.inbound import read
from edi_gateway.x12.envelope import Segment

Make = Callable[..., Desk]
WHOLE = "within: 24h, partial: reject the group"


def bad(number: str) -> list[Segment]:
    """An 850 without its BEG03."""
    segments = order(number)
    segments[1][3] = ""
    return segments


@pytest.fixture
def whole(profiles: Profiles) -> None:
    profiles.replace(NORTHWIND, "within: 24h, detail: sets", f"{WHOLE}, detail: sets")


def verdicts(desk: Desk) -> tuple[list[str], list[str]]:
    (answer,) = desk.sent("997")
    return [ak5[1] for ak5 in answer.all("AK5")], answer.one("AK9")[1:]


def test_the_good_sets_of_a_group_go_on_by_default(desk: Desk):
    desk.drop(northwind(1, order("PO-1"), bad("PO-2"), order("PO-3")))
    assert verdicts(desk) == (["A", "R", "A"], ["P", "3", "3", "2"])
    assert desk.posted() == ["PO-1", "PO-3"]


@pytest.mark.usefixtures("whole")
def test_a_group_goes_whole_or_not_at_all_where_that_is_agreed(desk: Desk):
    desk.drop(northwind(1, order("PO-1"), bad("PO-2"), order("PO-3")))
    assert verdicts(desk) == (["R", "R", "R"], ["R", "3", "3", "0"])
    assert [flow.because for flow in desk.flows("rejected") if flow.because.startswith("1 of 3")] == [
        "1 of 3 sets are rejected, and the group goes whole or not at all"
    ] * 2
    assert [one.acknowledgment for one in desk.sets("850")] == ["rejected"] * 3


@pytest.mark.usefixtures("whole")
def test_a_good_group_that_goes_whole_goes(desk: Desk):
    desk.drop(northwind(1, order("PO-1"), order("PO-2")))
    assert verdicts(desk)[1] == ["A", "2", "2", "2"]
    assert desk.posted() == ["PO-1", "PO-2"]


@pytest.mark.usefixtures("whole")
def test_nothing_of_a_group_goes_on_before_its_end_was_read(make_desk: Make, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(read, "SETS_A_CHUNK", 1)
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1"), order("PO-2"), bad("PO-3")))
    assert desk.sets("850")
    assert [one.document_id for one in desk.sets("850")] == [None] * 3


@pytest.mark.usefixtures("whole")
def test_what_was_held_for_an_agreement_is_no_longer_when_its_group_is_rejected(desk: Desk):
    broken = change("PO-1")
    broken[1][3] = ""
    desk.drop(northwind(1, change("PO-1"), broken))
    assert desk.held() == []
