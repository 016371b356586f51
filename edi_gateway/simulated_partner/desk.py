"""The buyer's desk: takes what the supplier sent, holds it against everything agreed, and enters it into the books."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from edi_gateway.documents.base import Value
from edi_gateway.documents.invoice import Invoice
from edi_gateway.documents.order_acknowledgment import OrderAcknowledgment
from edi_gateway.documents.ship_notice import ShipNotice
from edi_gateway.errors import WrongInput
from edi_gateway.mapping.errors import MapProblem
from edi_gateway.mapping.library import Library
from edi_gateway.simulated_partner.answers import Judged, opinion_of
from edi_gateway.simulated_partner.arrivals import Arrivals
from edi_gateway.simulated_partner.checks.about import About
from edi_gateway.simulated_partner.checks.confirmation import check_confirmation
from edi_gateway.simulated_partner.checks.invoice import check_invoice
from edi_gateway.simulated_partner.checks.shipment import check_notice
from edi_gateway.simulated_partner.complaint import Complaint, Kind
from edi_gateway.simulated_partner.events import (
    Announced,
    Billed,
    BuyerEvent,
    Confirmed,
    EnvelopeDoubted,
    InterchangeAcknowledged,
    NotTaken,
    OtherCame,
    Refused,
    Repeated,
    SetAcknowledged,
)
from edi_gateway.simulated_partner.habits import Habits
from edi_gateway.simulated_partner.ledger import Ledger
from edi_gateway.simulated_partner.places import number_of
from edi_gateway.simulated_partner.post import Letter
from edi_gateway.simulated_partner.sent import SentBook
from edi_gateway.simulated_partner.terms import agreement_for
from edi_gateway.trading.profile import Agreement, OurIdentity, TradingPartner, Usage
from edi_gateway.trading.usage import isa15
from edi_gateway.x12.acknowledgment import Verdict, read_acknowledgment, read_ta1
from edi_gateway.x12.envelope import GroupEnd, InterchangeAcknowledgment, InterchangeEnd, Skipped, TransactionSet
from edi_gateway.x12.finding import Finding
from edi_gateway.x12.guide import Guide

_ACKNOWLEDGMENTS = ("997", "999")


class OwedAnswer(NamedTuple):
    """A group of theirs that is to be answered by a 997; ``interchange`` is the number of the one it came in."""

    file: str
    end: GroupEnd
    sets: list[Judged]
    interchange: str


@dataclass
class Desk:
    """Works through letters in the order they were numbered. ``owed`` are groups that wait for our answer.

    ``guides`` are the buyer's, by name, as its profile names them.
    """

    partner: TradingPartner
    supplier: OurIdentity
    maps: Library
    usage: Usage
    sent: SentBook
    ledger: Ledger
    arrivals: Arrivals = field(default_factory=Arrivals)
    owed: list[OwedAnswer] = field(default_factory=list)
    guides: Mapping[str, Guide] = field(default_factory=dict)

    def take(self, letter: Letter, habits: Habits, at: datetime) -> Iterator[BuyerEvent]:
        """Everything one letter brings."""
        why = self._not_between_us(letter)
        if why:
            kind = Kind.PAYLOAD_NOT_FOR_US if letter.header else Kind.PAYLOAD_UNREADABLE
            yield NotTaken(file=letter.file, because=why, complaints=(About(letter.file).complain(kind, why),))
            return
        if self.arrivals.is_repeated(letter):
            yield Repeated(file=letter.file, control_number=str(letter.number))
            return
        faults = [*self.arrivals.enter(letter), *self._envelope(letter)]
        if faults:
            yield EnvelopeDoubted(file=letter.file, complaints=tuple(faults))
        yield from self._contents(letter, habits, at)

    def _not_between_us(self, letter: Letter) -> str:
        """Why an interchange is none of ours; empty if it is."""
        header = letter.header
        if header is None:
            skipped = [event.finding.message for event in letter.events if isinstance(event, Skipped)]
            return skipped[0] if skipped else "it holds no interchange"
        if header.sender != self.supplier.interchange:
            return f"it is from {header.sender}, our supplier is {self.supplier.interchange}"
        if header.receiver not in self.partner.interchange:
            return f"it is for {header.receiver}, which is not us"
        if header.usage != isa15(self.usage):
            return f"its usage is {header.usage}, and we trade in {self.usage}"
        return ""

    def _envelope(self, letter: Letter) -> Iterator[Complaint]:
        about = About(f"{letter.file}, interchange {letter.number}")
        for event in letter.events:
            if isinstance(event, GroupEnd):
                yield from self._group(about, event)
            if isinstance(event, GroupEnd | InterchangeEnd):
                yield from _faults(about, event.findings)
            if isinstance(event, Skipped):
                yield about.complain(Kind.PAYLOAD_UNREADABLE, event.finding.message)

    def _group(self, about: About, end: GroupEnd) -> Iterator[Complaint]:
        group = end.group
        yield from self.arrivals.enter_group(about, group)
        if group.sender != self.supplier.group or group.receiver not in self.partner.group:
            says = f"group {group.control_number} is from {group.sender} for {group.receiver}"
            yield about.complain(Kind.PAYLOAD_NOT_FOR_US, says)

    def _contents(self, letter: Letter, habits: Habits, at: datetime) -> Iterator[BuyerEvent]:
        sets: list[Judged] = []
        for event in letter.events:
            if isinstance(event, InterchangeAcknowledgment):
                yield self._ta1(letter.file, event)
            elif isinstance(event, TransactionSet) and event.code in _ACKNOWLEDGMENTS:
                yield from self._acknowledgment(letter.file, event, at)
            elif isinstance(event, TransactionSet):
                sets.append(Judged(event, opinion_of(event, self.partner, habits, self._guide(event.code))))
                yield self._document(letter.file, sets[-1], at)
            elif isinstance(event, GroupEnd):
                if sets:
                    self.owed.append(OwedAnswer(letter.file, event, sets, str(letter.number)))
                sets = []

    def _guide(self, code: str) -> Guide | None:
        agreement = agreement_for(self.partner, code, "out", self.usage)
        return self.guides.get(agreement.guide) if agreement else None

    # Answers to what we sent

    def _ta1(self, file: str, event: InterchangeAcknowledgment) -> BuyerEvent:
        try:
            answer = read_ta1(event.ta1)
        except WrongInput as error:
            return _unreadable(file, About(f"TA1 in {file}"), error)
        known = self.sent.interchange_answered(answer.control_number, answer.verdict)
        number = answer.control_number
        about = About(f"TA1 for interchange {number}")
        complaints = () if known else (about.complain(Kind.ACKNOWLEDGMENT_UNASKED, "we never sent that interchange"),)
        return InterchangeAcknowledged(file=file, control_number=number, verdict=answer.verdict, complaints=complaints)

    def _acknowledgment(self, file: str, event: TransactionSet, at: datetime) -> Iterator[BuyerEvent]:
        about = About(f"997 in {file}")
        opinion = opinion_of(event, self.partner, Habits())
        faults = tuple(_faults(about, opinion.findings))
        try:
            answer = read_acknowledgment(event)
        except WrongInput as error:
            yield _unreadable(file, about, error)
            return
        found = self.sent.answered(answer, at)
        if not found:
            text = f"it answers group {answer.group_code} {answer.group_control_number}, which we never sent"
            unasked = about.complain(Kind.ACKNOWLEDGMENT_UNASKED, text)
            yield NotTaken(file=file, because=text, complaints=(*faults, unasked))
        for sent, wrong in found:
            verdict = sent.verdict or answer.verdict
            if sent.code == "850" and verdict is Verdict.REJECTED:
                self.ledger.forget_order(sent.number)
            yield SetAcknowledged(file=file, code=sent.code, number=sent.number, verdict=verdict, complaints=(*faults, *wrong))
            faults = ()

    # Documents

    def _document(self, file: str, judged: Judged, at: datetime) -> BuyerEvent:
        set_, number = judged.set, number_of(judged.set)
        about = About.of(set_)
        faults = list(_faults(about, judged.opinion.findings))
        if judged.opinion.rejected:
            because = judged.opinion.rejected
            return Refused(file=file, code=set_.code, number=number, because=because, complaints=tuple(faults))
        agreement = agreement_for(self.partner, set_.code, "out", self.usage)
        if agreement is None:
            faults.append(about.complain(Kind.PAYLOAD_NO_AGREEMENT, f"no {set_.code} is agreed in {self.usage}"))
            return OtherCame(file=file, code=set_.code, complaints=tuple(faults))
        faults += _other_release(about, set_, agreement)
        try:
            document = self.maps.reading(agreement.map).read(set_)
        except MapProblem as error:
            faults.append(about.complain(Kind.SET_NO_DOCUMENT, str(error)))
            return OtherCame(file=file, code=set_.code, complaints=tuple(faults))
        return self._entered(file, set_.code, document, tuple(faults), at)

    def _entered(self, file: str, code: str, document: Value, faults: tuple[Complaint, ...], at: datetime) -> BuyerEvent:
        """Checks a document against the books, then enters it: the checks must not see it there."""
        if isinstance(document, OrderAcknowledgment):
            faults += tuple(check_confirmation(self.ledger, self.partner, document))
            self.ledger.enter_confirmation(document, at)
            return Confirmed(file=file, confirmation=document, complaints=faults)
        if isinstance(document, ShipNotice):
            faults += tuple(check_notice(self.ledger, self.partner, self.supplier, document))
            self.ledger.enter_notice(document)
            return Announced(file=file, notice=document, complaints=faults)
        if isinstance(document, Invoice):
            faults += tuple(check_invoice(self.ledger, self.partner, document))
            self.ledger.enter_invoice(document)
            return Billed(file=file, invoice=document, complaints=faults)
        return OtherCame(file=file, code=code, complaints=faults)


def _unreadable(file: str, about: About, error: WrongInput) -> NotTaken:
    complaint = about.complain(Kind.ACKNOWLEDGMENT_UNREADABLE, str(error))
    return NotTaken(file=file, because=str(error), complaints=(complaint,))


def _faults(about: About, findings: Iterable[Finding]) -> Iterator[Complaint]:
    for finding in findings:
        kind = Kind.SET_GUIDE if finding.kind.startswith("guide.") else Kind.SET_FINDING
        yield about.complain(kind, f"{finding.place}: {finding.message}")


def _other_release(about: About, set_: TransactionSet, agreement: Agreement) -> list[Complaint]:
    if set_.release == agreement.release:
        return []
    return [about.complain(Kind.PAYLOAD_NO_AGREEMENT, f"it is written in {set_.release}, {agreement.release} is agreed")]
