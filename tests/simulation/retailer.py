"""One retailer: sends orders like its sample, answers what comes, pays its bills. It knows X12, and nothing of the gateway."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from simulation.plan import KEPT_BACK, Fault, Offer, Planned, Trade
from simulation.text import Interchange, Segment, Set, Style, read, segments_of, style_of, write

DAYS = {"037": 0, "010": 5, "002": 7, "038": 9, "001": 9}
"""Days after the order, by DTM01: ship not before, requested, delivery, ship no later, cancel after."""

_CARTON = {"614141002115": 6, "614141002856": 2}  # for a sample that does not say it
_CARTONS = {"bellhaven": (1, 2), "corliss": (1, 2), "hearthline": (1, 2), "greenlea": (1, 3), "bulwark": (3, 5)}
_SKEW = {"bellhaven": -40, "corliss": 25, "hearthline": 0, "greenlea": 3, "bulwark": -9}  # minutes their clocks are off


@dataclass
class Bill:
    """An invoice that came."""

    number: str
    order: str
    total: Decimal
    came: datetime
    kept_back: Decimal = Decimal(0)
    paid: bool = False


@dataclass(frozen=True)
class Payment:
    """An 820 that was sent, and when the bank has the money."""

    trace: str
    amount: Decimal
    on: date


@dataclass
class Retailer:
    """``mailbox`` is its account at the gateway; ``numbers`` counts its interchanges, shared with others behind the same id."""

    name: str
    sample: str
    mailbox: Path
    numbers: Callable[[], int]
    style: Style = field(init=False)
    plan: dict[str, Planned] = field(default_factory=dict)
    sent: dict[str, str] = field(default_factory=dict)  # the interchange each order came in
    bills: dict[str, Bill] = field(default_factory=dict)
    not_answered: dict[str, Interchange] = field(default_factory=dict)  # by our number: 997s that were lost
    rejected: set[str] = field(default_factory=set)  # orders whose first 856 was rejected

    def __post_init__(self) -> None:
        self.style = style_of(self.sample)
        self.first, self.blocks, self.last = _parts(segments_of(self.sample))

    # -- orders ----------------------------------------------------------------------------------

    def order(self, planned: Sequence[Planned], now: datetime, *, twice: bool) -> str:
        """Sends a file of orders, and returns the number of its interchange; ``twice``: the same bytes under another name."""
        number = self.numbers()
        at = now + timedelta(minutes=_SKEW[self.name])
        text = write(self.style, "PO", number, at, [self._850(each, now.date()) for each in planned])
        self._drop(f"850_{self.name}_{number:06d}.edi", text)
        if twice:
            self._drop(f"850_{self.name}_{number:06d}_again.edi", text)
        for each in planned:
            self.plan[each.number] = each
            self.sent[each.number] = f"{number:09d}"
        return f"{number:09d}"

    def order_again(self, planned: Planned, now: datetime) -> None:
        """Sends one of them once more, as if it were new."""
        number = self.numbers()
        self._drop(f"850_{self.name}_{number:06d}.edi", write(self.style, "PO", number, now, [self._850(planned, now.date())]))

    def _850(self, order: Planned, today: date) -> list[Segment]:
        lines = [segment for line in order.lines for segment in self._line(line.number, order)]
        count = sum(line.quantity for line in order.lines)
        last = [_counted(segment, len(order.lines), count, order.goods) for segment in self.last]
        return [["850"], *(_headed(segment, order.number, today) for segment in self.first), *lines, *last]

    def _line(self, number: str, order: Planned) -> Iterator[Segment]:
        line = next(each for each in order.lines if each.number == number)
        for segment in self.blocks[number]:
            match segment[0]:
                case "PO1":
                    yield [*segment[:2], str(line.quantity), segment[3], _plain(line.price), *segment[5:]]
                case "SDQ":
                    yield [*segment[:3], *(value for store, count in line.stores for value in (store, str(count)))]
                case "AMT":
                    yield [*segment[:2], _plain(line.amount)]
                case _:
                    yield segment

    # -- what comes ------------------------------------------------------------------------------

    def mail(self) -> list[Interchange]:
        """What lies in its outbox for it, in the order of its names; it is taken away."""
        found = []
        for path in sorted(self.mailbox.glob(f"outbox/*_{self.name}_*.edi")):
            found.append(read(path.read_text("latin-1")))
            path.unlink()
        return sorted(found, key=lambda each: each.number)

    def answer(self, came: Interchange, now: datetime) -> set[str]:
        """Sends the 997s of an interchange, and takes its bills; returns the orders whose set it rejected.

        A 997 that is to be lost is lost once: when the same interchange comes again, it is answered.
        """
        if came.number not in self.not_answered and any(self._is_lost(each) for each in came.sets):
            self.not_answered[came.number] = came
            return set()
        groups: dict[tuple[str, str], list[Set]] = defaultdict(list)
        for each in came.sets:
            if each.code != "997":
                groups[each.group_code, each.group].append(each)
        rejected = set()
        for (code, number), sets in groups.items():
            bad = [each for each in sets if self._rejects(each)]
            self._997(code, number, sets, bad, now)
            rejected |= {order_of(each) for each in bad}
            for each in sets:
                if each.code == "810":
                    self._bill(each, now)
        self.rejected |= rejected
        return rejected

    def _997(self, code: str, number: str, sets: list[Set], bad: list[Set], now: datetime) -> None:
        body: list[Segment] = [["997"], ["AK1", code, number]]
        for each in sets:
            body += [["AK2", each.code, each.number], ["AK5", "R", "5"] if each in bad else ["AK5", "A"]]
        verdict = "A" if not bad else "R" if len(bad) == len(sets) else "P"
        body.append(["AK9", verdict, str(len(sets)), str(len(sets)), str(len(sets) - len(bad))])
        control = self.numbers()
        self._drop(f"997_{self.name}_{control:06d}.edi", write(self.style, "FA", control, now, [body]))

    def _is_lost(self, came: Set) -> bool:
        order = self.plan.get(order_of(came))
        return order is not None and order.lost == came.code

    def _rejects(self, came: Set) -> bool:
        order = self.plan.get(order_of(came))
        return (
            came.code == "856" and order is not None and order.fault == Fault.REJECTED_856 and order.number not in self.rejected
        )

    # -- money -----------------------------------------------------------------------------------

    def _bill(self, came: Set, now: datetime) -> None:
        big = came.first("BIG")
        total = Decimal(came.first("TDS")[1]) / 100
        self.bills.setdefault(big[2], Bill(big[2], big[4], total, now))

    def pay(self, now: datetime) -> Payment | None:
        """One 820 for all that was billed a day ago or longer."""
        due = [bill for bill in self.bills.values() if not bill.paid and now - bill.came >= timedelta(days=1)]
        if not due:
            return None
        number = self.numbers()
        payment = Payment(f"{self.name[:3].upper()}{number:08d}", self._kept_back(due), (now + timedelta(days=2)).date())
        text = write(self.style, "RA", number, now, [self._820(due, payment)])
        self._drop(f"820_{self.name}_{number:06d}.edi", text)
        return payment

    def _kept_back(self, due: list[Bill]) -> Decimal:
        for bill in due:
            bill.paid = True
            order = self.plan[bill.order]
            is_first = not any(other.kept_back for other in self.bills.values() if other.order == bill.order)
            if order.fault in (Fault.DEDUCTION, Fault.SHORT_PAY) and is_first:
                bill.kept_back = KEPT_BACK
        return sum((bill.total - bill.kept_back for bill in due), Decimal(0))

    def _820(self, due: list[Bill], payment: Payment) -> list[Segment]:
        bank = ["ACH", "CTX", "01", "072000326", "DA", "99000111", "1700555120", "", "01", "087654321", "DA", "55000222"]
        return [
            ["820"],
            ["BPR", "C", _plain(payment.amount), "C", *bank, f"{payment.on:%Y%m%d}"],
            ["TRN", "1", payment.trace, "1700555120"],
            ["N1", "PR", self.name.upper()],
            ["N1", "PE", "MERIDIAN HOME GOODS", "92", "700418826"],
            ["ENT", "1"],
            *(segment for bill in due for segment in self._paid(bill)),
        ]

    def _paid(self, bill: Bill) -> Iterator[Segment]:
        explained = bill.kept_back and self.plan[bill.order].fault == Fault.DEDUCTION
        net = bill.total - bill.kept_back
        yield ["RMR", "IV", bill.number, "", _plain(net), _plain(bill.total if explained else net)]
        yield ["REF", "PO", bill.order]
        if explained:
            yield ["ADX", _plain(-bill.kept_back), "04"]

    def _drop(self, name: str, text: str) -> None:
        (self.mailbox / "inbox" / name).write_bytes(text.encode("latin-1"))


def trade_of(name: str, sample: str) -> Trade:
    """What a retailer may order, as its sample shows it."""
    first, blocks, _ = _parts(segments_of(sample))
    offers = tuple(_offer(block) for block in blocks.values())
    charge = next((Decimal(sac[5]) / 100 * (1 if sac[1] == "C" else -1) for sac in first if sac[0] == "SAC"), Decimal(0))
    answers = ("856", "810") if name == "bellhaven" else ("855", "856", "810")
    return Trade(name, offers, _CARTONS[name], charge, answers, refuses_prices_itself=name == "hearthline")


def order_of(came: Set) -> str:
    """The number of the order a set is about."""
    match came.code:
        case "855":
            return came.first("BAK")[3]
        case "856":
            return came.first("PRF")[1]
        case "810":
            return came.first("BIG")[4]
    return ""


def _parts(segments: list[Segment]) -> tuple[list[Segment], dict[str, list[Segment]], list[Segment]]:
    """A sample's set: what stands before its lines, its lines by their numbers, and what stands after them."""
    body = segments[3:-3]
    tags = [segment[0] for segment in body]
    begin, end = tags.index("PO1"), tags.index("CTT")
    blocks: dict[str, list[Segment]] = {}
    for segment in body[begin:end]:
        if segment[0] == "PO1":
            number = segment[1]
        blocks.setdefault(number, []).append(segment)
    return body[:begin], blocks, body[end:]


def _offer(block: list[Segment]) -> Offer:
    line = block[0]
    named = next((int(segment[1]) for segment in block if segment[0] == "PO4"), 1)
    product = next((value for value in line if value in _CARTON), "")
    pack = 1 if line[3] != "EA" else _CARTON.get(product, named)
    stores = tuple(store for segment in block if segment[0] == "SDQ" for store in segment[3::2])
    return Offer(line[1], line[3], pack, Decimal(line[4]), stores)


def _headed(segment: Segment, number: str, today: date) -> Segment:
    match segment[0]:
        case "BEG":
            return [*segment[:3], number, segment[4], f"{today:%Y%m%d}"]
        case "DTM":
            return [*segment[:2], f"{today + timedelta(days=DAYS[segment[1]]):%Y%m%d}"]
    return segment


def _counted(segment: Segment, lines: int, count: int, goods: Decimal) -> Segment:
    if segment[0] == "CTT":
        return ["CTT", str(lines), *([str(count)] if len(segment) > 2 else [])]
    return [*segment[:2], _plain(goods)] if segment[0] == "AMT" else segment


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
