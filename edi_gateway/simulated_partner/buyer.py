"""A buyer: orders, looks into its mailbox, answers, pays, and keeps books it can complain from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from edi_gateway.clock import Clock
from edi_gateway.documents.base import Value
from edi_gateway.documents.invoice import Invoice
from edi_gateway.documents.order import Order
from edi_gateway.documents.order_change import OrderChange
from edi_gateway.errors import WrongInput
from edi_gateway.mapping.errors import MapProblem
from edi_gateway.mapping.library import Library
from edi_gateway.simulated_partner.answers import acknowledgment_of
from edi_gateway.simulated_partner.checks.lateness import late_confirmations
from edi_gateway.simulated_partner.complaint import Complaint
from edi_gateway.simulated_partner.desk import Desk, OwedAnswer
from edi_gateway.simulated_partner.events import AcknowledgmentSent, BuyerEvent, Repeated
from edi_gateway.simulated_partner.habits import Habits
from edi_gateway.simulated_partner.ledger import Ledger, Payment
from edi_gateway.simulated_partner.numbers import Counters
from edi_gateway.simulated_partner.payments import SETTLES_AFTER, remittance_for
from edi_gateway.simulated_partner.pen import Pen, Written, with_wrong_segment_count
from edi_gateway.simulated_partner.places import number_place
from edi_gateway.simulated_partner.post import Letter, Mailbox, collect, drop, open_letters
from edi_gateway.simulated_partner.sent import REJECTED, SentBook, SentSet
from edi_gateway.simulated_partner.terms import agreed, agreement_for
from edi_gateway.trading.profile import OurIdentity, TradingPartner, Usage
from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.envelope import FunctionalGroup, Segment, TransactionSet
from edi_gateway.x12.guide import Guide

_COMMON_CHANGE = "860-order-change"


class _Terms(NamedTuple):
    """How a set is written: by which map, in which release, by the definition of which."""

    map: str
    release: str
    definition: str


class _Waiting(NamedTuple):
    """An answer that waits for its time."""

    due: datetime
    owed: OwedAnswer


class Buyer:
    """One partner of a supplier, played from its profile.

    ``partner`` and ``supplier`` are as the supplier's files describe them: what they call "in" this buyer sends. ``maps`` are
    the supplier's, used the other way round. ``mailbox`` is the buyer's account there: it sends into the supplier's inbox and
    looks into its outbox. ``habits`` may be replaced at any time. ``first_number`` is where its control numbers start. ``guides``
    are its own, by name: what it gets is held against the one its agreement names.
    Everything is in memory; one thread at a time. Errors of the connection are raised as the transport raises them.
    """

    def __init__(
        self,
        partner: TradingPartner,
        supplier: OurIdentity,
        maps: Library,
        mailbox: Mailbox,
        clock: Clock,
        habits: Habits = Habits(),  # noqa: B008 - an immutable value
        *,
        usage: Usage = "production",
        first_number: int = 1,
        guides: Mapping[str, Guide] | None = None,
    ) -> None:
        self.partner, self.supplier, self.habits, self.ledger = partner, supplier, habits, Ledger()
        self._maps, self._mailbox, self._clock, self._usage = maps, mailbox, clock, usage
        self._counters = Counters(first_number)
        self._pen = Pen(partner, supplier, clock, self._counters, usage)
        self._sent = SentBook(partner, usage)
        self._desk = Desk(partner, supplier, maps, usage, self._sent, self.ledger, guides=guides or {})
        self._waiting: list[_Waiting] = []
        self._withheld: list[OwedAnswer] = []
        self._complaints: list[Complaint] = []

    def order(self, order: Order) -> str:
        """Sends an 850 as this partner writes it, and returns the file's name. Raises WrongInput if no 850 is agreed."""
        return self._place(order, self._segments("850", order))

    def order_like(self, sample: TransactionSet, number: str) -> Order:
        """Sends an 850 just like ``sample`` under another PO number, and returns the order in it.

        Raises WrongInput if no 850 is agreed, and MapProblem if its map can make no order of it.
        """
        terms, place = agreed(self.partner, "850", "in", self._usage), number_place("850")
        swap = {ord(sample.delimiters.component): self._marks.component}
        segments = [[value.translate(swap) for value in segment] for segment in sample.segments[1:-1]]
        for segment in segments:
            if segment[0] == place.segment:
                segment[place.element] = number
        whole = [["ST", "850", "0001"], *segments, ["SE", str(len(segments) + 2), "0001"]]
        order = self._maps.reading(terms.map).read(TransactionSet.of(whole, self._marks))
        if not isinstance(order, Order):
            raise WrongInput(f"map {terms.map} makes no order of an 850", do="agree on a map that does")
        self._place(order, segments)
        return order

    def change_order(self, change: OrderChange) -> str:
        """Sends an 860, and returns the file's name. Where none is agreed it is written like the 850, as partners do."""
        self.ledger.ask_change(change, answered=self.partner.answers.order_acknowledgment)
        return self._send_one("860", self._segments("860", change)).name

    def send_file(self, name: str, payload: bytes) -> list[Order]:
        """Sends a file as it is, and returns the orders in it, which are then in the ledger as if placed here.

        A set that is no 850, or one its map can make no order of, is sent all the same; its 997 is awaited.
        """
        orders = [order for sent in self._send(Written(name, payload)) if (order := self._order_in(sent))]
        for order in orders:
            self.ledger.enter_order(order, self._clock.now())
        return orders

    def look(self) -> list[BuyerEvent]:
        """Collects what is new, takes it into the books, and sends the 997s that are due, in this order."""
        events: list[BuyerEvent] = []
        for letter in collect(self._mailbox):
            events += self._desk.take(letter, self.habits, self._clock.now())
        owed, self._desk.owed = [*self._desk.owed, *self._asked_again(events)], []
        self._withheld += filter(self._keeps_silent, owed)
        due = self._clock.now() + self.habits.late_acknowledgment
        self._waiting += (_Waiting(due, each) for each in owed if not self._keeps_silent(each))
        events += self._answer()
        for event in events:
            self._complaints += event.complaints
        return events

    def pay(self, *numbers: str, on: date | None = None) -> Payment | None:
        """Pays invoices by one 820: those named, or all unpaid ones there is no complaint about. None if there are none.

        ``on`` is the day the money moves, two days from now if not given; the bank then enters just ``amount`` under ``trace``.
        Raises WrongInput for a number that is not an unpaid invoice.
        """
        invoices = self._named(numbers) if numbers else self._undisputed()
        if not invoices:
            return None
        trace = f"{self.partner.name[:3].upper()}{self._counters.take('trace'):08d}"
        today = self.partner.today(self._clock.now())
        remittance = remittance_for(
            invoices, self.partner, self.supplier, trace=trace, on=on or today + SETTLES_AFTER, short=self.habits.short_pay
        )
        self._send_one("820", self._segments("820", remittance))
        payment = Payment(
            trace=trace,
            amount=remittance.amount,
            on=remittance.effective_on or today,
            currency=remittance.currency,
            invoices=tuple(invoice.number for invoice in invoices),
            deducted=sum((invoice.total for invoice in invoices), Decimal(0)) - remittance.amount,
        )
        self.ledger.enter_payment(payment)
        return payment

    def complaints(self) -> list[Complaint]:
        """Everything the supplier would be charged for by now: what came wrong, and what has not come in time."""
        now = self._clock.now()
        late = (*self._sent.overdue(now), *late_confirmations(self.ledger, self.partner, now))
        return [*self._complaints, *late]

    def unanswered(self) -> list[str]:
        """The files' sets that no 997 has answered yet, as ``850 4711``."""
        return [f"{sent.code} {sent.number}" for sent in self._sent.sets if sent.verdict is None]

    # Writing and sending

    def _place(self, order: Order, segments: list[Segment]) -> str:
        """Sends an order, twice where that is the habit."""
        self.ledger.enter_order(order, self._clock.now())
        name = self._send_one("850", segments).name
        if self.habits.duplicate_order_new_number:
            self.ledger.enter_order(order, self._clock.now())
            self._send_one("850", segments)
        return name

    def _segments(self, code: str, document: Value) -> list[Segment]:
        terms = self._terms(code)
        writing = self._maps.writing(terms.map)
        return writing.write(document, release=terms.definition, component=self._marks.component)

    def _send_one(self, code: str, segments: list[Segment]) -> Written:
        written = self._pen.write(code, self._terms(code).release, segments, self._marks)
        if self.habits.wrong_segment_count:
            written = written._replace(body=with_wrong_segment_count(written.body))
        self._send(written)
        return written

    def _terms(self, code: str) -> _Terms:
        """The map and release for a set; an 860 nothing is agreed about goes in the release of the 850."""
        found = agreement_for(self.partner, code, "in", self._usage)
        if found is None and code == "860":
            order = agreed(self.partner, "850", "in", self._usage)
            return _Terms(_COMMON_CHANGE, order.release, order.definition)
        terms = found or agreed(self.partner, code, "in", self._usage)
        return _Terms(terms.map, terms.release, terms.definition)

    @property
    def _marks(self) -> Delimiters:
        return self.habits.odd_delimiters or self.partner.marks.delimiters()

    def _send(self, written: Written) -> list[SentSet]:
        """Puts a file into the mailbox, cut or twice where that is the habit; returns the sets in it."""
        letters = open_letters(written.name, written.body)
        self._pass_over(letters)
        stem = written.name.removesuffix(".edi")
        if self.habits.half_upload:
            drop(self._mailbox, f"{stem}_cut.edi", written.body[: len(written.body) // 2])
        drop(self._mailbox, written.name, written.body)
        if self.habits.duplicate_interchange:
            drop(self._mailbox, f"{stem}_again.edi", written.body)
        return self._sent.enter(letters, self._clock.now(), in_doubt=self.habits.half_upload)

    def _pass_over(self, letters: list[Letter]) -> None:
        """Control numbers of files written elsewhere are used up as well."""
        for letter in letters:
            self._counters.pass_over("interchange", str(letter.number))
            for event in letter.events:
                if isinstance(event, FunctionalGroup):
                    self._counters.pass_over(f"group {event.code}", event.control_number)

    def _order_in(self, sent: SentSet) -> Order | None:
        """The order a set of ours places; None where it is no 850, or will be rejected, or says nothing the map could read."""
        agreement = agreement_for(self.partner, "850", "in", self._usage)
        if sent.code != "850" or sent.expected == REJECTED or agreement is None:
            return None
        try:
            order = self._maps.reading(agreement.map).read(sent.set)
        except MapProblem:
            return None
        return order if isinstance(order, Order) else None

    # Answering

    def _keeps_silent(self, owed: OwedAnswer) -> bool:
        return any(judged.set.code in self.habits.no_acknowledgment for judged in owed.sets)

    def _asked_again(self, events: Sequence[BuyerEvent]) -> list[OwedAnswer]:
        """Answers that were kept back, to interchanges that came again."""
        again = {event.control_number for event in events if isinstance(event, Repeated)}
        asked = [owed for owed in self._withheld if owed.interchange in again]
        self._withheld = [owed for owed in self._withheld if owed.interchange not in again]
        return asked

    def _answer(self) -> Iterator[BuyerEvent]:
        """Sends the 997s whose time has come."""
        now = self._clock.now()
        due = [waiting for waiting in self._waiting if waiting.due <= now]
        self._waiting = [waiting for waiting in self._waiting if waiting.due > now]
        for waiting in due:
            yield self._acknowledge(waiting.owed)

    def _acknowledge(self, owed: OwedAnswer) -> AcknowledgmentSent:
        group = owed.end.group
        answer = acknowledgment_of(owed.end, owed.sets, self.partner)
        written = self._pen.write("997", group.release, answer.body, self._marks)
        drop(self._mailbox, written.name, written.body)
        return AcknowledgmentSent(
            file=written.name, group=group.code, control_number=group.control_number, verdict=answer.verdict
        )

    # Paying

    def _named(self, numbers: tuple[str, ...]) -> list[Invoice]:
        unpaid = {invoice.number: invoice for invoice in self.ledger.unpaid()}
        for number in numbers:
            if number not in unpaid:
                raise WrongInput(f"there is no unpaid invoice {number}", do="one of: " + (", ".join(unpaid) or "none"))
        return [unpaid[number] for number in numbers]

    def _undisputed(self) -> list[Invoice]:
        disputed = {complaint.document for complaint in self._complaints if complaint.holds_payment}
        return [invoice for invoice in self.ledger.unpaid() if f"invoice {invoice.number}" not in disputed]
