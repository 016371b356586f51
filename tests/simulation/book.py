"""The truth keeper's book: what the retailers were told, read from the bytes that reached them, and each rule that was broken.

The rules are written here once more, from the trade's own words, and share nothing with those the gateway checks by. Broken
ones are kept with the number of the document they are about; whether the gateway said so is asked in the end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from simulation.plan import CENT, Planned
from simulation.retailer import DAYS, order_of
from simulation.text import Interchange, Segment, Set

PREFIX = "0614141"


class Broken(NamedTuple):
    """A rule that a document broke; ``number`` is the document's, ``order`` the number of the order it is about."""

    rule: str
    code: str
    number: str
    order: str
    text: str


@dataclass
class Told:
    """What was told of one order: by line what was announced and billed, and in money what was billed."""

    announced: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    billed: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    amount: Decimal = Decimal(0)
    notices: int = 0
    accepted: bool = False
    refused: bool = False
    rejected_at: datetime | None = None  # when its 856 was rejected: what had left by then could not know


class Book:
    """Everything told, to all retailers. ``plan`` is what they ordered, ``days`` the day each did."""

    def __init__(self, plan: Mapping[str, Planned], days: Mapping[str, date]) -> None:
        self._plan, self._days = plan, days
        self.told: dict[str, Told] = defaultdict(Told)
        self.broken: list[Broken] = []
        self.numbers: dict[tuple[str, str], list[str]] = defaultdict(list)  # of documents, by order and set
        self._interchanges: dict[tuple[str, str], list[Segment]] = {}
        self._latest: dict[str, int] = defaultdict(int)
        self._shipments: set[str] = set()
        self._invoices: set[str] = set()
        self._labels: set[str] = set()
        self._now: datetime | None = None

    def enter(self, retailer: str, came: Interchange, rejected: set[str], now: datetime) -> None:
        """Takes an interchange into the book. One that came before, byte for byte, says nothing new."""
        self._now = now
        for number in rejected:
            self.told[number].rejected_at = now
        key = (retailer, came.number)
        if key in self._interchanges:
            if self._interchanges[key] != came.segments:
                self._break("R31", came.sets[0], "the number came before, with another content")
            return
        self._interchanges[key] = came.segments
        for each in came.sets:
            self.numbers[order_of(each), each.code].append(number_of(each))
            if each.code in ("855", "856", "810") and order_of(each) not in rejected:
                self._take(each)
        self._envelope(retailer, came)

    def _take(self, came: Set) -> None:
        order = self._plan.get(order_of(came))
        if order is None:
            self._break("R24", came, f"we never ordered {order_of(came)}")
            return
        told = self.told[order.number]
        checks = {"855": self._acknowledged, "856": self._announced, "810": self._billed}
        for rule, text in checks[came.code](came, order, told):
            self._break(rule, came, text)

    def _break(self, rule: str, came: Set, text: str) -> None:
        self.broken.append(Broken(rule, came.code, number_of(came), order_of(came), text))

    # -- envelopes -------------------------------------------------------------------------------

    def _envelope(self, retailer: str, came: Interchange) -> None:
        head, tail = came.segments[0], came.segments[-1]
        number = f"{head[13]} to {retailer}"
        if head[13] != tail[2] or not came.sets:
            self.broken.append(Broken("R31", "ISA", number, "", "ISA13 is not IEA02, or nothing is in it"))
        if int(head[13]) <= self._latest[retailer]:
            self.broken.append(Broken("R31", "ISA", number, "", f"it came after {self._latest[retailer]}"))
        self._latest[retailer] = int(head[13])
        for each in came.sets:
            if int(each.segments[-1][1]) != len(each.segments) or each.segments[-1][2] != each.number:
                self._break("R31", each, "SE does not count its segments")

    # -- documents -------------------------------------------------------------------------------

    def _acknowledged(self, came: Set, order: Planned, told: Told) -> Iterator[tuple[str, str]]:
        if came.first("BAK")[2] in ("RD", "RJ"):
            told.refused = not told.accepted
            return
        said: dict[str, int] = defaultdict(int)
        line = ""
        for segment in came.segments:
            if segment[0] == "PO1":
                line = segment[1]
            elif segment[0] == "ACK":
                said[line] += int(segment[2])
        told.refused = bool(said) and all(segment[1] in ("IR", "R2", "R3") for segment in came.all("ACK"))
        told.accepted = not told.refused
        ordered = {each.number: each.quantity for each in order.lines}
        if said and said != ordered:
            yield "R05", f"{dict(said)} is said of {ordered}"

    def _announced(self, came: Set, order: Planned, told: Told) -> Iterator[tuple[str, str]]:
        shipment = came.first("BSN")[2]
        if shipment in self._shipments:
            yield "R10", f"shipment {shipment} was told before"
        self._shipments.add(shipment)
        if told.refused:
            yield "R08", "what we were refused ships"
        yield from self._quantities(came, order, told)
        yield from self._packs(came)
        told.notices += 1
        left = next((segment[2] for segment in came.all("DTM") if segment[1] == "011"), "")
        last = self._days[order.number] + timedelta(days=DAYS[CLOSING[order.retailer]])
        if left > f"{last:%Y%m%d}":
            yield "OTIF", f"it left on {left}, the last day to ship was {last:%Y%m%d}"
        yield from _echo(came, order)

    def _quantities(self, came: Set, order: Planned, told: Told) -> Iterator[tuple[str, str]]:
        ordered = {each.number: each for each in order.lines}
        for line, quantity, unit in _items(came):
            if line not in ordered or quantity <= 0 or unit != ordered[line].unit:
                yield "R12", f"{quantity} {unit} of line {line}"
                continue
            told.announced[line] += quantity
            if told.announced[line] > ordered[line].quantity:
                yield "R12", f"{told.announced[line]} of line {line} shipped, {ordered[line].quantity} ordered"

    def _packs(self, came: Set) -> Iterator[tuple[str, str]]:
        labels = [segment[2] for segment in came.all("MAN") if segment[1] == "GM"]
        cartons = sum(segment[3] == "P" for segment in came.all("HL"))
        if cartons and int(came.first("TD1")[2]) != cartons:
            yield "R13", f"{came.first('TD1')[2]} cartons are counted, {cartons} told of"
        for label in labels:
            code = label[-18:]
            if len(code) != 18 or not code[1:].startswith(PREFIX) or _check_digit(code[:17]) != code[17]:
                yield "R14", f"{label} is no label of theirs"
            if code in self._labels:
                yield "R14", f"{label} was used before"
            self._labels.add(code)
        parents = {segment[1] for segment in came.all("HL")}
        if any(segment[2] and segment[2] not in parents for segment in came.all("HL")):
            yield "R11", "a level has no parent"

    def _billed(self, came: Set, order: Planned, told: Told) -> Iterator[tuple[str, str]]:
        number = came.first("BIG")[2]
        if number in self._invoices:
            yield "R21", f"invoice {number} came before"
        self._invoices.add(number)
        knew = told.rejected_at != self._now
        if not told.notices and knew:
            yield "R20", "nothing was announced yet"
        prices = {each.number: each.price for each in order.lines}
        goods = Decimal(0)
        for _, line, quantity, _, price, *_ in came.all("IT1"):
            told.billed[line] += int(quantity)
            if told.billed[line] > told.announced[line] and knew:
                yield "R22", f"{told.billed[line]} of line {line} billed, {told.announced[line]} announced"
            if prices.get(line) != Decimal(price):
                yield "R22", f"line {line} is billed at {price}, ordered at {prices.get(line)}"
            goods += (int(quantity) * Decimal(price)).quantize(CENT)
        charges = sum((Decimal(sac[5]) / 100 * (1 if sac[1] == "C" else -1) for sac in came.all("SAC")), Decimal(0))
        total = Decimal(came.first("TDS")[1]) / 100
        told.amount += total
        if goods + charges != total:
            yield "R23", f"lines of {goods} and charges of {charges} are billed at {total}"
        if charges and not order.charge:
            yield "R23", "no charges were agreed"
        yield from _echo(came, order)


