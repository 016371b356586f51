"""What a 997 says of a group of several sets of ours: of all of them, or of those it lists alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from desk import NORTHWIND, Desk, Profiles
from partner_says import accepts, northwind, order

from edi_gateway.x12.envelope import Segment

BATCHED = "    map: order-acknowledgment-855\n"


@pytest.fixture
def three(profiles: Profiles, make_desk: Callable[[], Desk]) -> Desk:
    """A group PR 1 of three 855s was sent."""
    profiles.replace(NORTHWIND, BATCHED, f"{BATCHED}    batch: {{every: 10m}}\n")
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1"), order("PO-2"), order("PO-3")))
    desk.later(minutes=30)
    assert len(desk.sent("855")) == 1
    return desk


def answers(group: str, *sets: tuple[str, str]) -> list[Segment]:
    """A 997 about group PR 1: the elements of its AK9 as text, and ST02 and AK5 of each set it lists."""
    listed = [segment for number, verdict in sets for segment in (["AK2", "855", number], ["AK5", *verdict.split("*")])]
    return [["ST", "997", ""], ["AK1", "PR", "1"], *listed, ["AK9", *group.split("*")]]


def said(desk: Desk) -> list[str]:
    return [row.acknowledgment for row in sorted(desk.sets("855"), key=lambda row: row.control_number)]


def test_a_997_for_each_set_changes_nothing_that_another_one_is_about(three: Desk) -> None:
    three.drop(northwind(2, answers("A*1*1*1", ("0001", "A"))))
    assert said(three) == ["accepted", "awaited", "awaited"]
    three.drop(northwind(3, answers("R*1*1*0", ("0002", "R*5"))))
    assert said(three) == ["accepted", "rejected", "awaited"]
    assert three.events("acknowledgment.incomplete") == []  # they count no set out
    three.drop(northwind(4, answers("A*1*1*1", ("0003", "A"))))
    assert said(three) == ["accepted", "rejected", "accepted"]
    assert len(three.held()) == 1


def test_a_group_rejected_whole_takes_along_the_sets_it_does_not_list(three: Desk) -> None:
    three.drop(northwind(2, answers("R*3*3*0", ("0002", "R*5"))))
    assert said(three) == ["rejected", "rejected", "rejected"]


def test_a_group_rejected_for_itself_takes_along_the_sets_listed_as_accepted(three: Desk) -> None:
    three.drop(northwind(2, answers("R*3*3*0*4", ("0001", "A"), ("0002", "R*5"), ("0003", "A"))))
    assert said(three) == ["rejected", "rejected", "rejected"]
    assert "the control numbers of GS and GE differ (their code 4)" in three.held()[0]


@pytest.mark.parametrize("counts", ["", "*3*3", "*3*3*3", "*x*y*z"])
def test_who_says_that_a_part_was_rejected_and_not_which_leaves_all_of_it_open(three: Desk, counts: str) -> None:
    three.drop(northwind(2, answers(f"P{counts}")))
    assert said(three) == ["awaited"] * 3
    assert "but not which" in three.events("acknowledgment.incomplete")[0].text


def test_of_what_was_answered_before_nothing_is_told_as_left_open(three: Desk) -> None:
    three.drop(northwind(2, answers("A*3*3*3")))
    three.drop(northwind(3, answers("A*3*1*1", ("0002", "A"))))
    assert said(three) == ["accepted"] * 3
    assert three.events("acknowledgment.incomplete") == []


def test_without_a_word_about_the_group_only_what_is_listed_is_answered(three: Desk) -> None:
    three.drop(northwind(2, answers("A", ("0001", "A"))[:-1]))
    assert said(three) == ["accepted", "awaited", "awaited"]
    three.drop(northwind(3, answers("A", ("0002", "R"))[:-1]))
    assert said(three) == ["accepted", "rejected", "awaited"]


def test_of_two_verdicts_on_one_set_the_worse_counts(three: Desk) -> None:
    three.drop(northwind(2, answers("P*3*3*2", ("0001", "A"), ("0001", "R"), ("0002", "A"), ("0003", "A"))))
    assert said(three) == ["rejected", "accepted", "accepted"]


def test_errors_that_were_noted_somewhere_in_the_group_are_noted_for_every_set(three: Desk) -> None:
    three.drop(northwind(2, answers("E*3*3*3")))
    assert said(three) == ["accepted with errors"] * 3


@pytest.mark.parametrize("cut", [b"AK1*", b"AK2*855*0002", b"AK9*", b"SE*"])
def test_an_answer_that_was_cut_off_says_nothing_and_is_held_until_it_comes_whole(three: Desk, cut: bytes) -> None:
    body = answers("P*3*3*2", ("0001", "A"), ("0002", "R"), ("0003", "A"))
    whole = northwind(2, body)
    three.drop(whole[: whole.index(cut)])
    assert said(three) == ["awaited"] * 3
    assert "is cut off" in three.held()[0]
    three.drop(northwind(3, body))
    assert said(three) == ["accepted", "rejected", "accepted"]


def test_a_copy_that_was_cut_off_takes_nothing_back(three: Desk) -> None:
    body = answers("A*3*3*3")
    three.drop(northwind(2, body))
    copy = northwind(3, body)
    three.drop(copy[: copy.index(b"AK9*")])
    assert said(three) == ["accepted"] * 3


def test_a_set_listed_as_accepted_in_a_group_that_is_rejected_is_rejected(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1")))
    desk.later(minutes=10)
    answer = accepts("PR", 1, "855")
    answer[-1] = ["AK9", "R", "1", "1", "0", "4"]
    desk.drop(northwind(2, answer))
    assert desk.set("855").acknowledgment == "rejected"
    assert "the control numbers of GS and GE differ (their code 4)" in desk.flow("held").because
