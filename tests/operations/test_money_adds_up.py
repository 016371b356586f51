"""Whatever partners remit, banks pay and people decide: what is open and settled is what was billed, and the state says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path

import msgspec
import pytest
from desk import NOON, new_sqlite
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edi_gateway.clock import MovableClock
from edi_gateway.documents.base import Reference, Terms
from edi_gateway.documents.remittance import Remittance, RemittanceAdjustment, RemittanceItem
from edi_gateway.errors import NeedsPerson, WrongInput
from edi_gateway.operations.cases import assign, decide
from edi_gateway.operations.deposit import record_deposit, return_deposit
from edi_gateway.order_to_cash.cash import Application
from edi_gateway.order_to_cash.receivable import Receivable
from edi_gateway.order_to_cash.thread import LineBalance, OrderThread
from edi_gateway.pipeline.inbound.apply_remittance import apply_remittance
from edi_gateway.pipeline.outcome import Hold
from edi_gateway.store.cases import UNDECIDED, CaseRow
from edi_gateway.store.database import Database

DAY = date(2026, 11, 17)
INVOICES = {"A": ("PO-1", 888), "B": ("PO-1", 444), "C": ("PO-2", 100), "D": ("PO-3", 60)}
NOTES = {"K": ("A", 148), "L": ("C", 30)}
PAID = "888 444 100 60 740 98 50 0 33.33 -100 -148 -30 -50 -7.77"
LESS = [Decimal(each) for each in ("-8", "-33.33", "-100", "-500", "5")]

amounts = st.sampled_from([Decimal(each) for each in PAID.split()])
adjustments = st.lists(
    st.builds(RemittanceAdjustment, amount=st.sampled_from(LESS), reference=st.sampled_from(["", "", "A", "K"])), max_size=1
).map(tuple)
references = st.lists(st.sampled_from([Reference(qualifier="IV", value=each) for each in "ABC"]), max_size=2).map(tuple)
items = st.builds(
    RemittanceItem,
    qualifier=st.sampled_from(["IV", "IV", "IV", "PO"]),
    reference=st.sampled_from(["A", "A", "B", "C", "D", "K", "L", "X", "PO-1", "PO-2"]),
    paid=amounts,
    discount=st.sampled_from([None, None, Decimal(2)]),
    references=references,
    adjustments=adjustments,
)
remitted = st.tuples(st.just("remit"), st.lists(items, min_size=1, max_size=4), adjustments)
deposited = st.tuples(st.just("deposit"), st.integers(0, 5))
returned = st.tuples(st.just("bounce"), st.integers(0, 5))
decided = st.tuples(st.just("decide"), st.integers(0, 9), st.sampled_from(["accepted", "disputed", "recovered", "written off"]))
assigned = st.tuples(st.just("assign"), st.integers(0, 9), st.sampled_from("ABCD"))
credited = st.tuples(st.just("credit"), st.sampled_from("KL"))
# what goes wrong begins with a remittance or two; the rest is what becomes of them
scripts = st.tuples(
    st.lists(credited, max_size=1),
    st.lists(remitted, min_size=1, max_size=2),
    st.lists(st.one_of(remitted, deposited, deposited, returned, decided, decided, assigned, assigned, credited), max_size=9),
).map(lambda parts: [each for part in parts for each in part])


@dataclass
class Books:
    """A partner's invoices, and everything that happens to them, in a real store."""

    store: Database
    partner: str
    told: list[tuple[str, Decimal]] = field(default_factory=list)
    days: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        with self.store.write() as unit:
            for order in dict.fromkeys(order for order, _ in INVOICES.values()):
                unit.threads.save(unit.threads.add(self._thread(order), currency="USD", usage="P"), self._thread(order))

    def _thread(self, order: str) -> OrderThread:
        bills = {name: amount for name, (of, amount) in INVOICES.items() if of == order}
        line = LineBalance(number="1", unit="EA", **{each: Decimal(9) for each in ("ordered", "confirmed", "shipped", "billed")})
        terms = Terms(discount_percent=Decimal(2), discount_days=10)
        return OrderThread(
            partner=self.partner,
            order_number=order,
            document_id=f"{self.partner}-{order}",
            ordered_on=DAY,
            lines=(line,),
            receivables=tuple(
                Receivable(invoice=name, order_number=order, invoiced_on=DAY, currency="USD", amount=Decimal(amount), terms=terms)
                for name, amount in bills.items()
            ),
        )

    def does(self, step: tuple) -> None:  # type: ignore[type-arg]  # what strategies make
        with suppress(WrongInput, NeedsPerson):
            getattr(self, step[0])(*step[1:])

    # -- what happens ----------------------------------------------------------------------------

    def remit(self, listed: list[RemittanceItem], outside: tuple[RemittanceAdjustment, ...]) -> None:
        trace = f"{self.partner}-{len(self.told)}"
        amount = sum((each.paid for each in listed), sum((each.amount for each in outside), Decimal(0)))
        if amount < 0:
            return  # no BPR02 is below nothing
        said = Remittance(amount=amount, trace=trace, effective_on=DAY, items=tuple(listed), adjustments=outside)
        with self.store.write() as unit:
            id = unit.documents.add(said, number=trace, partner=self.partner, direction="in", usage="P")
            outcome = apply_remittance(unit.documents.get(id), said)(unit)
        if not isinstance(outcome, Hold):
            self.told.append((trace, amount))

    def deposit(self, which: int) -> None:
        if self.told:
            trace, amount = self.told[which % len(self.told)]
            day = DAY + timedelta(days=next(self.days))
            record_deposit(self.store, trace=trace, amount=amount, on=day, method="ACH", by="anna")

    def bounce(self, which: int) -> None:
        if self.told:
            trace, amount = self.told[which % len(self.told)]
            return_deposit(self.store, trace=trace, amount=amount, on=DAY, because="no funds", by="anna")

    def decide(self, which: int, decision: str) -> None:
        if open_ := self.cases():
            decide(self.store, open_[which % len(open_)].id, decision, because="so it is", by="anna")  # type: ignore[arg-type]

    def assign(self, which: int, invoice: str) -> None:
        if open_ := self.cases():
            assign(self.store, open_[which % len(open_)].id, invoice, because="", by="anna")

    def credit(self, note: str) -> None:
        invoice, amount = NOTES[note]
        with self.store.write() as unit:
            (stored,) = unit.threads.of_invoices(self.partner, [invoice], [], usage="P")
            of = stored.thread.receivable(invoice)
            assert of is not None
            if all(one.number != note for one in of.credits):
                others = (one for one in stored.thread.receivables if one is not of)
                changed = (*others, of.with_credit(note, Decimal(amount), DAY))
                unit.threads.save(stored.id, msgspec.structs.replace(stored.thread, receivables=changed))

    # -- what is so then -------------------------------------------------------------------------

    def cases(self) -> list[CaseRow]:
        with self.store.read() as unit:
            return [row for row in unit.cases.rows() if row.partner == self.partner and row.state in UNDECIDED]

    def threads(self) -> list[OrderThread]:
        with self.store.read() as unit:
            return [each.thread for each in unit.threads.of_invoices(self.partner, list(INVOICES), [], usage="P")]

    def applications(self) -> dict[str, Application]:
        with self.store.read() as unit:
            rows = (unit.documents.of_number(self.partner, "remittance", trace, usage="P")[0] for trace, _ in self.told)
            found = ((row.id, unit.threads.application_of(row.id)) for row in rows)
            return {id: application for id, application in found if application}


