"""What every measured program does: warm up, do its work once under the clock, and say on one line what came of it.

Runs in other libraries' environments, so it knows nothing but the standard library. A program is called as

    PROGRAM TASK FILE WARMUP

and its work is a function from the text of a file to what it counted.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

STARTED = time.perf_counter()
Work = Callable[[str], "dict[str, Any]"]


def measure(tasks: dict[str, Work]) -> None:
    """Runs the task named on the command line and prints a JSON object: seconds, peak memory in MB, and what the work counted.

    ``seconds`` are the processor's, ``wall`` those of the clock on the wall. The warm-up file has a few orders of the same kind:
    by then maps are loaded, expressions compiled and caches filled.
    """
    task, file, warmup = sys.argv[1:4]
    work = tasks[task]
    work(warmup)
    ready = time.perf_counter()
    gc.collect()
    begun, used = time.perf_counter(), time.process_time()
    counted = work(file)
    seconds, wall = time.process_time() - used, time.perf_counter() - begun
    size = Path(file).stat().st_size
    print(
        json.dumps({"seconds": seconds, "wall": wall, "start": ready - STARTED, "peak": peak_memory(), "bytes": size, **counted})
    )


def peak_memory() -> float:
    """The most memory this process has had, in MB. ``getrusage`` would begin with what its parent had."""
    status = Path("/proc/self/status")
    if status.exists():
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def text_of(file: str) -> str:
    """A file in memory, one character a byte."""
    return Path(file).read_bytes().decode("latin-1")
