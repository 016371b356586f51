"""How a process that runs for long looks for garbage."""

from __future__ import annotations

import gc

NEW_OBJECTS, YOUNG, OLD = 10_000, 20, 50


def settle() -> None:
    """Leaves what is there by now, which lives as long as the process, out of the search for garbage, and searches seldom.

    An order makes thousands of objects and hardly a cycle: to search after every 700 new ones, as Python does, took a tenth of
    the time of what comes in, and to look through definitions, maps and profiles each time 4 % of a read's.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS, YOUNG, OLD)
