"""What is going to happen: which retailer orders what and when, and what goes wrong with it. Nothing but dice and a seed."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from random import Random

CENT = Decimal("0.01")


class Fault(StrEnum):
    """What goes wrong with an order. Files that come twice, crashes and clocks that are off happen beside these."""

    NONE = "nothing went wrong"
    LATE_TRUCK = "late truck"
    SHORT_PICK = "short pick"
    DUPLICATE_ORDER = "duplicate order"
    PRICE_AGREED = "price difference, agreed"
    PRICE_REFUSED = "price difference, refused"
    LOST_997 = "lost 997"
    REJECTED_856 = "rejected 856"
    DEDUCTION = "short pay, explained"
    SHORT_PAY = "short pay, without a word"


SHARES = {
    Fault.LATE_TRUCK: 0.04,
    Fault.SHORT_PICK: 0.06,
    Fault.DUPLICATE_ORDER: 0.04,
    Fault.PRICE_AGREED: 0.04,
    Fault.PRICE_REFUSED: 0.03,
    Fault.LOST_997: 0.05,
    Fault.REJECTED_856: 0.03,
    Fault.DEDUCTION: 0.04,
    Fault.SHORT_PAY: 0.03,
}
"""Which share of all orders each of these happens to; to no order more than one."""

FILES_REPEATED = 0.1
ORDERS_A_FILE = 8
FILES_A_DAY = 4
COMMITS_AN_ORDER = 18  # at least
PRICE_OFF = Decimal("0.9")
KEPT_BACK = Decimal("7.25")


@dataclass(frozen=True)
class Offer:
    """A line a retailer may order, as its sample has it: PO101, PO103, what fills a carton, and what one costs."""

    number: str
    unit: str
    pack: int
    price: Decimal
    stores: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """A line that is ordered."""

    number: str
    unit: str
    quantity: int
    price: Decimal
    stores: tuple[tuple[str, int], ...] = ()

    @property
    def amount(self) -> Decimal:
        return (self.quantity * self.price).quantize(CENT)


@dataclass(frozen=True)
class Trade:
    """What one retailer orders: ``charge`` is on every order, negative for an allowance; ``answers`` are sets it gets."""

    name: str
    offers: tuple[Offer, ...]
    cartons: tuple[int, int]
    charge: Decimal
    answers: tuple[str, ...]
    refuses_prices_itself: bool = False


@dataclass(frozen=True)
class Planned:
    """One order, and what goes wrong with it. ``tick`` is the quarter of an hour in which it is sent; ``lost`` the set whose 997
    is, where that is what goes wrong."""

    number: str
    retailer: str
    tick: int
    lines: tuple[Line, ...]
    charge: Decimal
    fault: Fault = Fault.NONE
    lost: str = ""

    @property
    def goods(self) -> Decimal:
        """What the lines come to."""
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def is_refused(self) -> bool:
        """Whether it comes to nothing."""
        return self.fault == Fault.PRICE_REFUSED

    @property
    def total(self) -> Decimal:
        """What it is billed at, in the end and in all."""
        return Decimal(0) if self.is_refused else self.goods + self.charge


@dataclass
class Plan:
    """All of it. ``repeated`` are files that are sent twice, by retailer and tick; ``crashes`` after how many commits."""

    orders: list[Planned]
    repeated: set[tuple[str, int]] = field(default_factory=set)
    crashes: list[int] = field(default_factory=list)

    def files(self) -> dict[tuple[str, int], list[Planned]]:
        """Orders by the file they are sent in."""
        found: dict[tuple[str, int], list[Planned]] = {}
        for order in self.orders:
            found.setdefault((order.retailer, order.tick), []).append(order)
        return found


def make_plan(trades: Sequence[Trade], count: int, seed: int) -> Plan:
    """``count`` orders, spread over the retailers and over as many days as it takes."""
    dice = Random(seed)
    orders = [_planned(dice, trades[place % len(trades)], place, len(trades)) for place in range(count)]
    plan = Plan(orders)
    plan.repeated = {file for file in plan.files() if dice.random() < FILES_REPEATED}
    plan.crashes = sorted(dice.randrange(count * COMMITS_AN_ORDER) for _ in range(max(2, count // 250)))
    return plan


def _planned(dice: Random, trade: Trade, place: int, retailers: int) -> Planned:
    file = place // retailers // ORDERS_A_FILE
    tick = file * (96 // FILES_A_DAY) + trade_offset(trade.name)
    fault = _fault(dice, trade)
    lines = tuple(_line(dice, trade, offer) for offer in sorted(_some(dice, trade.offers), key=lambda each: each.number))
    if fault in (Fault.PRICE_AGREED, Fault.PRICE_REFUSED):
        first = lines[0]
        cheaper = dataclasses.replace(first, price=(first.price * PRICE_OFF).quantize(CENT))
        lines = (cheaper, *lines[1:])
    lost = dice.choice(trade.answers) if fault == Fault.LOST_997 else ""
    return Planned(f"{trade.name[:2].upper()}{1000001 + place}", trade.name, tick, lines, trade.charge, fault, lost)


def trade_offset(name: str) -> int:
    """Retailers send at different quarters of an hour."""
    return sum(map(ord, name)) % 16


def _fault(dice: Random, trade: Trade) -> Fault:
    at = dice.random()
    for fault, share in SHARES.items():
        if at < share:
            return Fault.PRICE_REFUSED if fault == Fault.PRICE_AGREED and trade.refuses_prices_itself else fault
        at -= share
    return Fault.NONE


def _some(dice: Random, offers: tuple[Offer, ...]) -> list[Offer]:
    return dice.sample(offers, dice.randint(1, len(offers)))


def _line(dice: Random, trade: Trade, offer: Offer) -> Line:
    if not offer.stores:
        return Line(offer.number, offer.unit, dice.randint(*trade.cartons) * offer.pack, offer.price)
    stores = tuple((store, dice.randint(*trade.cartons) * offer.pack) for store in dice.sample(offer.stores, 2))
    return Line(offer.number, offer.unit, sum(quantity for _, quantity in stores), offer.price, stores)
