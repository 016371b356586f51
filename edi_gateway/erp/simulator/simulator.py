"""The simulated ERP: keeps the ``Erp`` contract over a folder and a clock.

Its world runs by the clock it is given: whatever is due by then happens whenever it is asked something. What it answered is on
disk first, so it may be killed at any moment. Safe for many threads, and for several processes on one folder.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from edi_gateway.clock import Clock
from edi_gateway.documents.order import Order
from edi_gateway.documents.remittance import Remittance
from edi_gateway.erp.base import (
    Advice,
    BilledLine,
    ChangePosted,
    Embedded,
    ErpEvent,
    ItemAdvice,
    OrderCredited,
    OrderEvent,
    Posted,
    order_unknown,
)
from edi_gateway.erp.simulator import entries
from edi_gateway.erp.simulator.business import entry_for, too_late
from edi_gateway.erp.simulator.catalog import Catalog
from edi_gateway.erp.simulator.catalog_file import default_catalog
from edi_gateway.erp.simulator.entries import (
    Confirmed,
    Entry,
    OrderPosted,
    RemittancePosted,
    Restocked,
    StockCounted,
    Told,
)
from edi_gateway.erp.simulator.faults import Faults, read_faults, write_faults
from edi_gateway.erp.simulator.journal import Journal
from edi_gateway.erp.simulator.mishaps import Mishaps
from edi_gateway.erp.simulator.world import Line, World
from edi_gateway.errors import TryAgain, Uncertain, WrongInput
from edi_gateway.order_to_cash.credit import Why
from edi_gateway.wording import count


class SimulatedErp(Embedded):
    """An ERP in a folder: ``journal.jsonl`` is its memory, ``faults.json`` what is switched to go wrong."""

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        catalog: Catalog | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        mishaps: Mishaps | None = None,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._journal = Journal(folder / "journal.jsonl")
        self._faults = folder / "faults.json"
        self._world = World(catalog or default_catalog(), mishaps)
        self._repeated: dict[str, OrderEvent] = {}
        with self._open() as world:
            self._write(
                StockCounted(at=clock.now(), item=item.number, on_hand=item.stock)
                for item in world.catalog.items
                if item.number not in world.on_hand
            )

    # The contract

    @property
    def is_instant(self) -> bool:
        """Unless the fault ``slow`` is on."""
        return not self.faults.slow

    def consult(self, partner: str, order: Order) -> Advice:
        """Credit, price and stock for an order, as of now."""
        self._meet_faults()
        with self._present() as world:
            customer = world.catalog.customers.get(partner)
            return Advice(
                as_of=self._clock.now(),
                customer_known=customer is not None,
                credit_limit=customer.credit_limit if customer else None,
                credit_used=customer.credit_used + world.owed[partner] if customer else None,
                items=tuple(_advice(world, line) for line in world.lines_of(partner, order)),
            )

    def post_order(self, key: str, partner: str, order: Order) -> Posted:
        """Creates the order once. Raises WrongInput for a partner it does not know, and for line numbers used twice."""
        faults = self._meet_faults()
        with self._present() as world:
            if key not in world.posted:
                self._accepts(partner, faults)
                _refuse_ambiguous_lines(order)
                reference = f"SO{100001 + len(world.orders)}"
                self._write([OrderPosted(at=self._clock.now(), key=key, reference=reference, partner=partner, order=order)])
                _forget_answer(faults)
            return world.posted[key]

    def post_change(self, key: str, partner: str, of: str, order: Order) -> ChangePosted:
        """Changes an order unless more of it has left than is wanted now; then it is decided on anew."""
        faults = self._meet_faults()
        with self._present() as world:
            if key not in world.changes:
                self._accepts(partner, faults)
                _refuse_ambiguous_lines(order)
                if of not in world.orders:
                    raise order_unknown("the simulated ERP", of, order.number)
                refused = too_late(world.orders[of], order)
                reference = f"CH{300001 + len(world.changes)}"
                now = self._clock.now()
                self._write([entries.ChangePosted(at=now, key=key, reference=reference, of=of, order=order, refused=refused)])
                _forget_answer(faults)
            return world.changes[key]

    def post_remittance(self, key: str, partner: str, remittance: Remittance) -> Posted:
        """Takes a remittance once; it lowers what the partner owes."""
        faults = self._meet_faults()
        with self._present() as world:
            if key not in world.posted:
                self._accepts(partner, faults)
                reference = f"RM{500001 + len(world.posted) - len(world.orders) - len(world.changes)}"
                now, amount = self._clock.now(), remittance.amount
                self._write([RemittancePosted(at=now, key=key, reference=reference, partner=partner, amount=amount)])
                _forget_answer(faults)
            return world.posted[key]

    def in_one_go(self) -> AbstractContextManager[None]:
        """What this thread posts within it is forced to the disk once, at its end."""
        return self._journal.forced_once()

    def find(self, key: str) -> Posted | None:
        """Whether ``key`` was posted."""
        self._meet_faults()
        with self._present() as world:
            return world.posted.get(key)

    def pending(self, limit: int = 100) -> list[ErpEvent]:
        """What was decided, shipped and billed by now and is not confirmed yet, oldest first."""
        faults = self._meet_faults()
        with self._present() as world:
            waiting: list[ErpEvent] = list(world.pending.values())
            if faults.repeats_events:
                waiting = [event for event in (*self._repeated.values(), *waiting) for _ in range(2)]
            self._repeated.clear()
            return waiting[:limit]

    def confirm(self, event_ids: list[str]) -> None:
        """These events will not be told again."""
        faults = self._meet_faults()
        with self._present() as world:
            known = tuple(id for id in dict.fromkeys(event_ids) if id in world.pending)
            if faults.repeats_events:
                self._repeated |= {id: world.pending[id] for id in known}
            self._write([Confirmed(ids=known)] if known else [])

    def check(self) -> str:
        """What it is. Raises TryAgain while the fault ``asleep`` is on."""
        self._meet_faults()
        with self._present() as world:
            catalog = world.catalog
            return f"simulated ERP with {count(len(catalog.items), 'item')} and {count(len(catalog.customers), 'customer')}"

    # What a test, the demo or a curious person does with it

    @property
    def faults(self) -> Faults:
        """What is switched to go wrong."""
        return read_faults(self._faults)

    @faults.setter
    def faults(self, faults: Faults) -> None:
        write_faults(self._faults, faults)

    def stock(self, item: str) -> Decimal:
        """How many each of an item are on the shelf."""
        with self._present() as world:
            self._knows(item)
            return world.on_hand[item]

    def restock(self, item: str, quantity: Decimal) -> None:
        """So many each come in; those who wait are served, the oldest order first."""
        with self._present():
            self._knows(item)
            self._write([Restocked(at=self._clock.now(), item=item, quantity=quantity)])

    def count_stock(self, item: str, on_hand: Decimal) -> None:
        """Somebody counted: so many each are on the shelf, whatever was thought."""
        with self._present():
            self._knows(item)
            self._write([StockCounted(at=self._clock.now(), item=item, on_hand=on_hand)])

    def credit(self, invoice: str, line: str, quantity: Decimal, *, why: Why = "returned", price: Decimal | None = None) -> str:
        """Takes back so much of a line of an invoice, at the price it was billed at or at ``price``; the credit note's number."""
        with self._present() as world:
            billed = world.billed.get(invoice)
            of = next((each for each in billed.lines if each.line_number == line), None) if billed else None
            if billed is None or of is None:
                raise WrongInput(f"the ERP made no invoice {invoice} with line {line}", do="see what it billed")
            number = f"CM{700001 + world.credits}"
            taken = BilledLine(line_number=line, quantity=quantity, unit_price=of.unit_price if price is None else price)
            event = OrderCredited(
                id=f"credited/{number}",
                order=billed.order,
                at=self._clock.now(),
                credit=number,
                invoice=invoice,
                why=why,
                lines=(taken,),
            )
            self._write([Told(event=event)])
            return number

    def next_due(self) -> datetime | None:
        """When something may happen next, for whoever wants to sleep until then."""
        with self._present() as world:
            return world.next_due()

    def close(self) -> None:
        """Lets its files go."""
        self._journal.close()

    # Inside

    @contextmanager
    def _open(self) -> Iterator[World]:
        """The world as the journal has it; nobody else changes it meanwhile."""
        with self._journal.held():
            for entry in self._journal.read():
                self._world.apply(entry)
            yield self._world

    @contextmanager
    def _present(self) -> Iterator[World]:
        """The world as it is by the clock: what is due has happened."""
        with self._open() as world:
            now = self._clock.now()
            while due := world.take_due(now):
                try:
                    self._write([entry] if (entry := entry_for(world, due)) else [])
                except TryAgain:
                    world.put_back(due)
                    raise
            yield world

    def _write(self, entries: Iterator[Entry] | list[Entry]) -> None:
        if entries := list(entries):
            self._journal.append(entries)
            for entry in entries:
                self._world.apply(entry)

    def _meet_faults(self) -> Faults:
        faults = self.faults
        if faults.slow:
            self._sleep(faults.slow)
        if faults.asleep:
            raise TryAgain("the simulated ERP is asleep", do="wait, or switch the fault off")
        return faults

    def _accepts(self, partner: str, faults: Faults) -> None:
        if faults.refuses:
            raise WrongInput("the simulated ERP refuses the document", do="switch the fault off")
        if partner not in self._world.catalog.customers:
            raise WrongInput(f"the ERP knows no customer '{partner}'", do="add it to the catalog's customers")

    def _knows(self, item: str) -> None:
        if item not in self._world.items:
            raise WrongInput(f"the ERP has no item {item}", do="one of: " + ", ".join(self._world.items))


def _forget_answer(faults: Faults) -> None:
    if faults.forgets_answers:
        raise Uncertain("the connection to the simulated ERP broke before its answer came", do="ask it with find")


def _refuse_ambiguous_lines(order: Order) -> None:
    numbers = [line.number for line in order.lines]
    if twice := sorted({number for number in numbers if numbers.count(number) > 1}):
        raise WrongInput(f"order {order.number} uses line number {', '.join(twice)} more than once")


def _advice(world: World, line: Line) -> ItemAdvice:
    if line.item is None:
        return ItemAdvice(line_number=line.line.number, known=False)
    return ItemAdvice(
        line_number=line.line.number,
        known=True,
        item=line.item.number,
        list_price=line.item.list_price * line.each,
        available=world.free(line.item.number) // line.each,
        blocked=line.item.blocked,
        pack=int(line.each) if line.each > 1 else None,
    )
