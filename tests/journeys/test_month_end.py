"""Month end: what is paid, what is open and what is overdue add up, order by order, invoice by invoice, and as figures."""

from __future__ import annotations

from decimal import Decimal

from stage import Stage, dollars

from edi_gateway.views.figures import figures, overdue_invoices
from edi_gateway.views.sync import sync


def test_the_books_of_a_month_add_up(stage: Stage) -> None:
    stage.orders("PO-1", lantern=48)  # paid in time
    stage.orders("PO-2", bottle=48)  # remitted, and the money is not there yet
    stage.orders("PO-3", lantern=24)  # never paid
    stage.later(hours=8)
    first, second, third = stage.invoices()
    stage.bank_has(stage.pays(first))
    stage.later(days=27)
    stage.pays(second)
    stage.later(days=3)

    assert [stage.thread(f"PO-{each}").state for each in (1, 2, 3)] == ["paid", "remitted", "billed"]
    assert [stage.money(f"PO-{each}") for each in (1, 2, 3)] == [
        dollars("888.00", "888.00", "888.00", "0"),
        dollars("540.00", "540.00", "0", "540.00"),
        dollars("444.00", "0", "0", "444.00"),
    ]
    late = {row.invoice: row.open for row in overdue_invoices(stage.desk.store)}
    assert late[third] == Decimal("444.00")
    assert first not in late
    assert stage.alerts() == ["invoice-overdue"]

    told = {figure.name: figure.value for figure in figures(stage.desk.store, days=60)}
    assert told["fill rate"] == told["touchless share"] == told["invoice accuracy"] == 1
    assert told["order acknowledgments on time"] == 1
    well = {(row.direction, row.code): (row.sets, row.rate) for row in sync(stage.desk.store, 60)}
    assert well == {
        ("in", "820"): (2, 1.0),
        ("in", "850"): (3, 1.0),
        ("out", "810"): (3, 1.0),
        ("out", "855"): (3, 1.0),
        ("out", "856"): (3, 1.0),
    }
    assert (stage.desk.held(), stage.complaints()) == ([], [])
