"""Holds a set against its definition and says everything that is wrong: ``checker(definition, policy).check(transaction_set)``.

Findings come in document order for structure, elements and syntax notes, then those of the partner's
guide in document order, then those of the rules above the standard. What the reader found about the envelope is on the set itself
(``transaction_set.findings``) and is not repeated here.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import islice
from typing import Protocol

from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.envelope import TransactionSet
from edi_gateway.x12.finding import Finding, Severity
from edi_gateway.x12.standard import TransactionSetDefinition, segment
from edi_gateway.x12.structure import Fault, Structure, Walk, place
from edi_gateway.x12.structure.containers import ids_of
from edi_gateway.x12.validation.elements import SegmentCheck
from edi_gateway.x12.validation.fast_path import LARGEST, FastPath, fast_path
from edi_gateway.x12.validation.glances import Glances
from edi_gateway.x12.validation.notebook import Notebook
from edi_gateway.x12.validation.policy import Policy
from edi_gateway.x12.validation.rules import Rule, rules_for
from edi_gateway.x12.validation.scene import Scene, SegmentsInText, Trouble, by_id

DEFAULT = Policy()
MOST_PATHS = 64  # whose glances a checker keeps
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
    """What a partner's guide asks beyond the definition. Must be hashable: checkers are kept by it.

    ``definition`` is what standard and guide both allow, for the fast path (None: there is none); ``rules`` are looked at in
    every set, also in one that the fast path accepts.
    """

    @property
    def definition(self) -> TransactionSetDefinition | None: ...

    @property
    def rules(self) -> tuple[Rule, ...]: ...

    def excuses(self, finding: Finding, structure: Structure) -> bool:
        """Whether the guide allows what this finding says the standard does not."""

    def explain(self, transaction_set: TransactionSet, structure: Structure, into: Notebook) -> None:
        """Notes what the set does that the guide does not allow, ``rules`` aside."""

    def __hash__(self) -> int: ...


@lru_cache(maxsize=128)
def checker(definition: TransactionSetDefinition, policy: Policy = DEFAULT, guide: Narrowing | None = None) -> Checker:
    """The checker for a definition under a policy; made once and kept."""
    return Checker(definition, policy, guide)


class Checker:
    """Checks sets of one kind and release under one policy. ``fast`` False: by the tables alone."""

    def __init__(
        self, definition: TransactionSetDefinition, policy: Policy, guide: Narrowing | None = None, *, fast: bool = True
    ) -> None:
        self.definition, self.policy, self.guide, self.fast = definition, policy, guide, fast
        self._check_codes = guide is not None or policy.severity("element.code") is not Severity.OFF
        self._accepted = definition if guide is None else guide.definition
        self._rules = rules_for(definition.set, policy) + (guide.rules if guide is not None else ())
        self._glances_by_path: dict[FastPath, Glances] = {}
        self._last_path: tuple[Delimiters | None, FastPath | None] = (None, None)
        self._wanted = frozenset[str]().union(*(rule.needs | rule.reads for rule in self._rules))

    def check(self, transaction_set: TransactionSet) -> tuple[Finding, ...]:
        """Everything wrong with a set, above its envelope."""
        path = self._fast_path(transaction_set)
        if path is not None and transaction_set.ended and path.accepts(transaction_set.text):
            rules = self._glances(path, transaction_set.delimiters).not_cleared(transaction_set.text)
            if not rules:
                return ()
            into = Notebook(self.policy, self.definition.release)
            self._above(rules, Scene(self.definition, transaction_set, SegmentsInText(transaction_set, path.ids)), into)
            return self._cut(into)
        into = Notebook(self.policy, self.definition.release)
        if len(transaction_set.text) > LARGEST and self.guide is None:
            self._large(transaction_set, into)
            kept = by_id(transaction_set.each_segment(), self._wanted)
            self._above(self._rules, Scene(self.definition, transaction_set, kept), into)
        else:
            structure = self._standard(transaction_set, path, into)
            kept = by_id(transaction_set.segments, self._wanted)
            self._above(self._rules, Scene(self.definition, transaction_set, kept, structure), into)
        return self._cut(into)

    def _cut(self, into: Notebook) -> tuple[Finding, ...]:
        if len(into.findings) >= MOST_FINDINGS:
            del into.findings[MOST_FINDINGS:]
            into.note(
                "set.findings_cut", f"only the first {MOST_FINDINGS} findings are kept", position=into.findings[-1].position
            )
        return tuple(into.findings)

    def _fast_path(self, transaction_set: TransactionSet) -> FastPath | None:
        if not self.fast or self._accepted is None:
            return None
        marks, path = self._last_path  # sets of one interchange share their delimiters: hashing these takes longer than looking
        if marks is not transaction_set.delimiters:
            marks = transaction_set.delimiters
            path = fast_path(self._accepted, marks, self.policy.characters, self._check_codes)
            self._last_path = marks, path
        return path

    def _glances(self, path: FastPath, delimiters: Delimiters) -> Glances:
        """Those for what the path has learnt so far."""
        glances = self._glances_by_path.get(path)
        if glances is None or glances.ids is not path.ids or glances.codes is not path.codes:
            if len(self._glances_by_path) >= MOST_PATHS:
                self._glances_by_path.clear()
            glances = self._glances_by_path[path] = Glances(self._rules, path.ids, delimiters, path.codes)
        return glances

    def _standard(self, transaction_set: TransactionSet, path: FastPath | None, into: Notebook) -> Structure:
        """Structure, elements and syntax notes by the tables; the fast path learns from a set that is clean."""
        structure = place(self.definition, transaction_set.segments)
        faults = structure.faults
        if not transaction_set.ended:
            faults = [fault for fault in faults if fault.segment_id != "SE"]
        self._explain(structure, faults, self._segment_checks(transaction_set.delimiters), into)
        if self.guide is not None:
            guide = self.guide
            into.findings = [finding for finding in into.findings if not guide.excuses(finding, structure)]
            if len(into.findings) < MOST_FINDINGS:
                guide.explain(transaction_set, structure, into)
        if path is not None and not into.findings and not faults:
            path.learn(structure, len(transaction_set.text))
        return structure

    def _explain(self, structure: Structure, faults: list[Fault], checks: dict[str, SegmentCheck], into: Notebook) -> None:
        """Notes what is wrong, in document order."""
        told = 0
        for position, found, _, loop in structure.placed:
            while told < len(faults) and faults[told].position <= position:
                self._fault(faults[told], into)
                told += 1
            check = checks.get(found[0])
            if check is not None and not check.is_clean(found):
                check.explain(found, position, loop.path, into)
            if len(into.findings) >= MOST_FINDINGS:
                return
        for fault in faults[told:]:
            self._fault(fault, into)

    def _large(self, transaction_set: TransactionSet, into: Notebook) -> None:
        """The same as ``_standard`` for a set too large to hold all its segments at once: they take thirty times its text."""
        walk, checks = Walk(self.definition, transaction_set.each_segment()), self._segment_checks(transaction_set.delimiters)
        elements = Notebook(self.policy, self.definition.release)
        for position, found, _, loop in walk:
            check = checks.get(found[0])
            if check is not None and len(elements.findings) < MOST_FINDINGS and not check.is_clean(found):
                check.explain(found, position, loop.path, elements)
        for fault in islice((one for one in walk.faults if transaction_set.ended or one.segment_id != "SE"), MOST_FINDINGS):
            self._fault(fault, into)
        into.findings = sorted([*into.findings, *elements.findings], key=lambda finding: finding.position or 0)

    def _fault(self, fault: Fault, into: Notebook) -> None:
        where = f" in loop {fault.path}" if fault.path else ""
        says = _SAYS[fault.kind].format(segment=fault.segment_id, loop=fault.path, where=where, set=self.definition.set)
        into.note(fault.kind, says, segment=fault.segment_id, position=fault.position, loop=fault.path)

    def _segment_checks(self, delimiters: Delimiters) -> dict[str, SegmentCheck]:
        return _segment_checks(self.definition, delimiters, self.policy.characters)

    def _above(self, rules: Iterable[Rule], scene: Scene, into: Notebook) -> None:
        """Balance, inter-segment and external codes."""
        for rule in rules:
            if scene.has(rule.needs) and len(into.findings) < MOST_FINDINGS:
                for trouble in islice(rule.look(scene), MOST_FINDINGS):
                    self._trouble(trouble, rule.kind, scene, into)

    def _trouble(self, trouble: Trouble, kind: str, scene: Scene, into: Notebook) -> None:
        at = trouble.at
        into.note(
            trouble.kind or kind,
            trouble.message,
            segment=at.segment[0],
            position=scene.position(at),
            loop=scene.path(at),
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
