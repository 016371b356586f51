"""The fast path, the tables and the naive checker asked about the same set: where they differ, one of them is wrong."""

from __future__ import annotations

from functools import cache
from random import Random
from typing import NamedTuple

import naive
from valid_documents import MARKS, valid_set

from edi_gateway.x12.envelope import TransactionSet
from edi_gateway.x12.finding import Level, Scope, Severity
from edi_gateway.x12.standard import TransactionSetDefinition
from edi_gateway.x12.structure import place
from edi_gateway.x12.validation import KINDS, Policy
from edi_gateway.x12.validation.checker import Checker
from edi_gateway.x12.validation.fast_path import FastPath

_ABOVE = (Level.BALANCE, Level.INTER_SEGMENT, Level.EXTERNAL_CODE, Level.GUIDE)
STANDARD_ONLY = Policy({name: Severity.OFF for name, kind in KINDS.items() if kind.level in _ABOVE})
_NO_PLACE = ("1", "6")  # codes of 720 that do not depend on how a disorder is explained


class Asked(NamedTuple):
    """What came of it: whether the fast path took the set, whether it is right, and how tables and naive checker differ."""

    accepted: bool
    right: bool
    difference: str

    @property
    def is_false_accept(self) -> bool:
        return self.accepted and not self.right


def ask(definition: TransactionSetDefinition, transaction_set: TransactionSet) -> Asked:
    """Asks all three about a set with the delimiters of ``valid_documents``."""
    accepted = _taught(definition).accepts(transaction_set.text)
    findings = Checker(definition, STANDARD_ONLY, fast=False).check(transaction_set)
    faults = naive.check(definition.set, definition.release, transaction_set.segments, transaction_set.delimiters)
    elements = {(one.position, one.element, one.component or 0, one.code) for one in findings if one.scope is Scope.ELEMENT}
    segments = {(one.position, one.code) for one in findings if one.scope is Scope.SEGMENT}
    told = [
        _differ("elements", elements, faults.elements),
        _differ("segments", {one for one in segments if one[1] in _NO_PLACE}, faults.segments),
        "" if faults.in_order == (not segments) else f"in order: tables {not segments}, naive {faults.in_order}",
    ]
    return Asked(accepted, faults.none, "; ".join(filter(None, told)))


def _differ(what: str, tables: set[tuple[object, ...]], plain: set[tuple[object, ...]]) -> str:
    if tables == plain:
        return ""
    return f"{what}: only the tables {sorted(tables - plain, key=str)}, only the naive {sorted(plain - tables, key=str)}"


@cache
def _taught(definition: TransactionSetDefinition) -> FastPath:
    """The fast path with an expression for most of what a few right sets use."""
    path, random = FastPath(definition, MARKS[definition.release], "extended", True), Random(str(definition))
    drawn = [valid_set(definition, random, often=often, most=60) for often in (0, 0.1, 0.2, 0.3)]
    used = {(placed.path, placed.segment[0]) for segments in drawn for placed in place(definition, segments).placed}
    filled = {(one[0], at) for segments in drawn for one in segments for at in range(1, len(one)) if one[at]}
    most_filled = frozenset(one for one in sorted(filled) if random.random() < 0.9)
    path.compile(frozenset(use for use in sorted(used) if random.random() < 0.8), None, most_filled)
    return path
