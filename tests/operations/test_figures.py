"""First figures: a small world worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

from desk import CHANGES_AGREED, Desk, Profiles
from partner_says import change, northwind, order, remittance

from edi_gateway.documents.base import Terms
from edi_gateway.operations.cross_reference import put_in_force
from edi_gateway.operations.deposit import record_deposit
from edi_gateway.operations.resume import resume
from edi_gateway.operations.watch_invoices import watch_invoices
from edi_gateway.order_to_cash.receivable import Receivable
from edi_gateway.trading.cross_reference import CrossReference
from edi_gateway.views.figures import Figure, figures, overdue_invoices

INVOICE = "00090001"
Make = Callable[..., Desk]


def by_name(desk: Desk, **more: object) -> dict[str, Figure]:
    return {figure.name: figure for figure in figures(desk.store, **more)}  # type: ignore[arg-type]


def billed(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=6)
    assert desk.sent("810")[0].one("BIG")[2] == INVOICE


def test_nothing_is_no_figure(desk: Desk) -> None:
    assert {figure.value for figure in figures(desk.store)} == {None}


def test_one_order_shipped_whole_and_billed(any_desk: Desk) -> None:
    billed(any_desk)
    found = by_name(any_desk)
    assert found["fill rate"].value == 1
    assert found["touchless share"].value == 1
    assert found["invoice accuracy"].value == 1
    assert (found["days sales outstanding"].value, found["days sales outstanding"].unit) == (Decimal("90.0"), "days")
    cycle = found["order cycle time"]
    assert cycle.value is not None
    assert 0 < cycle.value <= 6
    assert all(figure.means for figure in found.values())


def test_a_figure_of_somebody_else_counts_nothing(desk: Desk) -> None:
    billed(desk)
    assert {figure.of for figure in figures(desk.store, partner="cascade")} == {0}


def test_a_window_before_the_order_counts_nothing(desk: Desk) -> None:
    billed(desk)
    desk.later(days=40)
    assert by_name(desk, days=30)["touchless share"].of == 0
    assert by_name(desk, days=60)["touchless share"].of == 1


def test_an_answer_is_on_time_by_its_deadline(desk: Desk) -> None:
    billed(desk)
    desk.later(days=5)
    found = by_name(desk)["order acknowledgments on time"]
    assert (found.value, found.of) == (1, 1)


def test_a_short_payment_is_an_inaccurate_invoice(desk: Desk) -> None:
    billed(desk)
    desk.drop(northwind(2, remittance("T1", (INVOICE, "880"))))
    assert by_name(desk)["invoice accuracy"].value == 0


def test_an_order_somebody_had_to_look_at_is_not_touchless(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1")))
    desk.drop(northwind(2, order("PO-1")))  # the same order again: held
    desk.later(hours=6)
    assert desk.held()
    found = by_name(desk)["touchless share"]
    assert found.of >= 1


def test_an_order_that_was_held_before_it_had_a_document_is_not_touchless(profiles: Profiles, make_desk: Make) -> None:
    profiles.add("northwind", "cross_references: {items: required}")
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1")))
    known = CrossReference(kind="item", qualifier="UP", code="614141001378", ours="PB-1001")
    put_in_force(desk.store, "northwind", [known], by="ann")
    resume(desk.store, desk.flow("held").id, by="ann")
    desk.run()
    desk.later(hours=8)
    assert (by_name(desk)["touchless share"].value, by_name(desk)["touchless share"].of) == (0, 1)


def test_an_order_that_was_changed_is_one_order_and_its_time_begins_when_it_came(profiles: Profiles, make_desk: Make) -> None:
    profiles.replace("northwind", "agreements:\n", f"agreements:\n{CHANGES_AGREED.strip(chr(10))}\n")
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=1)
    desk.drop(northwind(2, change("PO-1")))
    desk.later(hours=12)
    assert desk.codes().count("856") == 1
    cycle = by_name(desk)["order cycle time"]
    assert cycle.value is not None
    assert (cycle.of, cycle.value > 1) == (1, True)


def test_what_is_past_its_due_date_and_open_is_overdue_until_the_money_is_there(desk: Desk) -> None:
    billed(desk)
    assert overdue_invoices(desk.store) == []
    desk.later(days=90)
    (row,) = overdue_invoices(desk.store)
    assert (row.partner, row.invoice, row.order, row.open) == ("northwind", INVOICE, "PO-1", Decimal("888.00"))
    assert row.days == (desk.clock.now().date() - row.due_on).days > 0
    desk.drop(northwind(2, remittance("T1", (INVOICE, "888"))))
    assert overdue_invoices(desk.store) != []
    record_deposit(desk.store, trace="T1", amount=Decimal(888), on=date(2027, 2, 1), method="ACH", by="finance")
    assert overdue_invoices(desk.store) == []


def test_the_report_and_the_alert_tell_an_invoice_overdue_on_the_same_day_of_its_partner(desk: Desk) -> None:
    billed(desk)  # without terms: due on the day it was billed, 17 November
    desk.clock.advance(datetime(2026, 11, 18, 0, 30, tzinfo=UTC) - desk.clock.now())
    assert desk.directory.partner("northwind").today(desk.clock.now()) == date(2026, 11, 17)
    assert overdue_invoices(desk.store, directory=desk.directory) == []
    assert watch_invoices(desk.store, desk.directory) == 0
    desk.later(days=1)
    (row,) = overdue_invoices(desk.store, directory=desk.directory)
    assert (row.due_on, row.days) == (date(2026, 11, 17), 1)
    assert watch_invoices(desk.store, desk.directory) == 1


def test_due_dates_come_from_the_terms() -> None:
    plain = Receivable(invoice="1", order_number="A", invoiced_on=date(2026, 1, 5), amount=Decimal(1))
    assert plain.due_on == date(2026, 1, 5)
    thirty = Receivable(invoice="1", order_number="A", invoiced_on=date(2026, 1, 5), amount=Decimal(1), terms=Terms(net_days=30))
    assert thirty.due_on == date(2026, 2, 4)
    named = Terms(net_days=30, net_due_on=date(2026, 3, 1))
    stated = Receivable(invoice="1", order_number="A", invoiced_on=date(2026, 1, 5), amount=Decimal(1), terms=named)
    assert stated.due_on == date(2026, 3, 1)
