"""The play: quarter of an hour by quarter of an hour, until everything has ended or had the time to."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import NamedTuple

from desk import SAMPLES
from simulation.book import Book
from simulation.gateway import Gateway
from simulation.people import Bank, Desk
from simulation.plan import Fault, Plan, Planned, make_plan
from simulation.retailer import Retailer, trade_of
from simulation.truth import Truth

from edi_gateway.erp.simulator import Mishap

RETAILERS = {
    "bellhaven": "850-stores-depot.edi",
    "corliss": "850-many-stores.edi",
    "hearthline": "850-drop-ship.edi",
    "greenlea": "850-cases.edi",
    "bulwark": "850-warehouse.edi",
}
QUARTER = timedelta(minutes=15)
DAY = 96
AFTERWARDS = 30 * DAY
"""How long the last order may take: a truck twelve days late, its money, and a weekend."""


class Ending(NamedTuple):
    """What it came to."""

    orders: int
    unflagged: list[str]
    open_balances: list[str]
    deaths: int
    broken: int

    @property
    def is_good(self) -> bool:
        return not (self.unflagged or self.open_balances)

    def __str__(self) -> str:
        return f"{self.orders} orders, {len(self.unflagged)} unflagged, {len(self.open_balances)} open balances"


class Play:
    """One simulation of so many orders; the same seed plays the same."""

    def __init__(self, folder: Path, orders: int, seed: int) -> None:
        samples = {name: (SAMPLES / name / file).read_text("latin-1") for name, file in RETAILERS.items()}
        self.plan: Plan = make_plan([trade_of(*each) for each in samples.items()], orders, seed)
        self.gateway = Gateway(folder, {order.number: _mishap(order) for order in self.plan.orders}, self.plan.crashes)
        hub = count(1)
        numbers = {name: hub if name in ("hearthline", "bulwark") else count(1) for name in RETAILERS}
        self.retailers = {
            name: Retailer(name, text, self.gateway.mailbox(name), numbers[name].__next__) for name, text in samples.items()
        }
        by_number = {order.number: order for order in self.plan.orders}
        self._days: dict[str, date] = {}
        self.book = Book(by_number, self._days)
        self.people, self.bank = Desk(self.gateway, by_number), Bank(self.gateway)
        self._files = self.plan.files()

    def play(self, progress: Callable[[int, int], None] = lambda sent, days: None) -> Ending:
        """From the first order to the last deposit. Nothing is forced onto the disk: only the engine dies, never the machine."""
        force, os.fsync = os.fsync, lambda _: None
        try:
            return self._play(progress)
        finally:
            os.fsync = force

    def _play(self, progress: Callable[[int, int], None]) -> Ending:
        last = max(tick for _, tick in self._files)
        sent = 0
        for tick in range(last + AFTERWARDS):
            self.gateway.clock.advance(QUARTER)
            sent += self._order(tick)
            if not self.gateway.is_idle():
                self._work()
            if tick % 4 == 0:
                self.gateway.look_at_deadlines()
            if tick % DAY == 12:  # nine in the morning
                self._morning()
                progress(sent, tick // DAY)
                if tick > last + DAY and self._has_ended():
                    break
        return self.ending()

    def ending(self) -> Ending:
        """What the truth keeper says of it."""
        truth = Truth(self.plan, self.book, self.retailers, self.gateway)
        return Ending(len(self.plan.orders), truth.unflagged(), truth.open_balances(), self.gateway.deaths, len(self.book.broken))

    def _order(self, tick: int) -> int:
        sent = 0
        now = self.gateway.clock.now()
        for name, retailer in self.retailers.items():
            orders = self._files.get((name, tick), [])
            if orders:
                self._days |= {order.number: now.date() for order in orders}
                retailer.order(orders, now, twice=(name, tick) in self.plan.repeated)
                sent += len(orders)
            for order in self._files.get((name, tick - 40), []):
                if order.fault == Fault.DUPLICATE_ORDER:
                    retailer.order_again(order, now)
        return sent

    def _work(self) -> None:
        """The gateway and the retailers take turns until nobody has anything for the other."""
        self.gateway.run()
        while sum(self._read(retailer) for retailer in self.retailers.values()):
            self.gateway.run()

    def _read(self, retailer: Retailer) -> int:
        self.gateway.desk.fetch()
        came, now = retailer.mail(), self.gateway.clock.now()
        for each in came:
            self.book.enter(retailer.name, each, retailer.answer(each, now), now)
        return len(came)

    def _morning(self) -> None:
        now = self.gateway.clock.now()
        self.people.morning()
        self.bank.opens(now)
        self.bank.coming += [payment for each in self.retailers.values() if (payment := each.pay(now))]
        self._work()

    def _has_ended(self) -> bool:
        return not (self.bank.coming or self.gateway.stopped()) and all(
            row.state in ("paid", "rejected") for rows in self.gateway.orders().values() for row in rows
        )


def _mishap(order: Planned) -> Mishap:
    """What the ERP is to have go wrong with an order."""
    match order.fault:
        case Fault.LATE_TRUCK:
            return Mishap(late=timedelta(days=12))
        case Fault.SHORT_PICK:
            return Mishap(not_found=Decimal(max(1, order.lines[0].quantity // 2)))
    return Mishap()
