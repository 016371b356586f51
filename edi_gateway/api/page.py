"""Pages of a list: at most 500 a page, and an opaque cursor to the next.

A cursor names the place of the last row that was shown, so that rows that come and go meanwhile make no other one be left out or
shown twice. Only of lists that stand as long as a version of the profiles does, it counts.
"""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeAlias, TypeVar

import msgspec
from fastapi import Query
from pydantic import BaseModel, Field

from edi_gateway.api.problem import Problem

T = TypeVar("T")
MOST = 500
Place: TypeAlias = tuple[int | str, ...]
"""Where a row stands: what its list is sorted by, in that order."""

Limit = Annotated[int, Query(ge=1, le=MOST, description=f"How many a page, at most {MOST}.")]
Cursor = Annotated[str, Query(max_length=1000, description="``next`` of the page before; empty: the first page.")]


class Page(BaseModel, Generic[T]):
    """``next`` is the cursor of the page that follows; null on the last one."""

    items: list[T]
    next: str | None = Field(None, examples=["MTIz"])


def after(cursor: str) -> int | None:
    """The number a cursor stands for; None: from the beginning. Raises wrong_input for what is no cursor of ours."""
    if not cursor:
        return None
    try:
        text = _read(cursor).decode("ascii")
        number = int(text)
    except (ValueError, binascii.Error, UnicodeError):
        raise _no_cursor(cursor) from None
    if not 0 <= number < 2**63 or text != str(number):
        raise _no_cursor(cursor)
    return number


def cursor_to(number: int) -> str:
    """The cursor that continues behind a number."""
    return _written(str(number).encode())


def after_place(cursor: str) -> Place | None:
    """The place a cursor stands for; None: from the beginning. Raises wrong_input for what is no cursor of ours."""
    if not cursor:
        return None
    try:
        place = tuple(msgspec.json.decode(_read(cursor), type=list[int | str]))
    except (ValueError, binascii.Error, msgspec.MsgspecError):
        raise _no_cursor(cursor) from None
    if any(isinstance(each, int) and not abs(each) < 2**63 for each in place):
        raise _no_cursor(cursor)
    return place


def numbers_after(cursor: str, count: int) -> tuple[int, ...] | None:
    """The same for a place of so many numbers."""
    place = after_place(cursor)
    numbers = tuple(each for each in place or () if isinstance(each, int))
    if place is not None and (len(numbers) != count or len(place) != count):
        raise _no_cursor(cursor)
    return numbers or None


def cursor_to_place(place: Place) -> str:
    """The cursor that continues behind a place."""
    return _written(msgspec.json.encode(place))


def page_of(rows: Sequence[Any], limit: int, key: str = "id") -> dict[str, Any]:
    """A page of rows that were asked for with one more than ``limit``."""
    shown = rows[:limit]
    return {"items": shown, "next": cursor_to(getattr(shown[-1], key)) if len(rows) > limit else None}


def placed_page(rows: Sequence[Any], limit: int, place: Callable[[Any], Place]) -> dict[str, Any]:
    """The same of rows that stand by more than a number."""
    shown = rows[:limit]
    return {"items": shown, "next": cursor_to_place(place(shown[-1])) if len(rows) > limit else None}


def part_of(rows: Sequence[Any], limit: int, cursor: str, place: Callable[[Any], Place]) -> dict[str, Any]:
    """A page of a list that changes and is short enough to be had whole, sorted by ``place``. Raises wrong_input."""
    behind, times, found = after_place(cursor), Counter[Place](), list[tuple[Place, Any]]()
    for row in sorted(rows, key=place):
        here = place(row)
        found.append(((*here, times[here]), row))
        times[here] += 1  # rows that stand at one place are told apart by their order
    try:
        left = [one for one in found if behind is None or one[0] > behind]
    except TypeError:
        raise _no_cursor(cursor) from None
    more = len(left) > limit
    return {"items": [row for _, row in left[:limit]], "next": cursor_to_place(left[limit - 1][0]) if more else None}


def slice_of(rows: Sequence[Any], limit: int, cursor: str) -> dict[str, Any]:
    """A page of a list that is short enough to be had whole and stands: its cursor counts."""
    begin = after(cursor) or 0
    return {"items": rows[begin : begin + limit], "next": cursor_to(begin + limit) if len(rows) > begin + limit else None}


def _read(cursor: str) -> bytes:
    return base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))


def _written(text: bytes) -> str:
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def _no_cursor(cursor: str) -> Problem:
    return Problem("wrong_input", f"'{cursor}' is no cursor: give the 'next' of the page before, unchanged")
