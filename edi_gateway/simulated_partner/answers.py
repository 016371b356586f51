"""What a buyer thinks of the supplier's sets, and the 997 that says so."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from edi_gateway.simulated_partner.habits import Habits
from edi_gateway.simulated_partner.places import data_element, number_of, number_place
from edi_gateway.trading.profile import TradingPartner
from edi_gateway.x12 import standard
from edi_gateway.x12.acknowledgment import Acknowledged, Form, SetResult, functional_acknowledgment
from edi_gateway.x12.envelope import GroupEnd, TransactionSet
from edi_gateway.x12.envelope_findings import envelope_finding
from edi_gateway.x12.finding import Finding, Level, Scope, Severity
from edi_gateway.x12.guide import Guide, over
from edi_gateway.x12.validation import Policy, checker


class Opinion(NamedTuple):
    """What the standard finds in a set, and what the buyer's habits add to it."""

    findings: tuple[Finding, ...]
    whims: tuple[Finding, ...] = ()

    @property
    def rejected(self) -> str:
        """Why the set is rejected; empty when it is taken."""
        worst = [finding for finding in (*self.findings, *self.whims) if finding.severity is Severity.REJECT]
        return f"{worst[0].place}: {worst[0].message}" if worst else ""


class Judged(NamedTuple):
    """A set of theirs and what we think of it."""

    set: TransactionSet
    opinion: Opinion


def acknowledgment_of(end: GroupEnd, sets: Iterable[Judged], partner: TradingPartner) -> Acknowledged:
    """The 997 for one group, in the group's own release."""
    results = [SetResult(set_.code, set_.control_number, (*opinion.findings, *opinion.whims)) for set_, opinion in sets]
    return functional_acknowledgment(
        end.group,
        results,
        end.findings,
        declared=end.declared,
        form=Form(release=end.group.release),
        delimiters=partner.marks.delimiters(),
        characters=partner.characters,
    )


def opinion_of(transaction_set: TransactionSet, partner: TradingPartner, habits: Habits, guide: Guide | None = None) -> Opinion:
    """Holds a set against the standard and the buyer's guide, in the characters agreed."""
    nearest = standard.nearest(transaction_set.code, transaction_set.release)
    if nearest is None:
        says = f"set {transaction_set.code} of {transaction_set.release} is not supported"
        return Opinion((*transaction_set.findings, envelope_finding("set.unsupported", says)))
    policy = Policy(characters=partner.characters)
    narrowing = over(guide, nearest.definition) if guide is not None and guide.is_for(nearest.definition) else None
    findings = (*transaction_set.findings, *checker(nearest.definition, policy, narrowing).check(transaction_set))
    return Opinion(findings, (_whim(transaction_set),) if transaction_set.code in habits.rejects else ())


def _whim(transaction_set: TransactionSet) -> Finding:
    """A finding about the business number, for no better reason than that this buyer does not like it."""
    place = number_place(transaction_set.code)
    ids = [segment[0] for segment in transaction_set.segments]
    return Finding(
        kind="element.code",
        scope=Scope.ELEMENT,
        level=Level.GUIDE,
        code="7",
        message=f"{number_of(transaction_set)} is not taken by this partner",
        segment=place.segment,
        position=ids.index(place.segment) + 1 if place.segment in ids else 1,
        element=place.element,
        reference=data_element(transaction_set.code, transaction_set.release),
        value=number_of(transaction_set),
    )