def number_of(came: Set) -> str:
    """The number of the document a set is."""
    tag, place = {"855": ("BAK", 3), "856": ("BSN", 2), "810": ("BIG", 2)}.get(came.code, ("ST", 2))
    return came.first(tag)[place]


def _items(came: Set) -> Iterator[tuple[str, int, str]]:
    """Line, quantity and unit of everything shipped. Packs below an item only say how it is spread over them."""
    line = level = ""
    for segment in came.segments:
        match segment[0]:
            case "HL":
                level = segment[3]
            case "LIN":
                line = segment[1]
            case "SN1" if level == "I":
                yield line, int(segment[2]), segment[3]


def _echo(came: Set, order: Planned) -> Iterator[tuple[str, str]]:
    unit = {each.number: each.unit for each in order.lines}
    for segment in came.all("IT1"):
        if unit.get(segment[1]) != segment[3]:
            yield "R24", f"line {segment[1]} is billed in {segment[3]}"


CLOSING = {"bellhaven": "001", "corliss": "038", "hearthline": "010", "greenlea": "002", "bulwark": "001"}
"""By which of its dates (DTM01) a retailer's order is to have left."""


def _check_digit(body: str) -> str:
    """Modulo 10 with weights 3 and 1 from the right."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
    return str(-total % 10)
