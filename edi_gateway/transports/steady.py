"""When a file that is being written by somebody else may be taken for complete."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from edi_gateway.transports.base import RemoteFile


class Steady:
    """Lets a file through once it has not changed for a while.

    Not changed means: seen ``stable_for`` seconds ago with the same size and time, or last modified ``trusted_age`` seconds
    ago. The second rule takes a backlog at first sight; it leans on the other side's clock, so over a network it is a day.
    """

    def __init__(self, stable_for: float, trusted_age: float) -> None:
        self._stable_for = timedelta(seconds=stable_for)
        self._trusted_age = timedelta(seconds=trusted_age)
        self._first_seen: dict[str, datetime] = {}

    def ready(self, seen: Iterable[RemoteFile], now: datetime) -> list[RemoteFile]:
        """Those of ``seen`` that are steady, oldest first; remembers the rest for the next look."""
        files = sorted(seen, key=_age)
        self._first_seen = {file.identity: self._first_seen.get(file.identity, now) for file in files}
        return [file for file in files if self._is_steady(file, now)]

    def _is_steady(self, file: RemoteFile, now: datetime) -> bool:
        if now - self._first_seen[file.identity] >= self._stable_for:
            return True
        return file.modified is not None and now - file.modified >= self._trusted_age


def _age(file: RemoteFile) -> tuple[float, str]:
    return (file.modified.timestamp() if file.modified else 0.0, file.name)
