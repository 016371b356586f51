"""What a change makes of an order: line by line taken or refused, and the order as it is then.

What has left is never taken back: a line of which more has gone than is wanted keeps what has gone. A deleted line stays in the
order with quantity 0, so that answers can speak of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Literal

import msgspec

from edi_gateway.documents.base import DateOf, Value
from edi_gateway.documents.order import Order, OrderLine, each_store_once
from edi_gateway.documents.order_change import ChangedLine, OrderChange
from edi_gateway.order_to_cash.changes.among_stores import among_stores
from edi_gateway.order_to_cash.changes.untaken import other_item, untaken_of_line, untaken_of_order
from edi_gateway.order_to_cash.meant import no_change
from edi_gateway.order_to_cash.stores import doubt_of_sum

NONE = Decimal(0)
_MORE, _LESS = "quantity increase", "quantity decrease"
_QUANTITIES = (_MORE, _LESS, "change", "price and quantity change", "reschedule", "replace all")
_PRICES = ("price change", "price and quantity change", "change", "replace all")
_DATES = "date change"
_KNOWN = {*_QUANTITIES, *_PRICES, _DATES, "add", "delete", "no change"}


class LineChange(Value, frozen=True, kw_only=True):
    """What becomes of one line that a change is about: ``was`` and ``quantity`` are what is wanted of it before and after.

    ``asked`` is the place of its POC in the change, None where the change speaks of the whole order. ``too_late``: it is refused
    because goods have left. ``keeps``: more was said of it than was taken, and a person let that go: in that it stays as it was.
    """

    number: str
    change: str
    unit: str = ""
    was: Decimal = NONE
    quantity: Decimal = NONE
    asked: int | None = None
    refused: str = ""
    too_late: bool = False
    keeps: bool = False


class Revision(Value, frozen=True, kw_only=True):
    """``order`` as it is after what was taken; ``doubts`` are for a person to look at before anything is done.

    ``keeps``: more was said, of a line or of the whole order, than is taken.
    """

    order: Order
    lines: tuple[LineChange, ...] = ()
    doubts: tuple[str, ...] = ()
    keeps: bool = False

    @property
    def refused(self) -> tuple[LineChange, ...]:
        """What was not taken."""
        return tuple(line for line in self.lines if line.refused)

    @property
    def is_refused(self) -> bool:
        """Whether nothing was taken."""
        return bool(self.lines) and len(self.refused) == len(self.lines)

    @property
    def is_too_late(self) -> bool:
        """Whether something was refused because goods have left."""
        return any(line.too_late for line in self.lines)


def revise(
    order: Order,
    change: OrderChange,
    gone: Mapping[str, Decimal],
    *,
    gone_to: Mapping[tuple[str, str], Decimal] | None = None,
    quantities: Literal["total", "difference"] = "total",
    stores_differ: Literal["hold", "accept"] = "hold",
    refused: Mapping[str, str] | None = None,
) -> Revision:
    """What ``change`` makes of ``order``. ``gone`` is what has left of each line, ``gone_to`` of each line for each store.

    ``quantities`` says what POC03 means to this buyer: how many are wanted from now on, or how many more or fewer;
    ``stores_differ`` whether somebody is asked where its stores (SDQ) do not come to a line. ``refused`` names lines our rules do
    not take, with the reason.
    """
    differences, may_differ = quantities == "difference", stores_differ == "accept"
    return _Revising(order, change, gone, gone_to or {}, differences, may_differ, refused or {}).made()


class _Revising:
    def __init__(
        self,
        order: Order,
        change: OrderChange,
        gone: Mapping[str, Decimal],
        gone_to: Mapping[tuple[str, str], Decimal],
        differences: bool,
        may_differ: bool,
        refused: Mapping[str, str],
    ) -> None:
        self._order, self._change, self._gone, self._gone_to = order, change, gone, gone_to
        self._differences, self._may_differ, self._refused = differences, may_differ, refused
        self._lines = {line.number: line for line in order.lines}
        self._has_left = bool(order.lines) and all(gone.get(line.number, NONE) >= line.quantity for line in order.lines)
        self._doubts: list[str] = []

    def made(self) -> Revision:
        lines = tuple(self._changes())
        order = msgspec.structs.replace(self._order, lines=tuple(self._lines.values()))
        if any(not line.refused for line in lines) or not lines:
            order = msgspec.structs.replace(order, dates=_dated(order.dates, self._change.dates))
        if not lines and not (self._change.dates and order.dates != self._order.dates):
            self._doubts.append("it names no line, and nothing of the order that we know how to change")
        self._doubts += self._of_the_whole()
        revision = Revision(order=order, lines=lines)
        asks_of_order = self._change.purpose != "cancellation" and not revision.is_refused
        untaken = tuple(untaken_of_order(self._change, order)) if asks_of_order else ()
        keeps = bool(untaken) or any(line.keeps for line in lines)
        return msgspec.structs.replace(revision, doubts=(*self._doubts, *untaken), keeps=keeps)

    def _changes(self) -> Iterator[LineChange]:
        if self._change.purpose == "cancellation":
            yield from (self._delete(line, "delete", None) for line in self._order.lines)
            return
        named: set[str] = set()
        for place, asked in enumerate(self._change.lines):
            made = self._line(place, asked)
            named.add(made.number)
            untaken = tuple(self._untaken(asked, made))
            self._doubts += untaken
            yield msgspec.structs.replace(made, keeps=bool(untaken))
        if self._change.purpose == "replacement":
            yield from (self._delete(line, "delete", None) for line in self._order.lines if line.number not in named)
        elif not self._change.lines and self._change.dates:
            yield from (self._dates(line, None) for line in self._order.lines)

    def _line(self, place: int, asked: ChangedLine) -> LineChange:
        line, word = self._find(asked), asked.change
        if word not in _KNOWN:
            self._doubts.append(f"line {asked.number}: we do not know what '{word}' (POC02) is to do")
            return LineChange(number=asked.number, change=word, asked=place, refused="unknown change")
        if line is None:
            if word == "add" or self._change.purpose == "replacement":
                return self._add(place, asked)
            return LineChange(number=asked.number, change=word, unit=asked.unit, asked=place, refused="no such line")
        if word == "add" and line.quantity:
            return _refused(line, word, place, "the line is there already")
        if word == "delete":
            return self._delete(line, word, place)
        if asked.unit and asked.unit != line.unit:
            self._doubts.append(f"line {line.number} is ordered in {line.unit} and changed in {asked.unit}")
        if word == "add":  # it was deleted
            return self._add(place, asked)
        return self._dates(line, place, asked) if word == _DATES else self._resize(line, place, asked)

    def _untaken(self, asked: ChangedLine, made: LineChange) -> Iterator[str]:
        """What is said of a line beyond what was taken of it. A quantity or price that its word does not change may be nil."""
        if made.refused:
            return
        line, word = self._lines[made.number], made.change
        if wrong := other_item(line, asked):
            yield wrong
        if self._more(word) or (word not in _QUANTITIES and not asked.quantity):
            asked = msgspec.structs.replace(asked, quantity=None)
        if word not in _PRICES and not asked.unit_price:
            asked = msgspec.structs.replace(asked, unit_price=None)
        if word != "delete":
            yield from untaken_of_line(line, asked, self._order)

    def _find(self, asked: ChangedLine) -> OrderLine | None:
        """By its number; where the buyer gives none, by its items, if just one line has them."""
        if asked.number:
            return self._lines.get(asked.number)
        ids = set(asked.item_ids)
        found = [line for line in self._order.lines if ids & set(line.item_ids)]
        return found[0] if len(found) == 1 else None

    def _add(self, place: int, asked: ChangedLine) -> LineChange:
        new = LineChange(number=asked.number, change=asked.change, unit=asked.unit, asked=place)
        if not asked.number or asked.quantity is None:
            return msgspec.structs.replace(new, refused="an added line needs a number and a quantity")
        if self._has_left:
            return msgspec.structs.replace(new, refused="the order has left", too_late=True)
        if why := self._refused.get(asked.number, ""):
            return msgspec.structs.replace(new, refused=why)
        if not self._may_differ and (wrong := doubt_of_sum(asked.quantity, asked.unit, asked.stores)):
            self._doubts.append(f"line {asked.number}: {wrong}")
        fields = {name: getattr(asked, name) for name in OrderLine.__struct_fields__ if hasattr(asked, name)}
        self._lines[asked.number] = OrderLine(**fields)
        return msgspec.structs.replace(new, quantity=asked.quantity)

    def _delete(self, line: OrderLine, word: str, place: int | None) -> LineChange:
        gone = self._gone.get(line.number, NONE)
        if gone >= line.quantity and gone:
            return _refused(line, word, place, f"all {gone} {line.unit} of it have left", too_late=True)
        return self._take(line, word, place, gone)

    def _resize(self, line: OrderLine, place: int, asked: ChangedLine) -> LineChange:
        """A quantity, a price, or both, and dates that come with them."""
        word, gone = asked.change, self._gone.get(line.number, NONE)
        wanted = self._wanted(line, asked) if word in _QUANTITIES else line.quantity
        price = asked.unit_price if word in _PRICES and asked.unit_price is not None else line.unit_price
        has_left = f"{gone} {line.unit} of it have left"
        if wanted < min(gone, line.quantity) or (gone and price != line.unit_price):
            return _refused(line, word, place, has_left, too_late=True)
        if gone and gone >= line.quantity:
            if wanted == line.quantity and self._says_nothing_new(line, asked):
                return LineChange(number=line.number, change=word, unit=line.unit, was=wanted, quantity=wanted, asked=place)
            return _refused(line, word, place, has_left, too_late=True)
        return self._take(line, word, place, wanted, asked, price)

    def _says_nothing_new(self, line: OrderLine, asked: ChangedLine) -> bool:
        """Whether a line is only named as it stands, beside others that are changed."""
        same_days = asked.change == "no change" or _dated(line.dates, asked.dates) == line.dates
        had, told = ({(one.store, one.quantity) for one in each_store_once(stores)} for stores in (line.stores, asked.stores))
        return same_days and (not told or told == had)

    def _wanted(self, line: OrderLine, asked: ChangedLine) -> Decimal:
        if asked.quantity is None:
            return line.quantity
        if self._differences and asked.change in (_MORE, _LESS):
            return max(line.quantity + (asked.quantity if asked.change == _MORE else -asked.quantity), NONE)
        goes_wrong = asked.quantity < line.quantity if asked.change == _MORE else asked.quantity > line.quantity
        if asked.change in (_MORE, _LESS) and goes_wrong:
            self._doubts.append(
                f"line {line.number} is a {asked.change} to {asked.quantity}, and {line.quantity} are ordered: "
                "if they mean the difference, say so in the profile (changes: quantities: difference)"
            )
        return asked.quantity

    def _dates(self, line: OrderLine, place: int | None, asked: ChangedLine | None = None) -> LineChange:
        gone = self._gone.get(line.number, NONE)
        if gone and gone >= line.quantity:
            return _refused(line, _DATES, place, f"all {gone} {line.unit} of it have left", too_late=True)
        return self._take(line, _DATES, place, line.quantity, asked)

    def _take(
        self,
        line: OrderLine,
        word: str,
        place: int | None,
        wanted: Decimal,
        asked: ChangedLine | None = None,
        price: Decimal | None = None,
    ) -> LineChange:
        if why := self._refused.get(line.number, ""):
            return _refused(line, word, place, why)
        dates = _dated(line.dates, asked.dates) if asked else line.dates
        price = line.unit_price if price is None else price
        basis = asked.price_basis if asked and asked.price_basis and price != line.unit_price else line.price_basis
        told = asked.stores if asked else ()
        more, may_differ = self._more(word), self._may_differ
        among = among_stores(line, wanted, told, self._gone_for(line), more=more, may_differ=may_differ)
        if among.too_late:
            return _refused(line, word, place, among.too_late, too_late=True)
        self._doubts += [among.doubt] if among.doubt else []
        self._lines[line.number] = msgspec.structs.replace(
            line, quantity=wanted, unit_price=price, price_basis=basis, dates=dates, stores=among.stores
        )
        return LineChange(number=line.number, change=word, unit=line.unit, was=line.quantity, quantity=wanted, asked=place)

    def _gone_for(self, line: OrderLine) -> dict[str, Decimal]:
        """What has left of a line, by store."""
        return {store: quantity for (number, store), quantity in self._gone_to.items() if number == line.number}

    def _more(self, word: str) -> Decimal:
        """Whether what is told of stores is how many more (1) or fewer (-1), or how many (0)."""
        return Decimal({_MORE: 1, _LESS: -1}.get(word, 0)) if self._differences else NONE

    def _of_the_whole(self) -> Iterator[str]:
        if doubt := no_change(self._change, self._order):
            yield doubt
        ours, theirs = self._order.ship_to, self._change.ship_to
        if ours and theirs and theirs.id and theirs.id != ours.id:
            yield f"it ships to {theirs.id}, the order to {ours.id}: another place is another order"


def _refused(line: OrderLine, word: str, place: int | None, why: str, *, too_late: bool = False) -> LineChange:
    return LineChange(
        number=line.number,
        change=word,
        unit=line.unit,
        was=line.quantity,
        quantity=line.quantity,
        asked=place,
        refused=why,
        too_late=too_late,
    )


def _dated(before: tuple[DateOf, ...], asked: tuple[DateOf, ...]) -> tuple[DateOf, ...]:
    """The dates there were, those of a qualifier the change names replaced."""
    named = {each.qualifier for each in asked}
    return (*(each for each in before if each.qualifier not in named), *asked)
