"""The crash harness itself: it plays, it finds what is wrong, and a small sample of its points."""

from __future__ import annotations

from pathlib import Path

import pytest
from crash.bench import LAYOUTS, Place
from crash.campaign import die, fail, kill, undisturbed
from crash.errors import Failure
from crash.points import LEAVES_A_TRACE, Plan, Point
from crash.verdicts import after_death, after_error
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
