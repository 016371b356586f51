"""How a process measures itself; used by both libraries, so it imports neither."""

from __future__ import annotations

import json
import resource
import time


def rate(what, seconds: float) -> float:  # type: ignore[no-untyped-def]
    """How often a second ``what`` can be done, over at least ``seconds`` and three times."""
    start, count = time.perf_counter(), 0
    while count < 3 or time.perf_counter() - start < seconds:
        what()
        count += 1
    return count / (time.perf_counter() - start)


def memory() -> float:
    """The most memory this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def tell(before: float, made: float, opened: float) -> None:
    """Reports to whoever started this process."""
    print(json.dumps({"made": made, "opened": opened, "memory": memory() - before}))
