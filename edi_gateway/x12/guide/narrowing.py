"""A guide laid over one definition, as the checker takes it."""

from __future__ import annotations

from functools import cached_property, lru_cache

from edi_gateway.errors import WrongInput
from edi_gateway.x12.envelope import TransactionSet
from edi_gateway.x12.finding import Finding
from edi_gateway.x12.guide.aim import Aim, What
from edi_gateway.x12.guide.check import aims
from edi_gateway.x12.guide.countable import is_countable
from edi_gateway.x12.guide.hierarchy import hierarchy_rule
from edi_gateway.x12.guide.look import in_order, look, segments_of, turns
from edi_gateway.x12.guide.model import Guide
from edi_gateway.x12.guide.narrow import narrowed
from edi_gateway.x12.standard import TransactionSetDefinition
from edi_gateway.x12.structure import Structure
from edi_gateway.x12.validation.notebook import Notebook
from edi_gateway.x12.validation.rules.rule import Rule


@lru_cache(maxsize=256)
def over(guide: Guide, definition: TransactionSetDefinition) -> GuideNarrowing:
    """A guide laid over a definition; made once and kept. Raises WrongInput for a definition it is not for."""
    if not guide.is_for(definition):
        raise WrongInput(f"{guide} is for {guide.set} {', '.join(guide.releases)}, not for {definition}", where=guide.file)
    return GuideNarrowing(guide, definition)


class GuideNarrowing:
    """What a guide adds to the checking of one definition."""

    def __init__(self, guide: Guide, definition: TransactionSetDefinition) -> None:
        self.guide = guide
        self._standard, self._aims = definition, aims(guide, definition)
        self._adding = [aim for aim in self._aims if aim.rule.codes is not None and aim.rule.codes.add]
        self.rules: tuple[Rule, ...] = (hierarchy_rule(guide.hierarchies),) if guide.hierarchies else ()

    @cached_property
    def definition(self) -> TransactionSetDefinition | None:
        """What both the standard and the guide allow; None where it cannot be written down, so that the tables have to look."""
        if not all(_is_written(aim, self._standard) for aim in self._aims):
            return None
        return narrowed(self._standard, self.guide, self._aims)

    def excuses(self, finding: Finding, structure: Structure) -> bool:
        """Whether a code the standard does not have is one that the guide adds at that place."""
        return finding.kind == "element.code" and any(_adds(aim, finding, structure) for aim in self._adding)

    def explain(self, transaction_set: TransactionSet, structure: Structure, into: Notebook) -> None:
        """Notes everything that breaks the guide, hierarchies aside, in document order.

        Of a set that was cut off nobody knows what would have come: what is missing at its end is not told.
        """
        found = (seen for aim in self._aims for seen in look(aim, structure.root, transaction_set.delimiters))
        end = len(structure.placed) if not transaction_set.ended else None
        for seen in in_order(found):
            if end is not None and seen.position >= end and seen.kind.endswith("_missing"):
                continue
            into.note(
                seen.kind,
                f"{seen.message} ({self.guide})",
                segment=seen.segment,
                position=seen.position,
                loop=seen.loop,
                element=seen.element or None,
                component=seen.component or None,
                reference=seen.reference,
                value=seen.value,
            )


def _is_written(aim: Aim, definition: TransactionSetDefinition) -> bool:
    """Whether the narrowed definition says all that a rule does."""
    least = aim.rule.repeat.least if aim.rule.repeat else 0
    if aim.what is not What.ITEM or not (aim.ref.conditions or least > 1):
        return True
    return is_countable(definition, aim.item, tuple(loop.id for loop in aim.loops))


def _adds(aim: Aim, finding: Finding, structure: Structure) -> bool:
    codes = aim.rule.codes
    if codes is None or finding.value not in codes.add or finding.segment != aim.head.id or finding.element is None:
        return False
    if aim.what is What.LIST:
        if finding.element not in aim.qualifiers:
            return False
    elif (finding.element, finding.component) != (aim.rule.place.element, aim.rule.place.component):
        return False
    return any(
        placed.position == finding.position for loop in turns(structure.root, aim.loops) for placed in segments_of(aim, loop)
    )
