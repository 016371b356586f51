"""The demo's story: orders come in, good and bad; they are answered, shipped, billed and paid, in the demo's own time."""

from __future__ import annotations

from datetime import timedelta

from edi_gateway.cli.demo.scene import Scene
from edi_gateway.cli.demo.show import Screen
from edi_gateway.erp.simulator import default_catalog
from edi_gateway.operations.deposit import record_deposit
from edi_gateway.operations.resume import resume
from edi_gateway.simulated_partner import Buyer, OfferedItem, invent_orders
from edi_gateway.views import orders, traffic
from edi_gateway.wording import count

FILES = {
    "northwind": (
        "northwind-850-plain.edi",
        "northwind-850-several-sets.edi",
        "northwind-850-allowances.edi",
        "northwind-850-syntax-errors.edi",
        "northwind-850-same-interchange.edi",
    ),
    "cascade": ("cascade-850-plain.edi", "cascade-850-differences.edi"),
}
INVENTED = {"northwind": 3, "cascade": 2}
DONE = ("paid", "rejected")
LONGEST = timedelta(days=14)


class Story:
    """Plays the story on a scene and shows it."""

    def __init__(self, scene: Scene, screen: Screen) -> None:
        self._scene, self._screen = scene, screen
        self._told = 0

    def play(self) -> None:
        """From the first order to the last deposit."""
        self._screen.step("The buyers drop their orders, good and bad, into their mailboxes")
        for name, buyer in self._scene.buyers.items():
            self._order(name, buyer)
        self._screen.step("Every order is answered by syntax at once, then by the ERP")
        self._go_on(until=timedelta(minutes=10), by=timedelta(minutes=5))
        self._screen.step("An operator looks at what is held, and lets it go on")
        self._resume_held()
        self._go_on(until=timedelta(minutes=30), by=timedelta(minutes=5))
        self._screen.step("Goods leave, are announced and billed; what is short comes later")
        self._go_on(until=LONGEST, by=timedelta(hours=2))
        self._screen.step("The buyers pay: an 820 promises, the bank's deposit keeps the promise")
        self._pay()
        self._tell()

    def _order(self, name: str, buyer: Buyer) -> None:
        for file in FILES[name]:
            buyer.send_file(file, (self._scene.samples / file).read_bytes())
            self._screen.partner(self._scene.clock.now(), name, f"drops {file}")
            self._scene.settle()
            self._tell()
        offered = _offered(name)
        today = self._scene.clock.now().date()
        for order in invent_orders(buyer.partner, offered, seed=850, count=INVENTED[name], on=today, first=70001):
            file = buyer.order(order)
            self._screen.partner(self._scene.clock.now(), name, f"drops {file}")
            self._scene.settle()
            self._tell()

    def _resume_held(self) -> None:
        for flow in traffic.stopped(self._scene.gateway.store, "held"):
            self._screen.partner(self._scene.clock.now(), "operator", f"resumes flow {flow.id}")
            resume(self._scene.gateway.store, flow.id, by="demo operator")
        self._scene.settle()
        self._tell()

    def _go_on(self, *, until: timedelta, by: timedelta) -> None:
        """Moves time in steps until nothing is left to ship and bill, or the time is up."""
        end = self._scene.clock.now() + until
        while self._scene.clock.now() < end and not self._all_billed():
            self._scene.clock.advance(by)
            self._scene.settle()
            self._look()

    def _all_billed(self) -> bool:
        rows = orders.orders(self._scene.gateway.store)
        quiet = not traffic.flow_counts(self._scene.gateway.store).get("waiting")
        return quiet and bool(rows) and all(row.state in ("billed", *DONE) for row in rows)

    def _look(self) -> None:
        """The buyers collect what waits for them, and answer it."""
        self._tell()
        for name, buyer in self._scene.buyers.items():
            for event in buyer.look():
                said = "; ".join((event.said, *(str(complaint) for complaint in event.complaints)))
                self._screen.partner(self._scene.clock.now(), name, said, bad=bool(event.complaints))
        self._scene.settle()
        self._tell()

    def _pay(self) -> None:
        for name, buyer in self._scene.buyers.items():
            payment = buyer.pay()
            if payment is None:
                continue
            bills = count(len(payment.invoices), "invoice")
            said = f"pays {payment.amount:,.2f} {payment.currency} for {bills} under {payment.trace}"
            self._screen.partner(self._scene.clock.now(), name, said)
            self._scene.settle()
            self._look()
            self._scene.clock.advance(timedelta(days=2))
            store = self._scene.gateway.store
            told = record_deposit(store, trace=payment.trace, amount=payment.amount, on=payment.on, method="ACH", by="bank")
            self._screen.bank(self._scene.clock.now(), told)
            self._scene.settle()

    def _tell(self) -> None:
        for event in traffic.events(self._scene.gateway.store, after=self._told):
            self._screen.gateway(event)
            self._told = event.id


def _offered(partner: str) -> list[OfferedItem]:
    """What the ERP has plenty of, under the ids this buyer uses."""
    return [
        OfferedItem(
            ids=(*item.buyer_ids[partner], *item.ids[:1]), price=item.list_price, per_carton=item.per_carton, title=item.title
        )
        for item in default_catalog().items
        if item.stock > 400 and not item.blocked and partner in item.buyer_ids
    ]
