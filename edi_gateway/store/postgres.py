"""What PostgreSQL cannot keep and SQLite can: a NUL inside a text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import psycopg

_INSTEAD = "?"  # stands in every character set of X12: what is kept may be said to a partner again


class Cursor(psycopg.Cursor[Any]):
    """A cursor to which a text may hold NUL, as anything from outside may: it is written down as a question mark.

    The driver refuses such a text before it sends anything, so the same can be said once more; no other statement is slower.
    """

    def execute(self, query: Any, params: Any = None, **how: Any) -> Any:
        try:
            return super().execute(query, params, **how)
        except psycopg.DataError as error:
            if error.sqlstate is not None or params is None:  # the server refused it
                raise
            return super().execute(query, _without_nul(params), **how)

    def executemany(self, query: Any, params_seq: Iterable[Any], **how: Any) -> None:
        """Of several at once some may be with the server before one is refused: each is looked at first."""
        super().executemany(query, (_without_nul(params) for params in params_seq), **how)


def _without_nul(given: Any) -> Any:
    if isinstance(given, str):
        return given.replace("\0", _INSTEAD)
    if isinstance(given, Mapping):
        return {name: _without_nul(value) for name, value in given.items()}
    return [_without_nul(value) for value in given] if isinstance(given, list | tuple) else given
