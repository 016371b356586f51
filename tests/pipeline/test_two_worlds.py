"""Test and production (ISA15) are two worlds: what a partner tests with us claims, pays, changes and keeps back nothing (R30)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from change_scenes import AGREED, changed, line
from desk import NOON, Desk, Profiles
from partner_says import northwind, order, remittance

from edi_gateway.documents.base import Carrier
from edi_gateway.erp.base import OrderEvent, OrderShipped, PackContent, PackedCarton
from edi_gateway.operations.deposit import record_deposit
from edi_gateway.operations.invoices import credit_invoice
from edi_gateway.operations.resume import resume
from edi_gateway.operations.watch_invoices import watch_invoices
from edi_gateway.order_to_cash.receivable import Receivable
from edi_gateway.pipeline.outbound.collect import collect_events
from edi_gateway.store.rows import GroupRow
from edi_gateway.store.tables import functional_group
from edi_gateway.store.threads import StoredThread
from edi_gateway.views.figures import figures, overdue_invoices
from edi_gateway.views.invoices import invoice
from edi_gateway.views.order_trace import order_trace
from edi_gateway.views.shipments import ship_notice

_IN_TEST = """
  - set: "{0}"
    direction: in
    release: 004010VICS
    usage: test
    map: {1}
    acknowledgment: {{form: "997", release: 004010VICS, within: 24h, detail: sets}}
"""


@pytest.fixture
def both(profiles: Profiles, make_desk: Callable[..., Desk]) -> Desk:
    """A partner that orders, changes and pays in production and in test."""
    more = _IN_TEST.format("860", "860-order-change") + _IN_TEST.format("820", "820-remittance")
    profiles.replace("northwind", "agreements:\n", f"agreements:\n{(AGREED + more).strip(chr(10))}\n")
    profiles.add("northwind", "test_erp: simulator-test")
    return make_desk()


def of(desk: Desk, number: str = "PO-1", usage: str = "P") -> StoredThread:
    with desk.store.read() as unit:
        (stored,) = unit.threads.of_number("northwind", number, usage=usage)
    return stored


def invoice_of(desk: Desk, number: str = "PO-1", usage: str = "P") -> Receivable:
    return of(desk, number, usage).thread.receivables[0]


def left(desk: Desk, usage: str) -> list[str]:
    return [sent.name[:3] for sent in desk.sent() if sent.one("ISA")[15] == usage]


def test_an_order_number_in_test_is_free_in_production(both: Desk) -> None:
    both.drop(northwind(1, order("PO-1"), usage="T"))
    both.drop(northwind(2, order("PO-1")))
    both.later(hours=8)
    assert both.held() == []
    assert both.posted() == both.posted(test=True) == ["PO-1"]


def test_what_is_tested_is_answered_as_agreed_for_tests(profiles: Profiles, make_desk: Callable[..., Desk]) -> None:
    form = 'acknowledgment: {form: "997", release: 004010VICS, within: 24h, detail: sets}'
    in_test = '    usage: test\n    map: northwind/850-order\n    guide: "850"\n    '
    profiles.replace("northwind", in_test + form, in_test + 'acknowledgment: {form: "999", release: 005010X231A1, within: 2h}')
    profiles.add("northwind", "test_erp: simulator-test")
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1"), usage="T"))
    desk.drop(northwind(2, order("PO-1")))
    assert desk.codes() == ["999", "997"]
    due = [row.due_at for row in desk._rows(GroupRow, functional_group) if row.code == "PO"]
    assert due == [NOON + timedelta(hours=2), NOON + timedelta(hours=24)]


def test_shipments_and_invoices_a_test_erp_numbers_alike_stop_none_of_production(both: Desk) -> None:
    both.drop(northwind(1, order("PO-T"), usage="T"))
    both.later(hours=8)
    both.drop(northwind(2, order("PO-P")))
    both.later(hours=8)
    assert both.held() == []
    assert left(both, "P") == left(both, "T") == ["997", "855", "856", "810"]
    test, real = (invoice_of(both, "PO-T", "T"), invoice_of(both, "PO-P"))
    assert test.invoice == real.invoice  # both simulators count from one


def test_a_test_remittance_pays_no_invoice_of_production_and_takes_no_trace(both: Desk) -> None:
    both.drop(northwind(1, order("PO-1")))
    both.later(hours=8)
    bill = invoice_of(both)
    paid = remittance("TRACE1", (bill.invoice, str(bill.amount)))
    both.drop(northwind(2, paid, usage="T"))
    assert of(both).thread.remitted == 0
    both.drop(northwind(3, paid))
    assert both.held() == []
    assert of(both).thread.remitted == bill.amount


def test_the_banks_money_settles_no_test_remittance(both: Desk) -> None:
    both.drop(northwind(1, order("PO-1"), usage="T"))
    both.later(hours=8)
    bill = invoice_of(both, usage="T")
    paid = {"trace": "TRACE1", "amount": bill.amount, "on": both.clock.now().date(), "method": "ACH", "by": "ann"}
    record_deposit(both.store, **paid)
    both.drop(northwind(2, remittance("TRACE1", (bill.invoice, str(bill.amount))), usage="T"))
    thread = of(both, usage="T").thread
    assert (thread.remitted, thread.paid) == (bill.amount, 0)


def test_a_test_change_waits_for_a_test_order_and_changes_none_of_production(both: Desk) -> None:
    both.drop(northwind(1, order("PO-1")))
    both.later(hours=1)
    both.drop(northwind(2, changed("PO-1", line("QI", 480)), usage="T"))
    both.later(hours=12)
    assert of(both).thread.lines[0].ordered == of(both).thread.lines[0].shipped == 48
    assert [event.text.partition(":")[0] for event in both.events("order.change_waits")] == [
        "order PO-1 of northwind has not come"
    ]


def test_a_held_test_change_keeps_nothing_of_production_back(both: Desk) -> None:
    both.drop(northwind(1, order("PO-1"), usage="T"))
    both.drop(northwind(2, order("PO-1")))
    both.later(hours=1)
    in_cartons = ["001", "CA", "60", "60", "CA", "18.5", "PE", "IN", "000044013"]
    both.drop(northwind(3, changed("PO-1", in_cartons), usage="T"))
    both.later(hours=8)
    assert len(both.held()) == 1
    assert left(both, "P") == ["997", "855", "856", "810"]


def test_a_number_both_worlds_have_means_that_of_production(both: Desk) -> None:
    both.drop(northwind(1, order("PO-1")))
    both.later(hours=8)
    both.drop(northwind(2, order("PO-1"), usage="T"))
    both.later(hours=8)
    real = of(both)
    bill, shipment = real.thread.receivables[0].invoice, real.thread.shipments[0].number
    assert order_trace(both.store, "PO-1").id == order_trace(both.store, bill).id == real.id
    assert credit_invoice(both.store, bill, {}, why="returned", by="ann") == f"{bill}-C1"
    both.run()
    both.later(hours=1)
    assert of(both).thread.credited == invoice(both.store, bill)[0].total
    assert of(both, usage="T").thread.credited == 0
    assert ship_notice(both.store, shipment).orders[0].order_number == "PO-1"


def test_figures_and_alerts_of_business_leave_tests_out(both: Desk) -> None:
    both.drop(northwind(1, order("PO-1"), usage="T"))
    both.later(hours=8)
    both.clock.advance(timedelta(days=60))
    assert overdue_invoices(both.store) == []
    assert watch_invoices(both.store, both.tools.directory) == 0
    assert [figure.name for figure in figures(both.store, days=90) if figure.of] == []


class _TestErp:
    """An ERP that has one thing to tell."""

    def __init__(self, event: OrderEvent) -> None:
        self.told = [event]

    def pending(self, limit: int = 100) -> list[OrderEvent]:
        return self.told[:limit]

    def confirm(self, _ids: list[str]) -> None:
        self.told = []


def collected(desk: Desk, connector: str, beside: str = "") -> None:
    """The system of that name tells that the production order's goods left, in cartons of it, or of the order ``beside`` it."""
    content = PackContent(line_number="001", quantity=Decimal(12))
    cartons = tuple(PackedCarton(contents=(content,), weight=Decimal(10), order=beside) for _ in range(4))
    shipped = OrderShipped(
        id="t1",
        order=of(desk).thread.document_id,
        at=desk.clock.now(),
        shipment="SHIP-1",
        cartons=cartons,
        bill_of_lading="06141410001000013",
        carrier=Carrier(scac="RDWY"),
        carrier_reference="PRO1",
        delivery_on=desk.clock.now().date(),
    )
    desk.erps.clear()
    collect_events(desk.store, desk.directory, connector, _TestErp(shipped))  # type: ignore[arg-type]  # all it asks
    desk.later(hours=2)


