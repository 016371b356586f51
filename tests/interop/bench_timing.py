"""How a process measures itself; used by both libraries, so it imports neither."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path


def rate(what, seconds: float) -> float:  # type: ignore[no-untyped-def]
    """How often a second ``what`` can be done, over at least ``seconds`` and three times."""
    start, count = time.perf_counter(), 0
    while count < 3 or time.perf_counter() - start < seconds:
        what()
        count += 1
    return count / (time.perf_counter() - start)


def memory() -> float:
    """The most memory this process has had, in MB; not what its parent had before it, as getrusage may tell."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def tell(before: float, made: float, opened: float) -> None:
    """Reports to whoever started this process."""
    print(json.dumps({"made": made, "opened": opened, "memory": memory() - before}))
