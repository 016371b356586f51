"""Holds a set against its definition and says everything that is wrong: ``checker(definition, policy).check(transaction_set)``.

Findings come in document order for structure, elements and syntax notes, then those of the rules above the standard. What the
reader found about the envelope is on the set itself (``transaction_set.findings``) and is not repeated here.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Protocol

from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.envelope import Segment, TransactionSet
from edi_gateway.x12.finding import Finding
from edi_gateway.x12.standard import TransactionSetDefinition, segment
from edi_gateway.x12.structure import Fault, Structure, place
from edi_gateway.x12.structure.containers import ids_of
from edi_gateway.x12.validation.elements import SegmentCheck
from edi_gateway.x12.validation.notebook import Notebook
from edi_gateway.x12.validation.policy import Policy, restate
from edi_gateway.x12.validation.rules import rules_for
from edi_gateway.x12.validation.scene import Scene

DEFAULT = Policy()
MOST_FINDINGS = 5_000  # of one set; a set that is rubbish has one for every element

_SAYS = {
    "segment.unrecognized": "{segment} is no segment of the standard",
    "segment.unexpected": "{segment} may not stand here: the loop it belongs to is not open",
    "segment.missing": "{segment} is mandatory and missing{where}",
    "loop.over_max": "loop {loop} stands more often than allowed",
    "segment.over_max": "{segment} stands more often than allowed{where}",
    "segment.not_in_set": "{segment} has no place in a {set}",
    "segment.out_of_sequence": "{segment} stands too late: it belongs further ahead{where}",
}


class Narrowing(Protocol):
    """What a partner's guide asks beyond the definition. Must be hashable: checkers are kept by it."""

    def findings(self, transaction_set: TransactionSet, structure: Structure) -> Iterable[Finding]:
        """What the set does that the guide does not allow."""


@lru_cache(maxsize=128)
def checker(definition: TransactionSetDefinition, policy: Policy = DEFAULT, guide: Narrowing | None = None) -> Checker:
    """The checker for a definition under a policy; made once and kept."""
    return Checker(definition, policy, guide)


class Checker:
    """Checks sets of one kind and release under one policy."""

    def __init__(self, definition: TransactionSetDefinition, policy: Policy, guide: Narrowing | None) -> None:
        self.definition, self.policy, self.guide = definition, policy, guide
        self._rules = rules_for(definition.set, policy)
        self._wanted = frozenset[str]().union(*(rule.needs | rule.reads for rule in self._rules))

    def check(self, transaction_set: TransactionSet) -> tuple[Finding, ...]:
        """Everything wrong with a set, above its envelope."""
        segments = transaction_set.segments
        structure = place(self.definition, segments)
        into = Notebook(self.policy, self.definition.release)
        faults = structure.faults if transaction_set.ended else [fault for fault in structure.faults if fault.segment_id != "SE"]
        self._standard(structure, faults, self._segment_checks(transaction_set.delimiters), into)
        self._above(segments, structure, into)
        found = tuple(into.findings)
        if self.guide is not None:
            found += restate(self.guide.findings(transaction_set, structure), self.policy)
        return found

    def _standard(self, structure: Structure, faults: list[Fault], checks: dict[str, SegmentCheck], into: Notebook) -> None:
        """Structure, elements and syntax notes, in document order."""
        told = 0
        for position, found, _, loop in structure.placed:
            while told < len(faults) and faults[told].position <= position:
                self._fault(faults[told], into)
                told += 1
            check = checks.get(found[0])
            if check is not None and not check.is_clean(found):
                check.explain(found, position, loop.path, into)
                if len(into.findings) >= MOST_FINDINGS:
                    into.note(
                        "set.findings_cut", f"only the first {len(into.findings)} findings are kept, up to segment {position}"
                    )
                    return
        for fault in faults[told:]:
            self._fault(fault, into)

    def _fault(self, fault: Fault, into: Notebook) -> None:
        where = f" in loop {fault.path}" if fault.path else ""
        says = _SAYS[fault.kind].format(segment=fault.segment_id, loop=fault.path, where=where, set=self.definition.set)
        into.note(fault.kind, says, segment=fault.segment_id, position=fault.position, loop=fault.path)

    def _segment_checks(self, delimiters: Delimiters) -> dict[str, SegmentCheck]:
        return _segment_checks(self.definition, delimiters, self.policy.characters)

    def _above(self, segments: list[Segment], structure: Structure, into: Notebook) -> None:
        """Balance, inter-segment and external codes."""
        scene = Scene(self.definition, segments, self._wanted)
        for rule in self._rules:
            if not scene.has(rule.needs):
                continue
            for trouble in rule.look(scene):
                at = trouble.at
                into.note(
                    trouble.kind or rule.kind,
                    trouble.message,
                    segment=at.segment[0],
                    position=at.position,
                    loop=structure.placed[at.position - 1].path,
                    element=trouble.element,
                    reference=self._reference(at.segment[0], trouble.element),
                    value=at.at(trouble.element) or None,
                )

    def _reference(self, segment_id: str, element: int) -> str | None:
        if segment_id not in ids_of(self.definition):
            return None
        uses = segment(self.definition.release, segment_id).elements
        return uses[element - 1].reference if element <= len(uses) else None


@lru_cache(maxsize=64)
def _segment_checks(definition: TransactionSetDefinition, delimiters: Delimiters, characters: str) -> dict[str, SegmentCheck]:
    release = definition.release
    return {name: SegmentCheck(segment(release, name), release, delimiters, characters) for name in ids_of(definition)}
