"""Errors: an operation fails, or its answer is lost, once or for a while; the gateway lives on and has to cope."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable
from typing import NamedTuple

import psycopg
from crash.points import DATABASE, Plan, Point

from edi_gateway.errors import TryAgain

_MAKES_ROOM_NEEDED = ("open", "write", "fsync", "link", "mkdir", "rename", "replace")


class Failure(NamedTuple):
    """``length`` operations of a family fail, from the point ``first`` on; ``lost``: they are done, and the answer is lost."""

    first: int
    length: int = 1
    lost: bool = False

    def __str__(self) -> str:
        how = "its answer lost" if self.lost else "failed"
        return f"{how}, and the {self.length - 1} after it" if self.length > 1 else how


class Errors(Plan):
    """Has what ``failure`` says go wrong."""

    def __init__(self, failure: Failure, gone: type[Exception] = sqlite3.OperationalError) -> None:
        self._failure, self._gone = failure, gone
        self._family: Callable[[Point], bool] | None = None
        self._left = failure.length
        self.where = ""

    def before(self, point: Point) -> None:
        if not self._failure.lost and self._is_hit(point):
            raise self._error(point)

    def after(self, point: Point) -> None:
        if self._failure.lost and self._is_hit(point):
            raise self._error(point)

    def _is_hit(self, point: Point) -> bool:
        if point.number < self._failure.first or not self._left:
            return False
        if not self.where:
            self.where, self._family = str(point), family_of(point)
        if self._family is None or not self._family(point):
            return False
        self._left -= 1
        return True

    def _error(self, point: Point) -> Exception:
        match point.kind:
            case "commit" | "statement" if not self._failure.lost and self._gone is sqlite3.OperationalError:
                return sqlite3.OperationalError("database or disk is full")
            case "begin":
                return self._gone("database is locked")
            case "commit" | "statement" | "select":
                return self._gone("server closed the connection unexpectedly")
            case "network":
                return EOFError() if self._failure.lost else ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")
            case "erp":
                return TryAgain("the connection to the ERP broke")
        full = point.what.split()[0] in _MAKES_ROOM_NEEDED and point.kind == "file"
        return OSError(errno.ENOSPC, "No space left on device") if full else OSError(errno.EIO, "Input/output error")


def family_of(point: Point) -> Callable[[Point], bool]:
    """What goes wrong together: a database that is gone, a disk that is full, a server that is away."""
    if point.kind in DATABASE:
        return lambda other: other.kind in DATABASE
    return lambda other: other.kind == point.kind


PostgresGone = psycopg.OperationalError
