"""Foreign documents: every one of the sets we map becomes a document, or the map says what is wrong with it."""

from __future__ import annotations

from collections import Counter

import pytest
from map_scenes import BASE, SAMPLES, around, library

from edi_gateway.mapping.errors import MapProblem
from edi_gateway.x12.envelope import TransactionSet
from edi_gateway.x12.reader import read

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the foreign samples are not beside the project")


def sets() -> list[tuple[str, TransactionSet]]:
    found = []
    for path in sorted(SAMPLES.glob("*.edi")):
        for event in read(path.read_bytes()):
            if isinstance(event, TransactionSet) and event.code in BASE and event.release.startswith(("004010", "005010")):
                found.append((path.name, event))
    return found


def problem_of(transaction_set: TransactionSet) -> MapProblem | None:
    try:
        library().reading(BASE[transaction_set.code]).read(transaction_set)
    except MapProblem as problem:
        return problem
    return None


def test_every_sample_becomes_a_document_or_is_told_what_is_wrong() -> None:
    read_well: Counter[str] = Counter()
    for name, transaction_set in sets():
        problem = problem_of(transaction_set)
        if problem is None:
            read_well[transaction_set.code] += 1
            continue
        assert problem.place, f"{name}: {problem}"
        assert ".yaml:" in problem.rule, f"{name}: {problem}"

    assert read_well["850"] >= 55
    assert read_well["810"] >= 15
    assert min(read_well["855"], read_well["820"]) >= 8


def test_what_is_written_of_a_sample_is_read_and_written_the_same() -> None:
    for name, transaction_set in sets():
        reading, writing = library().reading(BASE[transaction_set.code]), library().writing(BASE[transaction_set.code])
        try:
            segments = writing.write(reading.read(transaction_set), release=transaction_set.release)
        except MapProblem:
            continue
        again = reading.read(around(transaction_set.code, segments))
        assert writing.write(again, release=transaction_set.release) == segments, name
