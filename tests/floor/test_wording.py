"""Words that depend on a number."""

from __future__ import annotations

import pytest

from edi_gateway.wording import count


@pytest.mark.parametrize(
    ("number", "words", "said"),
    [
        (0, ("carton",), "0 cartons"),
        (1, ("carton",), "1 carton"),
        (1204, ("carton",), "1,204 cartons"),
        (1, ("entry", "entries"), "1 entry"),
        (2, ("entry", "entries"), "2 entries"),
    ],
)
def test_one_is_one_and_anything_else_is_many(number: int, words: tuple[str, ...], said: str) -> None:
    assert count(number, *words) == said
