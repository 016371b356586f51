"""Documents that take their numbers, in many processes at once: run as a program by the test of it."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from edi_gateway.clock import SystemClock
from edi_gateway.errors import TryAgain
from edi_gateway.store.database import Database
from edi_gateway.store.unit import Unit

BATCH = 20  # documents in one transaction, a savepoint each, as the engine records them


class ChangedItsMind(Exception):
    """What a savepoint or a transaction is rolled back for."""


def document(unit: Unit) -> None:
    """One document of ours, numbered in the transaction that records it."""
    number = unit.control_numbers.next("interchange")
    unit.events.tell("numbered", "interchange:1", str(number))


def batch(unit: Unit) -> None:
    """So many documents; some are begun, rolled back after they took their numbers, and begun again."""
    for place in range(BATCH):
        if place % 7 == 3:
            with suppress(ChangedItsMind), unit.savepoint():
                document(unit)
                raise ChangedItsMind
        document(unit)


def write(store: Database, documents: int) -> None:
    """Writes them; every fourth transaction is rolled back whole and done again."""
    for number in range(documents // BATCH):
        fails, done = number % 4 == 1, False
        while not done:
            with suppress(ChangedItsMind, TryAgain):
                with store.write() as unit:
                    batch(unit)
                    if fails:
                        fails = False
                        raise ChangedItsMind
                done = True


def main() -> None:
    url, files, processes, documents = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    children = []
    for _ in range(processes):
        child = os.fork()
        if not child:
            write(Database(url, SystemClock(), files), documents)
            os._exit(0)
        children.append(child)
    sys.exit(any(os.waitpid(child, 0)[1] for child in children))


if __name__ == "__main__":
    main()
