"""A document as rows of field and value, the way a trace names them: ``lines[0].quantity``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple


class Leaf(NamedTuple):
    """One value in a document; a part of it (``lines[0]``) stands without one."""

    path: str
    name: str
    depth: int
    value: str | None


def leaves(body: Any) -> list[Leaf]:
    """The values of a document in order; what is empty is left out."""
    return list(_leaves(body, "", 0))


def _leaves(value: Any, path: str, depth: int) -> Iterator[Leaf]:
    for name, inner in value.items():
        here = f"{path}.{name}" if path else name
        if isinstance(inner, dict):
            yield Leaf(here, _said(name), depth, None)
            yield from _leaves(inner, here, depth + 1)
        elif isinstance(inner, list):
            yield from _items(inner, name, here, depth)
        elif inner not in (None, ""):
            yield Leaf(here, _said(name), depth, str(inner))


def _items(items: list[Any], name: str, path: str, depth: int) -> Iterator[Leaf]:
    for place, inner in enumerate(items):
        if isinstance(inner, dict):
            yield Leaf(f"{path}[{place}]", f"{_said(name)} {place + 1}", depth, None)
            yield from _leaves(inner, f"{path}[{place}]", depth + 1)
        else:
            yield Leaf(f"{path}[{place}]", f"{_said(name)} {place + 1}", depth, str(inner))


def _said(name: str) -> str:
    return name.replace("_", " ")
