"""What a buyer sent and still wants an answer to: every set by its control numbers, with the verdict it deserves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from edi_gateway.simulated_partner.checks.about import About
from edi_gateway.simulated_partner.checks.lateness import in_words
from edi_gateway.simulated_partner.complaint import Complaint, Kind
from edi_gateway.simulated_partner.places import number_of
from edi_gateway.simulated_partner.post import Letter
from edi_gateway.simulated_partner.terms import agreement_for
from edi_gateway.trading.profile import Agreement, TradingPartner, Usage
from edi_gateway.trading.usage import isa15
from edi_gateway.x12 import standard
from edi_gateway.x12.acknowledgment import FunctionalAcknowledgment, Verdict
from edi_gateway.x12.envelope import FunctionalGroup, GroupEnd, Interchange, TransactionSet
from edi_gateway.x12.finding import Scope, Severity
from edi_gateway.x12.validation import Policy, checker, restate

ACCEPTED = frozenset({Verdict.ACCEPTED, Verdict.ACCEPTED_WITH_ERRORS})
REJECTED = frozenset({Verdict.REJECTED})
ANY = frozenset(Verdict)


@dataclass
class SentSet:
    """One set we sent. ``expected`` are the verdicts that would be right; ``within`` is how long its 997 may take."""

    set: TransactionSet
    number: str
    group: tuple[str, str]
    at: datetime
    within: timedelta
    expected: frozenset[Verdict]
    verdict: Verdict | None = None
    answered_at: datetime | None = None

    @property
    def code(self) -> str:
        """ST01."""
        return self.set.code

    @property
    def about(self) -> About:
        """The set, as people name it."""
        return About(f"997 for our {self.code} {self.number}", self.number if self.code == "850" else "")


@dataclass
class SentInterchange:
    """One interchange we sent, for which a TA1 may be due."""

    control_number: str
    wants_answer: bool
    at: datetime
    verdict: Verdict | None = None


@dataclass
class SentBook:
    """Everything sent, for its answers to be held against."""

    partner: TradingPartner
    usage: Usage
    sets: list[SentSet] = field(default_factory=list)
    interchanges: list[SentInterchange] = field(default_factory=list)
    _digests: set[str] = field(default_factory=set)

    def enter(self, letters: Iterable[Letter], at: datetime, *, in_doubt: bool = False) -> list[SentSet]:
        """Notes what goes out: the sets of ours that will be answered, each once whatever is sent again.

        What is not from this partner, or of another usage, is nobody's here and left out. ``in_doubt``: it goes out cut as
        well, so any verdict may come back.
        """
        entered: list[SentSet] = []
        for letter in letters:
            header = letter.header
            if header is None or letter.digest in self._digests or not self._is_ours(header):
                continue
            self._digests.add(letter.digest)
            self.interchanges.append(SentInterchange(header.control_number, self._wants_ta1(header), at))
            condemned = {end.group.offset for end in letter.events if isinstance(end, GroupEnd) and self._condemns(end)}
            for event in letter.events:
                if isinstance(event, TransactionSet) and event.group and event.group.code != "FA":
                    deserves = REJECTED if event.group.offset in condemned else deserved(event, self.partner, self.usage)
                    entered.append(self._sent(event, event.group, at, ANY if in_doubt else deserves))
        self.sets += entered
        return entered

    def _sent(self, set_: TransactionSet, group: FunctionalGroup, at: datetime, expected: frozenset[Verdict]) -> SentSet:
        agreement = agreement_for(self.partner, set_.code, "in", self.usage)
        return SentSet(
            set=set_,
            number=number_of(set_),
            group=(group.code, _plain(group.control_number)),
            at=at,
            within=agreement.acknowledgment.within if agreement else timedelta(hours=24),
            expected=expected,
        )

    def _is_ours(self, interchange: Interchange) -> bool:
        usage = isa15(self.usage)
        return interchange.sender in self.partner.interchange and interchange.usage == usage

    def _wants_ta1(self, interchange: Interchange) -> bool:
        agreed = self.partner.interchange_acknowledgment
        return agreed == "always" or (agreed == "when asked" and interchange.acknowledgment_requested)

    def _condemns(self, end: GroupEnd) -> bool:
        findings = restate(end.findings, policy_of(self.partner, None))
        return any(finding.severity is Severity.REJECT and finding.scope is Scope.GROUP for finding in findings)

    def answered(self, answer: FunctionalAcknowledgment, at: datetime) -> list[tuple[SentSet, list[Complaint]]]:
        """The sets a 997 answers, each with what is wrong about its verdict; sets it does not list share that of their group."""
        group = (answer.group_code, _plain(answer.group_control_number))
        ours = [sent for sent in self.sets if sent.group == group]
        found = []
        for sent in ours:
            sent.verdict = _verdict_on(sent, answer)
            sent.answered_at = sent.answered_at or at
            found.append((sent, [*_wrong_verdict(sent, sent.verdict), *_wrong_counts(sent, answer, len(ours))]))
        return found

    def interchange_answered(self, control_number: str, verdict: Verdict) -> bool:
        """Notes a TA1; False if it answers nothing of ours."""
        ours = [sent for sent in self.interchanges if _plain(sent.control_number) == _plain(control_number)]
        for sent in ours:
            sent.verdict = verdict
        return bool(ours)

    def overdue(self, now: datetime) -> Iterator[Complaint]:
        """Answers that came after their deadline, or have not come though it has passed."""
        for sent in self.sets:
            took = (sent.answered_at or now) - sent.at
            if took > sent.within:
                state = "came after" if sent.answered_at else "has not come in"
                yield sent.about.complain(
                    Kind.ACKNOWLEDGMENT_LATE, f"it {state} {in_words(took)}, {in_words(sent.within)} are agreed"
                )
        longest = max((sent.within for sent in self.sets), default=timedelta(hours=24))
        for interchange in self.interchanges:
            if interchange.wants_answer and interchange.verdict is None and now - interchange.at > longest:
                about = About(f"TA1 for our interchange {interchange.control_number}")
                yield about.complain(
                    Kind.INTERCHANGE_ACKNOWLEDGMENT_MISSING, f"it has not come in {in_words(now - interchange.at)}"
                )


def deserved(set_: TransactionSet, partner: TradingPartner, usage: Usage) -> frozenset[Verdict]:
    """The verdicts that would be right for a set of ours: what the standard says of it, at the severities agreed."""
    policy = policy_of(partner, agreement_for(partner, set_.code, "in", usage))
    nearest = standard.nearest(set_.code, set_.release)
    if nearest is None:
        return REJECTED
    findings = (*restate(set_.findings, policy), *checker(nearest.definition, policy).check(set_))
    return REJECTED if any(finding.severity is Severity.REJECT for finding in findings) else ACCEPTED


def policy_of(partner: TradingPartner, agreement: Agreement | None) -> Policy:
    """How grave each kind of finding in a set of ours is by its agreement; without one, as for all of ours."""
    return Policy(severities=partner.severities_for(agreement), characters=partner.characters)


def _verdict_on(sent: SentSet, answer: FunctionalAcknowledgment) -> Verdict:
    """What a 997 says of a set. One it does not list is as its group; in a group partly accepted, it is accepted."""
    for listed in answer.sets:
        if listed.control_number == sent.set.control_number:
            return listed.verdict
    return Verdict.ACCEPTED if answer.verdict is Verdict.PARTIALLY_ACCEPTED else answer.verdict


def _wrong_counts(sent: SentSet, answer: FunctionalAcknowledgment, ours: int) -> Iterator[Complaint]:
    """AK9 counts the sets we sent; where it came cut as well, it may count fewer."""
    if sent.expected is not ANY and answer.received != ours:
        yield sent.about.complain(Kind.ACKNOWLEDGMENT_COUNTS, f"it counts {answer.received} sets in the group, we sent {ours}")


def _wrong_verdict(sent: SentSet, verdict: Verdict) -> Iterator[Complaint]:
    if verdict not in sent.expected:
        deserved = " or ".join(sorted(sent.expected))
        yield sent.about.complain(Kind.ACKNOWLEDGMENT_VERDICT, f"it says {verdict}, and {deserved} would be right")


def _plain(number: str) -> str:
    return number.lstrip("0") or "0"
