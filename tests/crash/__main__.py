"""Kills and disturbs the gateway wherever it touches the world, and compares how it ends:  make crash [CRASH=quick]"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from concurrent.futures import Future, ProcessPoolExecutor, as_completed

from crash.campaign import jobs, undisturbed
from crash.verdicts import Verdict

from edi_gateway import log

SIZES = {"full": 1, "quick": 40}  # of how many points one is tried
_SHOWN = 8  # differences of one disturbance


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m crash", description=__doc__)
    parser.add_argument("size", nargs="?", choices=SIZES, default="full")
    parser.add_argument("--every", type=int, help="of how many points one is tried")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    log.configure("critical")  # whatever is disturbed warns of it
    began, verdicts = time.monotonic(), []
    with ProcessPoolExecutor(options.processes, initializer=log.configure, initargs=("critical",)) as pool:
        waiting: list[Future[list[Verdict]]] = [pool.submit(job) for job in jobs(options.every or SIZES[options.size])]
        for done, future in enumerate(as_completed(waiting), 1):
            verdicts += future.result()
            _show(done, len(waiting), future.result())
    return _sum_up(verdicts, time.monotonic() - began)


def _show(done: int, of: int, verdicts: list[Verdict]) -> None:
    for verdict in verdicts:
        if verdict.kind:
            print(f"{verdict.kind}: {verdict.where}", *verdict.said[:_SHOWN], sep="\n    ", flush=True)
    if sys.stderr.isatty():
        print(f"\r{done} of {of} plays", end="", file=sys.stderr, flush=True)


def _sum_up(verdicts: list[Verdict], seconds: float) -> int:
    kinds = Counter(verdict.kind for verdict in verdicts)
    print(f"{len(undisturbed('mailbox')[1])} operations in an undisturbed play; {seconds:.0f} s")
    print(f"{len(verdicts)} points, {kinds['lost']} lost, {kinds['doubled']} doubled, {kinds['different']} different")
    return 0 if set(kinds) <= {""} and verdicts else 1


if __name__ == "__main__":
    sys.exit(main())
