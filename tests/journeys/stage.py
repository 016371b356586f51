"""What a story is told with: a buyer with books of its own, the gateway, a bank, and what a person sees and does.

The buyer is the simulated partner: it writes X12 into the gateway's mailbox, reads what comes out of it, acknowledges, and
complains of whatever it would fine us for. Nothing of the gateway's inside is replaced; only its clock is moved.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from desk import NORTHWIND, Desk

from edi_gateway.documents.base import DateOf, Terms
from edi_gateway.documents.order import Order, OrderLine
from edi_gateway.documents.order_change import ChangedLine, OrderChange
from edi_gateway.documents.party import Party
from edi_gateway.erp.simulator import default_catalog
from edi_gateway.operations.alert_watch import watch_alerts
from edi_gateway.operations.approve import approve_order
from edi_gateway.operations.deposit import record_deposit
from edi_gateway.operations.watch import watch_owed
from edi_gateway.operations.watch_invoices import watch_invoices
from edi_gateway.order_to_cash.thread import OrderThread
from edi_gateway.simulated_partner import Buyer, Payment
from edi_gateway.store.alerts import AlertRow
from edi_gateway.store.cases import CaseRow
from edi_gateway.transports.folder import FolderConfig, FolderTransport
from edi_gateway.views.alerts import alerts

LANTERN, BOTTLE, COOK_SET = "PB-1001", "PB-1002", "PB-1009"
"""At 18.50, 480 on the shelf; at 11.25, 960 on the shelf; at 58.00, none."""

_ITEMS = {item.number: item for item in default_catalog().items}
_SHIP_TO = Party(role="ST", name="Northwind Stores DC 0610", id_qualifier="92", id="0610", street="2100 Clearwater Rd")
_MONEY = ("billed", "remitted", "paid", "open")


class Stage:
    """One story. ``desk`` is the gateway, ``buyer`` Northwind Stores."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        partner = desk.directory.partner(NORTHWIND)
        home = desk.folder / "mailboxes" / NORTHWIND
        seen = FolderConfig(inbox=home / "outbox", outbox=home / "inbox", archive=home / "read", stable_for=0.0)
        mailbox = FolderTransport(seen, desk.clock)
        self.buyer = Buyer(partner, desk.directory.identity(partner.ours), desk.tools.maps, mailbox, desk.clock)

    # -- what happens ----------------------------------------------------------------------------

    def orders(self, number: str, price: str = "", **quantities: int) -> None:
        """Northwind orders; ``lantern=48``; at our price, unless it names another."""
        lines = tuple(line(place, item, count, price) for place, (item, count) in enumerate(quantities.items(), 1))
        today = self.desk.clock.now().date()
        cancel_after = DateOf(qualifier="001", date=today + timedelta(days=14))
        order = Order(
            number=number,
            purpose="original",
            type="stand-alone",
            ordered_on=today,
            department="042",
            vendor_number="700418826",
            ship_to=_SHIP_TO,
            dates=(cancel_after,),
            terms=Terms(type="01", basis="3", net_days=30),
            lines=lines,
        )
        self.buyer.order(order)
        self.later(minutes=1)

    def changes(self, number: str, *lines: ChangedLine, purpose: str = "change") -> None:
        """Northwind sends an 860."""
        today = self.desk.clock.now().date()
        self.buyer.change_order(
            OrderChange(number=number, purpose=purpose, type="stand-alone", ordered_on=today, changed_on=today, lines=lines)
        )
        self.later(minutes=1)

    def later(self, **by: float) -> None:
        """Lets time pass. Every hour of it, and then twice a day, the gateway works, Northwind reads its mail, and what is late
        is looked for."""
        begin, span = self.desk.clock.now(), timedelta(**by)
        while (passed := self.desk.clock.now() - begin) < span:
            self.desk.clock.advance(min(span - passed, timedelta(hours=1 if passed < timedelta(hours=10) else 12)))
            self._look()

    def _look(self) -> None:
        self.desk.run()
        self.desk.fetch()
        self.buyer.look()
        self.desk.run()
        watch_owed(self.desk.store)
        watch_invoices(self.desk.store, self.desk.directory)
        watch_alerts(self.desk.store, self.desk.directory.alerts)

    def pays(self, *invoices: str) -> Payment:
        """Northwind sends an 820 for these invoices, or all it has nothing against."""
        payment = self.buyer.pay(*invoices)
        assert payment is not None
        self.later(minutes=1)
        return payment

    def bank_has(self, payment: Payment) -> str:
        """The money is there, two days later; what the gateway says to it."""
        self.later(days=2)
        return record_deposit(
            self.desk.store, trace=payment.trace, amount=payment.amount, on=payment.on, method="ACH", by="finance"
        )

    def approves(self, because: str) -> None:
        """A person agrees to the one thing that waits for approval."""
        with self.desk.store.read() as unit:
            (asked,) = unit.approvals.open()
        approve_order(self.desk.store, asked.id, because=because, by="anna")
        self.later(minutes=1)

    # -- what can be seen ------------------------------------------------------------------------

    def thread(self, number: str) -> OrderThread:
        """The order's whole life."""
        with self.desk.store.read() as unit:
            (stored,) = unit.threads.of_number(NORTHWIND, number, usage="P")
        return stored.thread

    def balances(self, number: str, *names: str) -> list[tuple[int, ...]]:
        """These balances of each line."""
        return [tuple(int(getattr(each, name)) for name in names) for each in self.thread(number).lines]

    def money(self, number: str) -> tuple[Decimal, ...]:
        """Billed, remitted, paid and open, as ``order list`` shows them."""
        row = self.desk.order(number)
        return tuple(getattr(row, name) for name in _MONEY)

    def documents(self) -> list[str]:
        """The sets that went to Northwind, in the order they left; 997s apart."""
        rows = sorted(self.desk.sets(direction="out"), key=lambda row: row.id)
        return [row.code for row in rows if row.code != "997" and row.delivery != "pending"]

    def mail(self, code: str) -> list[bytes]:
        """What Northwind read of these sets, as it came."""
        paths = (self.desk.folder / "mailboxes" / NORTHWIND / "read").glob(f"{code}*")
        return [path.read_bytes() for path in sorted(paths)]

    def invoices(self) -> list[str]:
        """The numbers of our invoices, oldest first."""
        return list(self.buyer.ledger.invoices)

    def alerts(self) -> list[str]:
        """The rules of the alerts that are open."""
        return [row.rule for row in self.alert_rows()]

    def alert_rows(self) -> list[AlertRow]:
        """The alerts that are open."""
        return alerts(self.desk.store)

    def cases(self) -> list[CaseRow]:
        """What cash application asks a person."""
        with self.desk.store.read() as unit:
            return [row for row in unit.cases.rows(undecided=True) if row.state == "open"]

    def complaints(self) -> list[str]:
        """What Northwind would fine us for."""
        return [str(each) for each in self.buyer.complaints()]


def line(place: int, item: str, quantity: int, price: str = "") -> OrderLine:
    """A line of an order; ``item`` is ``lantern``, ``bottle`` or ``cook_set``."""
    sold = _ITEMS[{"lantern": LANTERN, "bottle": BOTTLE, "cook_set": COOK_SET}[item]]
    return OrderLine(
        number=str(place),
        quantity=Decimal(quantity),
        unit="EA",
        unit_price=Decimal(price) if price else sold.list_price,
        price_basis="PE",
        item_ids=(*sold.buyer_ids[NORTHWIND], *sold.ids[:1]),
        description=sold.title,
    )


def to(quantity: int, item: str = "lantern", *, number: int = 1, what: str = "quantity increase") -> ChangedLine:
    """A changed line: so many are wanted from now on."""
    wanted = line(number, item, quantity)
    return ChangedLine(
        number=wanted.number,
        change=what,
        quantity=wanted.quantity,
        quantity_left=wanted.quantity,
        unit=wanted.unit,
        unit_price=wanted.unit_price,
        price_basis=wanted.price_basis,
        item_ids=wanted.item_ids,
    )


def dollars(*amounts: str) -> tuple[Decimal, ...]:
    """Amounts, exact."""
    return tuple(Decimal(each) for each in amounts)
