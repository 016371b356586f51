"""Two transactions at once: what one reads to write it anew, the other has written or has to wait for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import msgspec
import pytest
from at_once import beside

from edi_gateway.documents.invoice import Invoice, InvoiceLine
from edi_gateway.erp.base import BilledLine, OrderCredited
from edi_gateway.erp.contract import an_order
from edi_gateway.errors import WrongInput
from edi_gateway.operations.approve import approve_order
from edi_gateway.operations.cases import assign, decide
from edi_gateway.operations.deposit import record_entries
from edi_gateway.operations.invoices import Taken, credit_invoice
from edi_gateway.operations.key_in import put_in
from edi_gateway.order_to_cash.cash import Application, AppliedItem, Deposit, Question
from edi_gateway.order_to_cash.cash.bank import BankEntry
from edi_gateway.order_to_cash.receivable import Payment, Receivable, receivable_of
from edi_gateway.order_to_cash.thread import LineBalance, OrderThread
from edi_gateway.pipeline.inbound.order_approval import OPERATION, Asked
from edi_gateway.store.database import Database
from edi_gateway.store.unit import Unit


def an_open_order(unit: Unit) -> int:
    order = an_order()
    document = unit.documents.add(order, number=order.number, partner="northwind", direction="in")
    line = LineBalance(number="1", unit="EA", ordered=Decimal(10))
    thread = OrderThread(
        partner="northwind", order_number=order.number, document_id=document, ordered_on=order.ordered_on, lines=(line,)
    )
    return unit.threads.add(thread, currency="USD", usage="P")


def counts(id: int, **balance: int) -> Callable[[Unit], None]:
    """Sets a balance of the only line of an order."""

    def count(unit: Unit) -> None:
        thread = unit.threads.get(id).thread
        line = msgspec.structs.replace(thread.lines[0], **{name: Decimal(value) for name, value in balance.items()})
        unit.threads.save(id, msgspec.structs.replace(thread, lines=(line,)))

    return count


def test_what_two_say_of_one_order_at_once_is_both_kept(store: Database) -> None:
    with store.write() as unit:
        id = an_open_order(unit)
    beside(store, counts(id, shipped=10), counts(id, changed=2))
    with store.read() as unit:
        (line,) = unit.threads.get(id).thread.lines
    assert (line.shipped, line.changed) == (10, 2)


def test_of_two_who_approve_at_once_the_second_lets_the_order_go_on(store: Database) -> None:
    with store.write() as unit:
        unit.flows.start(lane_id="p", stage="apply", subject="document:x", state="held", partner="northwind", connector="erp")
        [flow] = unit.flows.of("document:x")
        more = msgspec.json.encode(Asked(flow=flow.id, reasons=())).decode()
        about = {"partner": None, "arguments": more, "fingerprint": "f", "because": "", "by": "rules"}
        first, second = (unit.approvals.ask(OPERATION, "document:x", **about) for _ in range(2))
    told: list[str] = []
    ben = threading.Thread(target=lambda: told.append(approve_order(store, second, because="agreed", by="ben").text))
    with store.write() as unit:
        assert unit.approvals.answer(first, "given", by="ann")
        ben.start()
        ben.join(0.3)
    ben.join(20)
    assert told == [f"approval {second} is given; the order goes on if the ERP still says the same"]
    with store.read() as unit:
        assert [each.state for each in unit.flows.of("document:x")] == ["ready"]


def a_remittance(unit: Unit) -> str:
    """Its document; 300.00 of it lie on account."""
    application = Application(remittance="NWB/T1", trace="T1", amount=Decimal(300), unapplied=Decimal(300))
    unit.threads.save_remittance("northwind", "remitted", application, usage="P")
    return "remitted"


def goes_onto(document: str, invoice: str) -> Callable[[Unit], None]:
    """Puts 100.00 of a remittance onto an invoice."""

    def put(unit: Unit) -> None:
        application = unit.threads.application_of(document)
        assert application is not None
        item = AppliedItem(
            invoice=invoice, matched_by="invoice number", payment=Payment(remittance="NWB/T1", item=1, net=Decimal(100))
        )
        left = application.unapplied - 100
        more = msgspec.structs.replace(application, applied=(*application.applied, item), unapplied=left)
        unit.threads.save_remittance("northwind", document, more, usage="P")

    return put


def test_money_of_one_remittance_put_onto_two_invoices_at_once_is_on_both(store: Database) -> None:
    with store.write() as unit:
        document = a_remittance(unit)
    beside(store, goes_onto(document, "I-1"), goes_onto(document, "I-2"))
    with store.read() as unit:
        application = unit.threads.application_of(document)
    assert application is not None
    assert [item.invoice for item in application.applied] == ["I-1", "I-2"]
    assert application.unapplied == 100


def test_who_assigns_a_case_and_a_deposit_that_settles_its_remittance_lock_in_one_order(store: Database) -> None:
    with store.write() as unit:
        thread = unit.threads.get(an_open_order(unit)).thread
        bill = Receivable(invoice="I-1", order_number=thread.order_number, invoiced_on=date(2026, 11, 1), amount=Decimal(100))
        (id,) = (one.id for one in unit.threads.of_number("northwind", thread.order_number, usage="P"))
        unit.threads.save(id, msgspec.structs.replace(thread, receivables=(bill,)))
        question = Question(kind="unknown invoice", message="", item=1, amount=Decimal(100))
        one = Application(remittance="T1", trace="T1", amount=Decimal(100), unapplied=Decimal(100), questions=(question,))
        unit.threads.save_remittance("northwind", thread.document_id, one, usage="P")
        unit.cases.open("northwind", thread.document_id, one)
        (case,) = unit.cases.rows()
    told: list[str] = []
    ann = threading.Thread(target=lambda: told.append(assign(store, case.id, "I-1", because="hers", by="ann")))
    with store.write() as unit:
        assert [each.document for each in unit.threads.unsettled("T1", Decimal(100))] == [thread.document_id]
        ann.start()
        ann.join(0.3)  # she waits for the remittance, and holds no order that we want
        unit.threads.of_invoices("northwind", ["I-1"], [], usage="P")
    ann.join(20)
    assert [each[-23:] for each in told] == ["assigned, because: hers"]


def test_a_bank_file_that_settles_two_remittances_of_an_order_and_who_decides_a_case_of_one_lock_in_one_order(
    store: Database,
) -> None:
    with store.write() as unit:
        id = an_open_order(unit)
        thread = unit.threads.get(id).thread
        payments = [Payment(remittance=trace, item=1, net=Decimal(40)) for trace in ("T1", "T2")]
        bill = Receivable(
            invoice="I-1",
            order_number=thread.order_number,
            invoiced_on=date(2026, 11, 1),
            amount=Decimal(100),
            payments=tuple(payments),
        )
        unit.threads.save(id, msgspec.structs.replace(thread, receivables=(bill,)))
        for payment in payments:
            item = AppliedItem(invoice="I-1", matched_by="invoice number", payment=payment)
            trace = payment.remittance
            one = Application(remittance=trace, trace=trace, amount=Decimal(40), applied=(item,))
            unit.threads.save_remittance("northwind", trace, one, usage="P")
    entries = [BankEntry(date(2026, 11, 20), Decimal(40), "ACH", (trace,)) for trace in ("T1", "T2")]
    said: list[str] = []
    bank = threading.Thread(target=lambda: said.extend(each.said for each in record_entries(store, entries, by="ben")))
    with store.write() as unit:
        unit.threads.application_of("T2")  # ann decides a case of it
        bank.start()
        bank.join(0.3)  # it waits for that remittance, and holds no order that she wants
        unit.threads.of_invoices("northwind", ["I-1"], [], usage="P")
    bank.join(20)
    assert [each[-15:] for each in said] == ["1 invoices paid"] * 2


def test_of_two_who_decide_a_case_at_once_the_second_is_told_what_it_is_already(store: Database) -> None:
    with store.write() as unit:
        question = Question(kind="unknown invoice", message="", item=1, amount=Decimal(100))
        one = Application(remittance="T1", trace="T1", amount=Decimal(100), unapplied=Decimal(100), questions=(question,))
        unit.threads.save_remittance("northwind", "remitted", one, usage="P")
        unit.cases.open("northwind", "remitted", one)
        (case,) = unit.cases.rows()
    told: list[str] = []

    def dispute() -> None:
        with pytest.raises(WrongInput) as refused:
            decide(store, case.id, "disputed", because="not ours", by="ben")
        told.append(str(refused.value))

    ben = threading.Thread(target=dispute)
    with store.write() as unit:
        unit.threads.application_of("remitted")
        ben.start()
        ben.join(0.3)  # he waits for the remittance, and does not hold the case
        assert unit.cases.close(case.id, "accepted", "agreed", "ann")
    ben.join(20)
    assert [each.split(" — ")[0] for each in told] == [f"by ann, {unit.clock.now():%Y-%m-%d}: case {case.id} is accepted already"]


def test_of_two_who_credit_an_invoice_at_once_the_second_gets_a_number_of_its_own(store: Database) -> None:
    with store.write() as unit:
        id = an_open_order(unit)
        thread = unit.threads.get(id).thread
        line = InvoiceLine(number="001", quantity=Decimal(10), unit_price=Decimal(10), amount=Decimal(100))
        invoice = Invoice(number="I-1", invoiced_on=date(2026, 11, 1), lines=(line,), total=Decimal(100))
        unit.documents.add(invoice, number="I-1", partner="northwind", direction="out", thread_id=id)
        unit.threads.save(id, msgspec.structs.replace(thread, receivables=(receivable_of(invoice),)))
    one = {"001": Taken(Decimal(1))}
    told: list[str] = []
    ben = threading.Thread(target=lambda: told.append(credit_invoice(store, "I-1", one, why="returned", by="ben")))
    with store.write() as unit:
        unit.threads.get(id)  # ann is at it
        ben.start()
        ben.join(0.3)
        lines = (BilledLine(line_number="001", quantity=Decimal(1), unit_price=Decimal(10)),)
        at = unit.clock.now()
        hers = OrderCredited(id="hers", order=thread.document_id, at=at, credit="I-1-C1", invoice="I-1", lines=lines)
        put_in(unit, hers, "ann")
    ben.join(20)
    assert told == ["I-1-C2"]


def test_two_deposits_at_once_settle_a_remittance_once(store: Database) -> None:
    with store.write() as unit:
        a_remittance(unit)
    settled: list[int] = []

    def settles(day: int) -> Callable[[Unit], None]:
        def settle(unit: Unit) -> None:
            for found in unit.threads.unsettled("T1", Decimal(300)):
                entry = Deposit(trace="T1", amount=Decimal(300), on=date(2026, 11, day))
                paid = msgspec.structs.replace(found[2], settled_by=entry)
                unit.threads.save_remittance(*found[:2], paid, usage="P")
                settled.append(day)

        return settle

    beside(store, settles(20), settles(21))
    assert settled == [20]


def test_the_same_bytes_from_two_connections_at_once_are_one_payload(store: Database) -> None:
    beside(store, lambda unit: unit.payloads.put(b"ISA"), lambda unit: unit.payloads.put(b"ISA"))
    with store.read() as unit:
        assert unit.payloads.read("92f122ac5c2fbef19c1812f2cce2c486f9d3c9e147c992b77054bb4536322c3f") == b"ISA"


def test_one_deposit_is_the_money_of_one_remittance_whoever_looks_for_it_at_once(store: Database) -> None:
    entry = Deposit(trace="T9", amount=Decimal(50), on=date(2026, 11, 2))
    with store.write() as unit:
        row = unit.threads.record_deposit(entry)
    found: list[object] = []

    def look() -> None:
        with store.write() as unit:
            found.append(unit.threads.unmatched_deposit("T9", Decimal(50)))

    other = threading.Thread(target=look)
    with store.write() as unit:
        assert unit.threads.unmatched_deposit("T9", Decimal(50)) is not None
        other.start()
        other.join(0.3)
        unit.threads.match_deposit(row, "a-remittance")
    other.join(20)
    assert found == [None]