def check(books: Books) -> None:
    threads, applications = books.threads(), books.applications()
    receivables = [each for thread in threads for each in thread.receivables]
    for each in receivables:
        _is_whole(each)
    for application in applications.values():
        assert application.amount == application.applied_amount + application.unapplied + application.adjusted
        assert application.applied_amount <= application.amount, "no more lies on invoices than came"
    _both_say_the_same(receivables, list(applications.values()))
    _claims_have_a_case(books, applications)
    for thread in threads:
        assert (thread.state == "paid") == all(each.open <= 0 and each.left <= 0 for each in thread.receivables)
        assert (thread.state == "billed") == any(each.unremitted > 0 for each in thread.receivables)


def _is_whole(one: Receivable) -> None:
    assert one.amount == one.open + one.paid + one.discount + one.deducted + one.credited
    assert one.left + one.untaken >= 0, "more is remitted than was billed"
    assert 0 <= one.claimed <= max(one.left, Decimal(0))
    assert one.deducted >= 0
    assert one.open == one.unremitted + one.claimed + (one.remitted - one.paid)


def _both_say_the_same(receivables: list[Receivable], applications: list[Application]) -> None:
    """The remittances and the invoices; and what is paid is what came of it."""
    by_cases = [each for one in receivables for each in one.payments if each.remittance.startswith("case ")]
    on = [(one.invoice, each) for one in receivables for each in one.payments if each not in by_cases]
    said = [
        (item.invoice, msgspec.structs.replace(item.payment, settled=application.settled_by is not None))
        for application in applications
        for item in application.applied
    ]
    assert sorted(on, key=repr) == sorted(said, key=repr)
    came = sum((each.amount - each.unapplied - each.adjusted for each in applications if each.settled_by), Decimal(0))
    assert sum((one.paid for one in receivables), Decimal(0)) == came


def _claims_have_a_case(books: Books, applications: dict[str, Application]) -> None:
    undecided = {(row.document_id, row.place): abs(row.amount) for row in books.cases()}
    for id, application in applications.items():
        for item in application.applied:
            for claim in item.payment.claims:
                assert claim.amount <= undecided[id, claim.question]


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Books]]:
    folder: Path = tmp_path_factory.mktemp("books")
    store = Database(new_sqlite(folder), MovableClock(NOON), folder / "payloads")
    names = count(1)
    yield lambda: Books(store, f"partner{next(names)}")
    store.close()


def plays(books: Callable[[], Books], script: list[tuple]) -> None:  # type: ignore[type-arg]
    own = books()
    for step in script:
        own.does(step)
        check(own)


def test_what_was_paid_beyond_an_invoice_is_not_put_under_the_same_item_of_it_again(books: Callable[[], Books]) -> None:
    own = books()
    paid = [RemittanceItem(qualifier="IV", reference=name, paid=Decimal(amount)) for name, amount in (("D", 100), ("DM", -60))]
    own.remit(paid, ())
    over = next(each for each in own.cases() if each.kind == "overpay")
    with pytest.raises(NeedsPerson, match="was applied before, with other amounts"):
        assign(own.store, over.id, "D", because="", by="anna")
    check(own)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(scripts)
def test_what_is_open_and_what_is_settled_is_what_was_billed(books: Callable[[], Books], script: list[tuple]) -> None:  # type: ignore[type-arg]
    plays(books, script)


@pytest.mark.soak
@pytest.mark.timeout(600)
@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(scripts)
def test_what_is_open_and_settled_is_what_was_billed_whatever_happens(books: Callable[[], Books], script: list[tuple]) -> None:  # type: ignore[type-arg]
    plays(books, script)
