"""How every order should have ended, and whether it did; what went wrong, and whether the gateway said so."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal

from simulation.book import Book, Broken
from simulation.gateway import Flag, Gateway
from simulation.plan import KEPT_BACK, Fault, Plan, Planned
from simulation.retailer import Retailer

from edi_gateway.views.orders import OrderRow

SAYS = ("flow.held", "compliance.breach", "answer.owed_overdue", "acknowledgment.overdue", "order.refused")


class Truth:
    """Knows the plan and the retailers' book, and looks at the gateway from outside."""

    def __init__(self, plan: Plan, book: Book, retailers: Mapping[str, Retailer], gateway: Gateway) -> None:
        self._plan, self._book, self._retailers, self._gateway = plan, book, retailers, gateway

    # -- balances --------------------------------------------------------------------------------

    def open_balances(self) -> list[str]:
        """Every order that did not end as it should have, in a sentence."""
        rows, posted = self._gateway.orders(), Counter(self._gateway.posted())
        bills: dict[str, list[Decimal]] = defaultdict(list)
        for retailer in self._retailers.values():
            for bill in retailer.bills.values():
                bills[bill.order].append(bill.kept_back)
        found = []
        for order in self._plan.orders:
            kept = sum(bills[order.number], Decimal(0))
            wrong = [*self._in_the_gateway(order, rows.get((order.retailer, order.number), []), kept), *self._told(order)]
            if posted[order.number] != (0 if order.is_refused else 1):
                wrong.append(f"the ERP was given it {posted[order.number]} times")
            if wrong:
                found.append(f"order {order.number} ({order.fault}): {'; '.join(wrong)}")
        return found

    def _in_the_gateway(self, order: Planned, rows: list[OrderRow], kept: Decimal) -> Iterator[str]:
        if order.fault == Fault.DUPLICATE_ORDER:  # the second is there as what it is: refused
            rows = [row for row in rows if row.state != "rejected"]
        if len(rows) != 1:
            yield f"{len(rows)} orders are there"
            return
        row = rows[0]
        shipped = Decimal(0) if order.is_refused else order.goods
        state = "rejected" if order.is_refused else "paid"
        expected = {"state": state, "shipped": shipped, "billed": order.total, "paid": order.total - kept, "open": Decimal(0)}
        for name, value in expected.items():
            if (seen := getattr(row, name)) != value:
                yield f"{name} is {seen}, and should be {value}"

    def _told(self, order: Planned) -> Iterator[str]:
        told = self._book.told[order.number]
        wanted = {} if order.is_refused else {line.number: line.quantity for line in order.lines}
        if dict(told.announced) != wanted:
            yield f"{dict(told.announced)} was announced of {wanted}"
        if dict(told.billed) != wanted:
            yield f"{dict(told.billed)} was billed of {wanted}"
        if told.amount != order.total:
            yield f"{told.amount} was billed, and {order.total} is right"

    # -- flags -----------------------------------------------------------------------------------

    def unflagged(self) -> list[str]:
        """Every rule that was broken and everything that went wrong of which the gateway said nothing."""
        told: dict[str, list[Flag]] = defaultdict(list)
        for flag in self._gateway.flags():
            if flag.kind in SAYS:
                told[flag.number].append(flag)
        broken = [str_of(each) for each in self._book.broken if not _says(told, each)]
        cases = {(case.invoice, case.kind): case.amount for case in self._gateway.cases()}
        faults = [text for order in self._plan.orders for text in self._silence(order, told, cases)]
        return [*broken, *faults, *self._repeated_files()]

    def _silence(self, order: Planned, told: Mapping[str, list[Flag]], cases: Mapping[tuple[str, str], Decimal]) -> Iterator[str]:
        """What went wrong with an order and was not told."""
        flags = told.get(order.number, [])
        match order.fault:
            case Fault.PRICE_AGREED:
                seen = any(flag.kind == "flow.held" and "ordered at" in flag.text for flag in flags)
            case Fault.PRICE_REFUSED:
                seen = self._book.told[order.number].refused or order.retailer == "bellhaven"
            case Fault.DUPLICATE_ORDER:
                seen = any(flag.kind in ("flow.held", "order.refused") for flag in flags)
            case Fault.LOST_997:
                seen = self._is_told_of(order, order.lost, "acknowledgment.overdue", told)
            case Fault.REJECTED_856:
                seen = self._is_told_of(order, "856", "flow.held", told)
            case Fault.DEDUCTION | Fault.SHORT_PAY:
                kind = "deduction" if order.fault == Fault.DEDUCTION else "short pay"
                numbers = [bill.number for bill in self._retailers[order.retailer].bills.values() if bill.order == order.number]
                seen = any(cases.get((number, kind)) == KEPT_BACK for number in numbers)
            case _:
                seen = True
        if not seen:
            yield f"order {order.number}: {order.fault} was not told"

    def _is_told_of(self, order: Planned, code: str, kind: str, told: Mapping[str, list[Flag]]) -> bool:
        numbers = self._book.numbers[order.number, code]
        return any(flag.kind == kind and flag.code == code for number in numbers for flag in told.get(number, []))

    def _repeated_files(self) -> Iterator[str]:
        told = self._gateway.repeated_interchanges()
        for retailer, tick in self._plan.repeated:
            first = next(order for order in self._plan.orders if (order.retailer, order.tick) == (retailer, tick))
            number = self._retailers[retailer].sent[first.number]
            if (retailer, number) not in told:
                yield f"interchange {number} of {retailer} came twice, and that was not told"


def str_of(broken: Broken) -> str:
    """A broken rule, in a sentence."""
    return f"{broken.rule}: {broken.code} {broken.number} of order {broken.order}: {broken.text}"


def _says(told: Mapping[str, list[Flag]], broken: Broken) -> bool:
    return any(flag.kind in ("compliance.breach", "flow.held") for flag in told.get(broken.number, []))
