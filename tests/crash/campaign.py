"""The campaign: which disturbances are tried, by whom, and what is said of each."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import TypeAlias

from crash import postgres
from crash.bench import LAYOUTS, Place
from crash.deaths import Deaths, DeathsAtFiles
from crash.errors import Errors, Failure
from crash.files_erp import is_about_it
from crash.kills import kill_at
from crash.points import DATABASE, Plan, Point
from crash.verdicts import Verdict, after_death, after_error
from desk import new_postgres, postgres_on
from play import End

Job: TypeAlias = Callable[[], list[Verdict]]
LONG = 8
"""How many operations fail in a row at most. One document may meet them all; it is tried again for five minutes then, and the
play leaves ten wherever it goes on with something."""


def jobs(every: int) -> Iterator[Job]:
    """Pieces of work, each for one process: every point there is for 1, else one of so many."""
    for layout in LAYOUTS:
        for first in range(0, 8 * every, every):
            yield partial(die, layout, first, 8 * every)
        for failure in _failures(layout, every):
            yield partial(fail, layout, failure)
        numbers = [point.number for point in undisturbed(layout)[1] if layout != "files" or is_about_it(point.what)]
        for number in numbers[every % 7 :: 37 * every]:
            yield partial(kill, layout, number)
    if postgres.SERVER:
        yield partial(on_postgres, 25 * every)


def die(layout: str, first: int, of: int) -> list[Verdict]:
    """One play that dies in some of its states; in every ninth of these its new start dies as well."""
    found: list[Verdict] = []
    should_have = undisturbed(layout)[0]
    with _place(layout) as place:
        states = (DeathsAtFiles if layout == "files" else Deaths)(
            place,
            lambda where, end: found.append(after_death(f"{layout}: death {where}", end, should_have)),
            lambda state: state % of == first,
            lambda state: state // of % 9 == 4,
        )
        place.play(states)
    return found


def fail(layout: str, failure: Failure) -> list[Verdict]:
    """One play in which something fails."""
    errors = Errors(failure)
    with _place(layout) as place:
        try:
            end, _ = place.play(errors)
        except Exception as error:
            said = f"stopped: {type(error).__name__}: {str(error)[:300]}"
            return [Verdict(f"{layout}: {errors.where} {failure}", (said,))]
    return [after_error(f"{layout}: {errors.where} {failure}", end, undisturbed(layout)[0], failure.length)]


def kill(layout: str, number: int) -> list[Verdict]:
    """One play in a process that kills itself, and what a new start makes of that."""
    with _place(layout) as place:
        kill_at(place, number)
        end, _ = place.play(Plan())
    return [after_death(f"{layout}: SIGKILL before {number}", end, undisturbed(layout)[0])]


def on_postgres(every: int) -> list[Verdict]:
    """A sample on PostgreSQL, one play after the other: killed, all its connections dropped by the server, or its disk full."""
    should_have = undisturbed("mailbox")[0]
    found: list[Verdict] = []
    with postgres_on(postgres.SERVER) as url:
        for _ in range(2):  # fewer points than on SQLite, which begins every transaction by a word; and fewer the second time
            with _place("mailbox") as place:
                _, points = place.play(Plan(), new_postgres(url))
        for number in range(every % 11, len(points.seen), every):
            with _place("mailbox") as place:
                database = new_postgres(url)
                kill_at(place, number, database)
                end, _ = place.play(Plan(), database)
                found.append(after_death(f"postgres: SIGKILL before {number}", end, should_have))
            with _place("mailbox") as place:
                database = new_postgres(url)
                drops = postgres.Drops(database, number)
                end, _ = place.play(drops, database)
                found.append(after_error(f"postgres: {drops.where}, all connections dropped", end, should_have))
            with _place("mailbox") as place:
                failure = Failure(number, length=1 + number % LONG)
                full = Errors(failure, postgres.FULL)
                end, _ = place.play(full, new_postgres(url))
                found.append(after_error(f"postgres: {full.where}, its disk full", end, should_have, failure.length))
    return found


@cache
def undisturbed(layout: str) -> tuple[End, list[Point]]:
    """How it ends when nothing happens, and the points on the way.

    A second time in a process: what a batch writes waits for its sort only where that has been said before.
    """
    for _ in range(2):
        with _place(layout) as place:
            end, points = place.play(Plan())
    return end, points.seen


def _failures(layout: str, every: int) -> Iterator[Failure]:
    """What can fail at each point. The other layouts differ in files and network only, so only these fail there again."""
    chosen = undisturbed(layout)[1]
    if layout == "sftp":
        chosen = [point for point in chosen if point.kind not in (*DATABASE, "erp")]
    elif layout == "files":
        chosen = [point for point in chosen if is_about_it(point.what)]
    for point in chosen[::every]:
        if point.kind != "select" or point.number % 3 == 0:
            yield Failure(point.number)
        if point.kind in ("commit", "network", "erp"):
            yield Failure(point.number, lost=True)
        if point.number % 11 == 0:
            yield Failure(point.number, length=LONG)


@contextmanager
def _place(layout: str) -> Iterator[Place]:
    folder = Path(tempfile.mkdtemp(prefix="crash-"))
    try:
        place = Place(folder, layout)
        place.lay_out()
        yield place
    finally:
        shutil.rmtree(folder, ignore_errors=True)
