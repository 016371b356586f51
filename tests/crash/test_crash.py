"""The crash harness itself: it plays, it finds what is wrong, and a small sample of its points."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from crash.bench import LAYOUTS, Place
from crash.campaign import die, fail, kill, undisturbed
from crash.errors import Failure
from crash.points import LEAVES_A_TRACE, Plan, Point
from crash.verdicts import ASKS, after_death, after_error, without_questions
from play import End, differences


def points_of(layout: str, kind: str) -> list[Point]:
    return [point for point in undisturbed(layout)[1] if point.kind == kind]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_play_comes_through_every_kind_of_point_and_ends_with_the_money(layout: str) -> None:
    end, points = undisturbed(layout)
    kinds = {"begin", "select", "statement", "commit", "file", "read", "erp"}
    assert {point.kind for point in points} == {"mailbox": kinds, "sftp": kinds | {"network"}, "files": kinds - {"erp"}}[layout]
    assert any(one.startswith("PO-1 | paid") for one in end["order_thread"])


def test_two_plays_end_alike(tmp_path: Path) -> None:
    place = Place(tmp_path, "mailbox")
    place.lay_out()
    end, points = place.play(Plan())
    assert differences(end, undisturbed("mailbox")[0]) == []
    assert [point.kind for point in points.seen] == [point.kind for point in undisturbed("mailbox")[1]]


class Forgets(Plan):
    """Throws away what the partner was sent."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def before(self, point: Point) -> None:
        for file in self._folder.glob("data/mailboxes/northwind/outbox/997*"):
            file.unlink()


def test_what_is_lost_is_found_lost_and_what_is_doubled_doubled(tmp_path: Path) -> None:
    place = Place(tmp_path, "mailbox")
    place.lay_out()
    end, _ = place.play(Forgets(tmp_path))
    should_have = undisturbed("mailbox")[0]
    assert {after(where="", ended=end, should_have=should_have).kind for after in (after_death, after_error)} == {"lost"}
    assert {after(where="", ended=should_have, should_have=end).kind for after in (after_death, after_error)} == {"doubled"}


def test_control_numbers_that_were_used_twice_or_not_at_all_are_a_difference(tmp_path: Path) -> None:
    should_have: End = undisturbed("mailbox")[0]
    used = {one: one.replace("000000004", "000000003") for one in should_have["interchange"]}
    ended = {**should_have, "interchange": type(should_have["interchange"])(used.values())}
    assert after_error("", ended, should_have).said


def with_more(kind: str, **of_it: int) -> End:
    """An undisturbed end with more of a kind in it: ``say=times``."""
    end = undisturbed("mailbox")[0]
    return {**end, kind: end[kind] + Counter(of_it)}


ASKED = {f"flow.held | northwind |  | whether 997_northwind_000000001.edi arrived is not known: {ASKS}": 1}
UNLEARNED = {"send | unknown": 1}
LATE = {f"compliance.breach | northwind | {n} | R31 ISA13: interchange {n} leaves later": 1 for n in ("000000001", "000000002")}


def test_for_each_question_to_the_partner_there_is_one_attempt_nobody_learned_of() -> None:
    should_have = undisturbed("mailbox")[0]
    asked = {**with_more("event", **ASKED), "attempt": with_more("attempt", **UNLEARNED)["attempt"]}
    assert differences(without_questions(asked), should_have) == []
    unasked, unlearned = with_more("attempt", **UNLEARNED), with_more("event", **ASKED)
    assert differences(without_questions(unasked), should_have) == ["too much: attempt send | unknown"]
    assert differences(without_questions(unlearned), should_have) == ["too little: attempt send | unknown"]


def test_only_what_was_asked_about_may_leave_out_of_the_order_of_its_numbers() -> None:
    late = {**with_more("event", **ASKED, **LATE), "attempt": with_more("attempt", **UNLEARNED)["attempt"]}
    (said,) = differences(without_questions(late), undisturbed("mailbox")[0])
    assert "interchange 000000002 leaves later" in said


def test_a_file_whose_rename_over_there_never_came_is_asked_about_and_sent_once() -> None:
    renamed = next(point for point in points_of("sftp", "network") if point.what.startswith("rename /outbox"))
    (verdict,) = fail("sftp", Failure(renamed.number))
    assert verdict.said == ()


def test_only_after_a_longer_error_may_a_lane_have_been_told_of_and_then_it_works_again() -> None:
    should_have = undisturbed("mailbox")[0]
    down, up = "lane.down | None |  | erp:x failed 3 times and waits", "lane.up | None |  | erp:x works again, after failing"
    over, stays = with_more("event", **{down: 2, up: 2}), with_more("event", **{down: 2, up: 1})
    assert not after_error("", over, should_have, length=12).said
    assert after_error("", over, should_have).said
    assert after_error("", stays, should_have, length=12).said
    assert after_death("", over, should_have).said


@pytest.mark.parametrize(("layout", "state"), [("mailbox", 151), ("sftp", 151), ("files", 9)])
def test_deaths_change_nothing(layout: str, state: int) -> None:
    (verdict,) = die(layout, state, 10_000)
    assert verdict.said == ()


def test_a_real_kill_leaves_what_a_copy_of_the_files_is(tmp_path: Path) -> None:
    sent = next(point for point in points_of("mailbox", "file") if point.what.startswith("link"))
    (verdict,) = kill("mailbox", sent.number)
    assert verdict.said == ()


@pytest.mark.parametrize(
    ("layout", "kind", "failure"),
    [
        ("mailbox", "commit", {"lost": True}),
        ("mailbox", "statement", {"length": 12}),
        ("mailbox", "file", {}),
        ("sftp", "network", {"lost": True}),
        ("sftp", "network", {"length": 3}),
    ],
)
def test_errors_change_nothing_but_the_order(layout: str, kind: str, failure: dict[str, int]) -> None:
    points = points_of(layout, kind)
    (verdict,) = fail(layout, Failure(points[len(points) // 2].number, **failure))  # type: ignore[arg-type]  # length, lost
    assert verdict.said == ()


def test_every_kind_that_leaves_a_trace_is_died_after() -> None:
    kinds = {point.kind for layout in LAYOUTS for point in undisturbed(layout)[1]}
    assert set(LEAVES_A_TRACE) <= kinds
