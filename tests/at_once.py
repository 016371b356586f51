"""Two transactions of one scene, the second begun before the first is committed."""

from __future__ import annotations

import threading
from collections.abc import Callable

from edi_gateway.store.database import Database
from edi_gateway.store.unit import Unit


def beside(store: Database, first: Callable[[Unit], object], second: Callable[[Unit], object]) -> None:
    """Runs ``first`` and, before its transaction is committed, begins ``second`` in one of its own; both end well."""

    def run() -> None:
        with store.write() as unit:
            second(unit)

    meanwhile(store, first, run)


def meanwhile(store: Database, first: Callable[[Unit], object], other: Callable[[], object]) -> None:
    """Runs ``first`` and, before its transaction is committed, begins what has transactions of its own; both end well."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            other()
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=run)
    with store.write() as unit:
        first(unit)
        thread.start()
        thread.join(0.3)  # as far as it comes without us
    thread.join(20)
    assert failed == []
