"""Our checker and pyx12 on the same documents, as many as asked: ``differ(definition, documents)``.

``python tests/x12/differential.py 10000`` draws, spoils and compares that many and tells every difference nothing explains.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from random import Random

import msgspec
from mutated_documents import mutated
from seeded_documents import seeded
from valid_documents import as_read, valid_set

from edi_gateway.x12.envelope import Segment
from edi_gateway.x12.finding import Finding
from edi_gateway.x12.second_opinion import Agreement, Difference, Opinion, compare, second_opinion
from edi_gateway.x12.standard import TransactionSetDefinition, load
from edi_gateway.x12.validation import Policy
from edi_gateway.x12.validation.checker import Checker

SETS = ("850", "855", "856", "810", "820", "997")
RELEASES = ("004010", "005010")
DEFINITIONS = tuple(load(code, release) for release in RELEASES for code in SETS)


class Compared(msgspec.Struct):
    """What came of comparing: how many, why pyx12 had no opinion, which rules explained, and what nothing explains."""

    documents: int = 0
    silent: Counter[str] = msgspec.field(default_factory=Counter)
    rules: Counter[str] = msgspec.field(default_factory=Counter)
    unexplained: list[tuple[str, Difference]] = []


def both_on(segments: list[Segment], definition: TransactionSetDefinition) -> tuple[list[Finding], Opinion, Agreement]:
    """Our findings (by the tables alone, envelope included), pyx12's opinion, and what they have in common."""
    read = as_read(segments, definition)
    ours = [*read.findings, *Checker(definition, Policy(), fast=False).check(read)]
    theirs = second_opinion(read, definition)
    return ours, theirs, compare(ours, theirs)


def differ(definition: TransactionSetDefinition, documents: Iterable[list[Segment]]) -> Compared:
    """Compares on every document."""
    told = Compared()
    for segments in documents:
        _, theirs, agreement = both_on(segments, definition)
        told.documents += 1
        told.silent.update([theirs.why] if theirs.accepts is None else [])
        told.rules.update(one.rule for one in agreement.explained)
        text = "~".join("*".join(segment) for segment in segments)
        told.unexplained += [(text, one) for one in agreement.unexplained]
    return told


def valid_sets(definition: TransactionSetDefinition, count: int, seed: int = 0) -> Iterator[list[Segment]]:
    """Valid sets, short and long."""
    random = Random(f"{definition} {seed}")
    for _ in range(count):
        yield valid_set(definition, random, often=random.choice((0.1, 0.2, 0.4)), most=80)


def mutated_sets(definition: TransactionSetDefinition, count: int, seed: int = 0) -> Iterator[list[Segment]]:
    """Valid sets with one change, some with two."""
    random = Random(f"{definition} {seed} mutated")
    for _ in range(count):
        right = valid_set(definition, random, often=random.choice((0.1, 0.2, 0.3)), most=60)
        yield mutated(right, definition, random, random.choice((1, 1, 1, 2)))


def all_kinds(definition: TransactionSetDefinition, count: int, seed: int = 0) -> Iterator[list[Segment]]:
    """A tenth valid sets, a tenth with errors of every kind, the others mutated."""
    random = Random(f"{definition} {seed} seeded")
    yield from valid_sets(definition, count // 10, seed)
    planted = [one.segments for _ in range(1 + count // 200) for one in seeded(definition, random)]
    yield from planted[: count // 10]
    yield from mutated_sets(definition, count - count // 5, seed)


def main(count: int, seed: int = 0) -> int:
    """Compares on so many documents over all definitions; 1 where something is not explained."""
    wrong = 0
    for definition in DEFINITIONS:
        told = differ(definition, all_kinds(definition, count // len(DEFINITIONS), seed))
        wrong += len(told.unexplained)
        print(f"{definition}: {told.documents} documents, {told.silent.total()} without opinion, {told.rules.total()} explained")
        for text, one in told.unexplained:
            print(f"  {one.by}: {one.place} {one.code} {one.message}\n    {text}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
