"""``make bench-large``: an interchange of 5 GB, made while it is read, validated and answered group by group in little memory.

Nothing of it is ever on disk: the stream composes the orders of a catalog again and again with new control numbers, a thousand in
a group. What is measured is this process alone, generator included.
"""

from __future__ import annotations

import argparse
import io
import time
from collections.abc import Iterator
from typing import BinaryIO, cast

from benchmarks.libraries.timing import peak_memory
from benchmarks.orders import GS, ISA, orders
from edi_gateway.x12.acknowledgment import Form, SetResult, Verdict, functional_acknowledgment
from edi_gateway.x12.envelope import GroupEnd, InterchangeEnd, TransactionSet
from edi_gateway.x12.examination import examine
from edi_gateway.x12.reader import Reader
from edi_gateway.x12.validation import Policy

PER_GROUP = 1000
MOST_MEMORY = 200  # MB


class Endless(io.RawIOBase):
    """A stream over pieces that are made when they are asked for."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._left = pieces, b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """At least one byte unless it is over, and seldom more than was asked for: whole pieces, of a few KB."""
        kept, length = [self._left], len(self._left)
        while length < size and (piece := next(self._pieces, b"")):
            kept.append(piece)
            length += len(piece)
        whole = b"".join(kept)
        self._left = whole[size:]
        return whole[:size]


def interchange(size: int, sets: list[bytes]) -> Iterator[bytes]:
    """One interchange of about this many bytes: groups of a thousand sets, all control numbers right."""
    yield ISA.format(1).encode()
    written = groups = 0
    bodies = [body.partition(b"~") for body in sets]
    while written < size:
        groups += 1
        yield GS.format(groups).encode()
        for number in range(1, PER_GROUP + 1):
            body = bodies[(groups * 7 + number) % len(bodies)][2]
            whole = b"ST*850*%04d~%b%04d~" % (number, body[: body.rindex(b"*") + 1], number)
            written += len(whole)
            yield whole
        yield b"GE*%d*%d~" % (PER_GROUP, groups)
    yield b"IEA*%d*000000001~" % groups


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--gb", type=float, default=5.0)
    size = int(asked.parse_args().gb * 1e9)
    begun = time.perf_counter()
    sets, accepted, findings = answer_all(interchange(size, list(orders(2000))))
    seconds = time.perf_counter() - begun
    peak = peak_memory()
    told = f"{size / 1e9:.1f} GB, {sets} orders, {accepted} accepted, {findings} findings about envelopes"
    speed = f"{seconds:.0f} s, {size / 1e6 / seconds:.1f} MB/s, peak {peak:.0f} MB"
    print(f"bench-large: {told}; {speed}: {'reached' if peak <= MOST_MEMORY else 'MISSED'} (goal {MOST_MEMORY} MB)")


def answer_all(pieces: Iterator[bytes]) -> tuple[int, int, int]:
    """Validates every set and writes the 997 of each group; how many sets, how many accepted, findings about envelopes."""
    policy, form = Policy(), Form()
    sets = accepted = findings = 0
    results: list[SetResult] = []
    for event in Reader(cast(BinaryIO, Endless(pieces))):
        if isinstance(event, TransactionSet):
            sets += 1
            results.append(examine(event, policy).result)
        elif isinstance(event, GroupEnd):
            answer = functional_acknowledgment(event.group, results, event.findings, declared=event.declared, form=form)
            accepted += sum(one.verdict is Verdict.ACCEPTED for one in answer.sets)
            findings += len(event.findings)
            results = []
        elif isinstance(event, InterchangeEnd):
            findings += len(event.findings)
    return sets, accepted, findings


if __name__ == "__main__":
    main()
