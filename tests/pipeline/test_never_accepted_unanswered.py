"""Nothing unanswered is ever shown as accepted, whatever acknowledgments come, however often, and whenever.

Days of orders, silence and answers are drawn: late, repeated, partial, contradicting, about numbers we never gave, before what
they answer has left, and from their interchange alone (TA1). After each step every set of ours is held against what was really
said of it, which a second reading in this file works out by itself.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from desk import NOON, NORTHWIND, Desk, Profiles
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from partner_says import northwind, order, ta1
from world_stages import AtTheWorld

from edi_gateway.clock import MovableClock
from edi_gateway.pipeline.stages import WORLD_STAGES
from edi_gateway.store import tables
from edi_gateway.store.rows import GroupRow, TransactionRow

CODES = {"PR": "855", "SH": "856", "IN": "810"}
UNANSWERED = {"none", "awaited", "overdue"}
ACCEPTED = {"accepted", "accepted with errors"}


class Answer(NamedTuple):
    """A 997: ``listed`` are (ST02, AK501), "" for an AK5 that is missing; ``ak9`` is AK901, "" where there is no AK9;
    ``declared`` is AK902 and ``accepted`` AK904, None where it has no counts at all.
    """

    group: str
    number: int
    listed: tuple[tuple[str, str], ...]
    ak9: str
    declared: int
    accepted: int | None

    def segments(self) -> list[list[str]]:
        lines = [["ST", "997", ""], ["AK1", self.group, str(self.number)]]
        for number, code in self.listed:
            lines += [["AK2", CODES[self.group], number], *([["AK5", code]] if code else [])]
        counts = [] if self.accepted is None else [str(self.declared), str(self.declared), str(self.accepted)]
        return [*lines, ["AK9", self.ak9, *counts]] if self.ak9 else lines

    def says_of(self, set: str, all: list[str]) -> bool | None:
        """Whether it accepts a set of ``all`` those in our group; None where it says nothing of it."""
        says = [code in ("A", "E") for number, code in self.listed if number == set]
        if self.ak9 not in ("A", "E", "P", ""):
            is_about_part = self.listed and self.accepted is not None and self.declared < len(all)
            return None if is_about_part and not says else False
        if says:
            return min(says)
        names_who_was_rejected = any(code not in ("A", "E") for _, code in self.listed)
        if not self.ak9 or (self.ak9 == "P" and (self.accepted is None or not names_who_was_rejected)):
            return None
        listed = {number for number, _ in self.listed}
        taken = sum(code in ("A", "E") for _, code in self.listed) + sum(each not in listed for each in all)
        return True if self.accepted is None or taken <= self.accepted else None


answers = st.builds(
    Answer,
    st.sampled_from(["PR", "PR", "PR", "SH", "IN"]),
    st.integers(1, 3),
    st.lists(
        st.tuples(st.sampled_from(["0001", "0002", "0007"]), st.sampled_from(["A", "E", "R", "M", "", "?"])), max_size=3
    ).map(tuple),
    st.sampled_from(["A", "A", "E", "P", "P", "R", "X", ""]),
    st.sampled_from([9, 9, 1]),
    st.sampled_from([None, 0, 1, 2, 9]),
)
steps = st.one_of(
    st.tuples(st.just("order"), st.integers(1, 2)),
    st.tuples(st.just("later"), st.sampled_from([1, 6, 13, 26])),
    st.tuples(st.just("answer"), answers),
    st.tuples(st.just("answer"), answers),
    st.tuples(st.just("answer while sending"), answers),
    st.tuples(st.just("answer cut off"), answers),
    st.tuples(st.just("same bytes again"), st.none()),
    st.tuples(st.just("ta1"), st.tuples(st.integers(1, 4), st.sampled_from(["A", "R"]))),
)


class World:
    """A desk, and what was said of each set of ours: by its id, True or False; nothing where nothing was."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.said, self.last = desk, dict[int, bool](), b""
        self.queued: list[Answer] = []
        self.orders = self.files = 0
        desk.runner._world = {**WORLD_STAGES, "send": _AnsweredMeanwhile(self)}

    def step(self, what: str, how: Any) -> None:
        match what:
            case "order":
                numbers = [f"PO-{self.orders + n}" for n in range(1, how + 1)]
                self.orders += how
                self.drop(northwind(self.next(), *(order(number) for number in numbers)))
                self.desk.later(minutes=20)
            case "later":
                self.desk.later(hours=how)
            case "answer":
                self.answer(how)
            case "answer while sending":
                self.queued.append(how)
            case "answer cut off":
                whole = northwind(self.next(), how.segments())
                self.drop(whole[: whole.rindex(b"SE*")])
            case "same bytes again" if self.last:
                self.drop(self.last)
            case "ta1":
                self.reject_interchange(*how)

    def answer(self, answer: Answer) -> None:
        for row, all_ in self.answered_by(answer):
            verdict = answer.says_of(row.control_number, all_)
            if verdict is not None:
                self.said[row.id] = verdict
        self.last = northwind(self.next(), answer.segments())
        self.drop(self.last)

    def reject_interchange(self, number: int, verdict: str) -> None:
        about = {one.id for one in self.desk.interchanges("out") if int(one.control_number) == number}
        for row in self.desk.sets(direction="out"):
            if verdict == "R" and row.interchange_id in about:
                self.said[row.id] = False
        self.drop(ta1(self.next(), about=number, verdict=verdict))

    def answered_by(self, answer: Answer) -> Iterator[tuple[TransactionRow, list[str]]]:
        ours = {row.id: row for row in self.desk._rows(GroupRow, tables.functional_group)}
        sets = [row for row in self.desk.sets(direction="out") if row.group_id in ours and row.code in CODES.values()]
        for row in sets:
            group = ours[row.group_id or 0]
            if (group.code, int(group.control_number)) == (answer.group, answer.number):
                yield row, [one.control_number for one in sets if one.group_id == row.group_id]

    def drop(self, content: bytes) -> None:
        self.files += 1
        self.desk.drop(content, f"f{self.files}.edi")

    def next(self) -> int:
        return self.files + 1

    def check(self) -> None:
        for row in self.desk.sets(direction="out"):
            said = self.said.get(row.id)
            shown = row.acknowledgment
            if said is None:
                assert shown in UNANSWERED, f"{row.code} {row.business_number} is shown as {shown}, and nobody answered"
            else:
                assert (shown in ACCEPTED) == said, f"{row.code} {row.business_number} is shown as {shown}; they said {said}"
        waiting = {flow.subject for flow in self.desk.flows("held") if flow.stage == "await"}
        for row in self.desk.sets(direction="out"):
            if self.said.get(row.id) is False and row.delivery == "sent":
                assert f"transaction:{row.id}" in waiting, f"{row.code} {row.business_number} was rejected, and nobody is asked"


class _AnsweredMeanwhile(AtTheWorld):
    """A ``send`` whose partner answers before what came of it is on record."""

    def __init__(self, world: World) -> None:
        super().__init__("send")
        self._world = world

    def does(self, _flow: Any, _tools: Any, prepared: Any) -> Any:
        record = prepared()
        if self._world.queued:
            self._world.answer(self._world.queued.pop())
        return record


@contextmanager
def a_world() -> Iterator[World]:
    with tempfile.TemporaryDirectory() as folder:
        profiles = Profiles(Path(folder) / "partners")
        profiles.replace(
            NORTHWIND, '"855"\n    awaits: {within: 24h}', '"855"\n    awaits: {within: 24h}\n    batch: {every: 10m}'
        )
        desk = Desk(Path(folder) / "data", profiles.folder, MovableClock(NOON))
        yield World(desk)
        desk.close()


@pytest.mark.slow
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(steps, min_size=3, max_size=9))
def test_nothing_is_shown_as_accepted_but_what_they_accepted(drawn: list[tuple[str, Any]]):
    with a_world() as world:
        for what, how in [("order", 2), *drawn]:
            world.step(what, how)
            world.check()
