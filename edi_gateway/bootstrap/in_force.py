"""Store, profiles and maps in force, for a process that answers questions and records wishes; built anew when they change."""

from __future__ import annotations

import threading

from edi_gateway.bootstrap.recording import tools_of
from edi_gateway.operations import apply as applying
from edi_gateway.pipeline.tools import Tools
from edi_gateway.store.database import Database


class ToolsInForce:
    """The tools of what is in force at the moment; they compute and record, and leave running to the engine."""

    def __init__(self, store: Database) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._of: int | None = None
        self._tools: Tools | None = None

    def __call__(self) -> Tools:
        """Raises WrongInput where nothing has been applied yet."""
        with self._lock:
            newest = applying.newest(self._store)
            if self._tools is None or newest != self._of:
                self._tools = tools_of(self._store)
                self._of = newest
            return self._tools
