"""Pages of a list: at most 500 a page, and an opaque cursor to the next."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel, Field

from edi_gateway.api.problem import Problem

T = TypeVar("T")
MOST = 500

Limit = Annotated[int, Query(ge=1, le=MOST, description=f"How many a page, at most {MOST}.")]
Cursor = Annotated[str, Query(max_length=200, description="``next`` of the page before; empty: the first page.")]


class Page(BaseModel, Generic[T]):
    """``next`` is the cursor of the page that follows; null on the last one."""

    items: list[T]
    next: str | None = Field(None, examples=["MTIz"])


def after(cursor: str) -> int | None:
    """The number a cursor stands for; None: from the beginning. Raises wrong_input for what is no cursor of ours."""
    if not cursor:
        return None
    try:
        text = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)).decode("ascii")
        number = int(text)
    except (ValueError, binascii.Error, UnicodeError):
        raise Problem("wrong_input", f"'{cursor}' is no cursor: give the 'next' of the page before, unchanged") from None
    if not 0 <= number < 2**63 or text != str(number):
        raise Problem("wrong_input", f"'{cursor}' is no cursor: give the 'next' of the page before, unchanged")
    return number


def cursor_to(number: int) -> str:
    """The cursor that continues behind a number."""
    return base64.urlsafe_b64encode(str(number).encode()).decode().rstrip("=")


def page_of(rows: Sequence[Any], limit: int, key: str = "id") -> dict[str, Any]:
    """A page of rows that were asked for with one more than ``limit``."""
    shown = rows[:limit]
    return {"items": shown, "next": cursor_to(getattr(shown[-1], key)) if len(rows) > limit else None}


def slice_of(rows: Sequence[Any], limit: int, cursor: str) -> dict[str, Any]:
    """A page of a list that is short enough to be had whole: its cursor counts."""
    begin = after(cursor) or 0
    return {"items": rows[begin : begin + limit], "next": cursor_to(begin + limit) if len(rows) > begin + limit else None}
