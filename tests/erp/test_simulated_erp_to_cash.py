"""Orders through the embedded ERP, the drafts, compliance and the thread, to the money: the parts fit together."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from edi_gateway.clock import MovableClock
from edi_gateway.documents.base import Charge, ItemId, Terms
from edi_gateway.documents.invoice import Invoice
from edi_gateway.documents.order import Order, OrderLine
from edi_gateway.documents.party import Party
from edi_gateway.documents.remittance import Remittance, RemittanceItem
from edi_gateway.documents.ship_notice import ShipNotice
from edi_gateway.erp.base import ErpEvent, OrderBilled, OrderDecided, OrderShipped
from edi_gateway.erp.contract import PARTNER
from edi_gateway.erp.simulator import SimulatedErp, default_catalog
from edi_gateway.erp.simulator.catalog import Pace
from edi_gateway.order_to_cash.cash import Deposit, apply, settle
from edi_gateway.order_to_cash.compliance import Around, check_acknowledgment, check_invoice, check_ship_notice
from edi_gateway.order_to_cash.facts import DecidedQuantity
from edi_gateway.order_to_cash.money import line_amount, to_cent
from edi_gateway.order_to_cash.progress import bill, confirm, pay, remit, ship
from edi_gateway.order_to_cash.rules import decide, order_for_erp
from edi_gateway.order_to_cash.sscc import sscc
from edi_gateway.order_to_cash.thread import Change, OrderThread, open_thread
from edi_gateway.order_to_cash.turnaround import ShipTerms, draft_acknowledgment, draft_invoice, draft_ship_notice
from edi_gateway.trading.profile import OrderTerms

CATALOG = default_catalog()
MONDAY = date(2026, 1, 5)


def ordered(item: str, quantity: int, unit: str, basis: str, number: str) -> OrderLine:
    found = next(known for known in CATALOG.items if known.number == item)
    each = found.eaches(unit)
    assert each
    price = found.list_price * each * (100 if basis == "HP" else 1)
    return OrderLine(
        number=number,
        quantity=Decimal(quantity),
        unit=unit,
        unit_price=price,
        price_basis=basis,
        item_ids=(ItemId(qualifier="VN", id=item), *found.ids[:1]),
    )


line_choices = st.tuples(
    st.sampled_from([item.number for item in CATALOG.items]),
    st.integers(1, 700),
    st.sampled_from(["EA", "CA"]),
    st.sampled_from(["", "PE", "HP"]),
)


@st.composite
def orders(draw: st.DrawFn) -> Order:
    chosen = draw(st.lists(line_choices, min_size=1, max_size=5))
    lines = tuple(ordered(*choice, f"{number:03d}") for number, choice in enumerate(chosen, start=1))
    worth = sum((line_amount(x.quantity, x.unit_price or Decimal(0), x.price_basis) for x in lines), Decimal(0))
    return Order(
        number="0004711",
        purpose="original",
        ordered_on=MONDAY,
        department="042",
        vendor_number="0090210",
        ship_to=Party(role="ST", id_qualifier="92", id="0423"),
        terms=Terms(discount_percent=Decimal(2), discount_days=10, net_days=30),
        charges=(Charge(kind="allowance", amount=to_cent(worth * draw(st.integers(0, 100)) / 100)),),
        lines=lines,
    )


class Desk:
    """Does with each event what the way out does: draft, check, and move the thread."""

    def __init__(self, order: Order, thread: OrderThread, rejected: tuple[DecidedQuantity, ...]) -> None:
        self.order, self.thread, self.rejected = order, thread, rejected
        self.serials = count()
        self.notices: dict[str, ShipNotice] = {}
        self.billed: list[Invoice] = []

    def take(self, event: ErpEvent) -> Change:
        match event:
            case OrderDecided():
                answer = draft_acknowledgment(self.order, event, today=MONDAY, rejected=self.rejected)
                assert check_acknowledgment(self.order, answer) == ()
                return confirm(self.thread, answer)
            case OrderShipped():
                labels = [sscc("0614141", next(self.serials)) for _ in event.cartons]
                notice = draft_ship_notice(self.order, event, ShipTerms(), now=event.at, sscc=labels)
                assert check_ship_notice(self.order, self.thread, notice, around=Around(company_prefix="0614141")) == ()
                self.notices[event.shipment] = notice
                return ship(self.thread, notice)
            case OrderBilled():
                return self.take_bill(event)

    def take_bill(self, event: OrderBilled) -> Change:
        invoice = draft_invoice(
            self.order,
            event,
            self.notices[event.shipment],
            today=event.at.date(),
            charges="in proportion",
            before=self.billed,
        )
        assert check_invoice(self.order, self.thread, invoice) == ()
        self.billed.append(invoice)
        return bill(self.thread, invoice)


@given(orders(), st.sampled_from(["backorder", "cancel", "reject"]), st.sampled_from(["backorder", "reject"]))
def test_an_order_goes_from_850_to_the_bank_without_a_breach(tmp_path_factory, order, erp_habit, our_habit) -> None:  # type: ignore[no-untyped-def]
    clock = MovableClock(datetime(2026, 1, 5, 14, tzinfo=UTC))
    pace = Pace(short_stock=erp_habit, restocks_after=timedelta(days=2) if erp_habit == "backorder" else None)
    erp = SimulatedErp(tmp_path_factory.mktemp("erp"), clock, msgspec.structs.replace(CATALOG, pace=pace))
    terms = OrderTerms(short_stock=our_habit, blocked_item="reject", credit_exceeded="accept")
    outcome = decide(order, erp.consult(PARTNER, order), terms, today=MONDAY)
    assert outcome.needs_approval == ()
    posted = order_for_erp(order, outcome)
    desk = Desk(order, open_thread(order, partner=PARTNER, document_id="k").thread, outcome.rejected)
    if posted:
        erp.post_order("k", PARTNER, posted)
        clock.advance(timedelta(days=20))
        for event in erp.pending():
            change = desk.take(event)
            assert change.agreed, change.disagreements
            desk.thread = change.thread
    erp.close()
    thread = desk.thread
    assert all(line.to_ship == 0 for line in thread.lines) or not posted
    if not thread.receivables:
        return
    items = tuple(RemittanceItem(qualifier="IV", reference=r.invoice, paid=r.amount) for r in thread.receivables)
    told = Remittance(amount=thread.billed_amount, trace="T1", items=items)
    application = apply(told, thread.receivables)
    assert (application.holds, application.questions) == ((), ())
    settlement = settle(application, Deposit(trace="T1", amount=thread.billed_amount, on=date(2026, 2, 2)))
    thread = pay(remit(thread, application).thread, settlement.application).thread
    assert (thread.state, thread.open) == ("paid", 0)
