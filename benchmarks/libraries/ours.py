"""This engine: validation, the 997, and the order as a typed document; the file is read as a stream, as the gateway does it.

Validation is at default policy, with the rules above the standard (balances, check digits, carriers, countries) that no other
library here has. ``997-standard`` leaves these out: that is what pyx12 looks at.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from timing import measure

from edi_gateway.mapping.errors import MapProblem
from edi_gateway.mapping.library import Library
from edi_gateway.mapping.reading import ReadingMap
from edi_gateway.x12.acknowledgment import Form, SetResult, Verdict, functional_acknowledgment
from edi_gateway.x12.answers import answers_to
from edi_gateway.x12.envelope import GroupEnd, TransactionSet
from edi_gateway.x12.examination import examine
from edi_gateway.x12.finding import Level, Severity
from edi_gateway.x12.reader import Reader
from edi_gateway.x12.validation import KINDS, Policy
from edi_gateway.x12.writer import GroupHeader, InterchangeHeader, write_interchange

MAPS = Path(__file__).parents[2] / "maps"
ABOVE = (Level.BALANCE, Level.INTER_SEGMENT, Level.EXTERNAL_CODE)
STANDARD = Policy({name: Severity.OFF for name, kind in KINDS.items() if kind.level in ABOVE})
POLICY, FORM, AT = Policy(), Form(), datetime(2026, 3, 1, 9, 30)


def read(file: str) -> dict[str, Any]:
    """The envelope alone: sets found, counts and control numbers checked."""
    with open(file, "rb") as stream:
        return {"sets": sum(isinstance(event, TransactionSet) for event in Reader(stream))}


def validate(file: str) -> dict[str, Any]:
    sets = good = 0
    with open(file, "rb") as stream:
        for event in Reader(stream):
            if isinstance(event, TransactionSet):
                sets += 1
                good += not examine(event, POLICY).findings
    return {"sets": sets, "good": good}


def validate_and_997(file: str, policy: Policy = POLICY) -> dict[str, Any]:
    """The whole answer, as bytes that could be sent."""
    with open(file, "rb") as stream:
        answers = [answer for answer in answers_to(stream, FORM, AT, policy=policy) if isinstance(answer, bytes)]
    told = b"".join(answers)
    return {"sets": told.count(b"AK2*"), "good": told.count(b"AK5*A~"), "answered": len(told)}


def validate_997_and_order(file: str) -> dict[str, Any]:
    """The 997 of each group, and each set that is not rejected as an order with decimals and dates."""
    orders = _orders_map()
    sets = good = lines = held = 0
    results: list[SetResult] = []
    with open(file, "rb") as stream:
        for event in Reader(stream):
            if isinstance(event, TransactionSet):
                sets += 1
                examination = examine(event, POLICY)
                results.append(examination.result)
                good += not examination.findings
                if examination.verdict is not Verdict.REJECTED:
                    try:
                        order: Any = orders.read(event)
                        lines += len(order.lines)
                    except MapProblem:  # a code that only warns and that the map has no word for: a person decides
                        held += 1
            elif isinstance(event, GroupEnd):
                functional_acknowledgment(event.group, results, event.findings, declared=event.declared, form=FORM)
                results = []
    return {"sets": sets, "good": good, "lines": lines, "held": held}


def one_at_a_time() -> None:
    """One small order after another, from bytes to its 997 and the typed order: how long each takes when all is warm."""
    orders = _orders_map()
    payloads = [b"ISA" + rest for rest in Path(sys.argv[2]).read_bytes().split(b"ISA")[1:]]
    taken = []
    for _ in range(4):
        taken.clear()
        for payload in payloads:
            begun = time.process_time()
            answer, order = _one(payload, orders)
            taken.append(time.process_time() - begun)
            assert answer.count(b"AK5*A") == 1
            assert order
    p99 = quantiles(taken, n=100)[-1]
    print(json.dumps({"median_ms": median(taken) * 1e3, "p99_ms": p99 * 1e3, "bytes": sum(map(len, payloads)) / len(payloads)}))


def _one(payload: bytes, orders: ReadingMap) -> tuple[bytes, Any]:
    """The interchange that answers a payload of one order, and the order: read once."""
    results: list[SetResult] = []
    order, answer = None, b""
    for event in Reader(payload):
        if isinstance(event, TransactionSet):
            results.append(examine(event, POLICY).result)
            order = orders.read(event)
        elif isinstance(event, GroupEnd):
            group = event.group
            told = functional_acknowledgment(group, results, event.findings, declared=event.declared, form=FORM)
            header = GroupHeader(
                code="FA", sender=group.receiver, receiver=group.sender, control_number=1, release=FORM.release, at=AT
            )
            back = InterchangeHeader(
                sender=group.interchange.receiver, receiver=group.interchange.sender, control_number=1, at=AT
            )
            answer = write_interchange(back, [(header, [told.segments])])
    return answer, order


@cache
def _orders_map() -> ReadingMap:
    return Library.load(MAPS).reading("850-order")


if __name__ == "__main__":
    if sys.argv[1] == "one":
        one_at_a_time()
    else:
        standard = partial(validate_and_997, policy=STANDARD)
        tasks = {"validate": validate, "997": validate_and_997, "997-standard": standard, "order": validate_997_and_order}
        measure({"read": read, **tasks})
