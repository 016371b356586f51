"""Points: every operation by which the gateway touches what outlives it, counted, with a plan that may act before and after."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")

DATABASE = ("begin", "select", "statement", "commit")
LEAVES_A_TRACE = ("commit", "file", "network")  # after which a new start may find something else than before


class Point(NamedTuple):
    """One operation: the ``number`` counts from 0 in the run, ``kind`` is one of DATABASE, file, read, network, erp."""

    number: int
    kind: str
    what: str

    def __str__(self) -> str:
        return f"{self.number} {self.kind} {self.what}"


class Plan:
    """What happens at points; nothing, here."""

    def before(self, point: Point) -> None:
        """The operation is about to be done; raising is how it fails."""

    def after(self, point: Point) -> None:
        """It was done; raising is how its answer gets lost."""

    def aside(self) -> None:
        """Somebody else did something: a file was dropped, time passed."""

    def unsynced(self, path: str, synced: int, size: int) -> None:
        """A file is about to be synced; its bytes from ``synced`` on may be there or not."""


class Points:
    """Counts the operations of one run."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.seen: list[Point] = []
        self.are_quiet = False

    def passes(self, kind: str, what: str, operation: Callable[..., T], *args: Any, **named: Any) -> T:
        """Does the operation, as the plan lets it."""
        if self.are_quiet:
            return operation(*args, **named)
        point = Point(len(self.seen), kind, what)
        self.seen.append(point)
        with self.quietly():
            self.plan.before(point)
        answer = operation(*args, **named)
        with self.quietly():
            self.plan.after(point)
        return answer

    def unsynced(self, path: str, synced: int, size: int) -> None:
        """Tells the plan of bytes that are not on disk yet."""
        with self.quietly():
            self.plan.unsynced(path, synced, size)

    @contextmanager
    def quietly(self) -> Iterator[None]:
        """What is done inside is not the gateway's doing."""
        before, self.are_quiet = self.are_quiet, True
        try:
            yield
        finally:
            self.are_quiet = before

    @contextmanager
    def aside(self) -> Iterator[None]:
        """The same, and it changes the world."""
        with self.quietly():
            yield
            self.plan.aside()