def test_what_a_test_erp_tells_of_a_production_order_waits_for_a_person(both: Desk) -> None:
    both.drop(northwind(1, order("PO-1")))
    both.later(hours=1)
    collected(both, "simulator-test")
    assert ("856" in left(both, "P"), of(both).thread.lines[0].shipped) == (False, 0)
    why = f"simulator-test is an ERP of test, and PO-1 of northwind a production order ({of(both).thread.document_id})"
    assert both.held() == [f"{why}; resume it if it is true, or dismiss it"]
    (told,) = both.events("erp.unknown_order")
    assert told.text == f"simulator-test told of an order that is not its own (OrderShipped): {why}"
    resume(both.store, both.flow("held").id, by="ann")
    both.later(hours=2)
    assert ("856" in left(both, "P"), of(both).thread.lines[0].shipped, both.held()) == (True, 48, [])


def test_a_warehouse_with_a_connector_of_its_own_tells_of_an_order_that_an_erp_took(both: Desk) -> None:
    both.drop(northwind(1, order("PO-1")))
    both.later(hours=1)
    collected(both, "warehouse")
    assert ("856" in left(both, "P"), both.held(), both.events("erp.unknown_order")) == (True, [], [])


def test_a_carton_of_a_test_order_is_in_no_shipment_of_production(both: Desk) -> None:
    both.drop(northwind(1, order("PO-1")))
    both.drop(northwind(2, order("PO-2"), usage="T"))
    both.later(hours=1)
    collected(both, "warehouse", beside=of(both, "PO-2", usage="T").thread.document_id)
    (because,) = both.held()
    assert "shipment SHIP-1 to northwind has a carton of order PO-2 of northwind" in because
    assert "856" not in left(both, "P")
