"""Answers of what is read most, written as they are, on the thread that read them.

FastAPI holds what a route returns against its model once more, on a thread of its own, before pydantic writes it: for what
somebody gave us that is right, for rows of our own store it is a seventh of a read. So here a model only names what is told of
a row, and msgspec writes it, letter for letter as pydantic would (``tests/api/test_plain.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from operator import attrgetter
from typing import Any

import msgspec
from fastapi.responses import Response
from pydantic import BaseModel


def as_json(answer: object) -> Response:
    """An answer in JSON: of plain values, and of structs that are told whole."""
    return Response(msgspec.json.encode(answer), media_type="application/json")


def page_as_json(model: type[BaseModel], page: dict[str, Any]) -> Response:
    """A page (``api.page``), each of its rows told as ``model`` has it."""
    return as_json({**page, "items": each(model, page["items"])})


def each(model: type[BaseModel], rows: Iterable[Any]) -> list[dict[str, Any]]:
    """What ``model`` names of each row, by its attributes."""
    return [*map(_taken(model), rows)]


@cache
def _taken(model: type[BaseModel]) -> Callable[[Any], dict[str, Any]]:
    names = tuple(model.model_fields)
    values = attrgetter(*names)

    def take(row: Any) -> dict[str, Any]:
        return dict(zip(names, values(row), strict=True))

    return take
