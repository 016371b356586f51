"""A shipment to be tried, read from JSON: every mistake is told with its place and what to do, before anything is judged.

Little has to be said: ``{"cartons": [{"contents": [{"line_number": "1", "quantity": 12}]}]}``. ``at`` is then now, and the
shipment is called TRIAL. What a ship notice needs beyond that, the rules say.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from edi_gateway.documents.base import Carrier
from edi_gateway.documents.order import Order
from edi_gateway.errors import Collected, WrongInput
from edi_gateway.order_to_cash.facts import PackContent, PackedCarton, Shipped
from edi_gateway.wording import did_you_mean

TRIAL = "TRIAL"
_MOST_AWAY = timedelta(days=3660)
_MOST = Decimal(10) ** 12
_PARTS: dict[type, dict[str, type]] = {
    Shipped: {"cartons": PackedCarton, "carrier": Carrier},
    PackedCarton: {"contents": PackContent},
}
_LISTS = ("cartons", "contents")
_NEEDED: dict[type, dict[str, str]] = {
    Shipped: {"cartons": 'give the cartons: "cartons": [{"contents": [{"line_number": "1", "quantity": 12}]}]'},
    PackedCarton: {"contents": 'say what is in it: "contents": [{"line_number": "1", "quantity": 12}]'},
    PackContent: {"line_number": "say of which line of the order it is (PO101)", "quantity": "say how many are in it"},
}
_LIKE = {
    "at": "a moment with its zone: 2026-11-17T15:00:00Z",
    "delivery_on": "a date: 2026-11-20",
    "shipped_on": "a date: 2026-11-17",
    "expires_on": "a date: 2027-05-31",
    "quantity": "a number above 0: 12",
    "weight": "a number above 0, in pounds: 14.5",
    "line_number": 'the number of the line in quotation marks, as the order has it: "1"',
}


def shipped_from_json(body: bytes | str, *, now: datetime, where: str = "the shipment", order: Order | None = None) -> Shipped:
    """A shipment as it is tried. ``where`` is what mistakes call it: a file. Its lines are ``order``'s, where that is given.

    Raises WrongInput for what is no JSON, and Collected with everything that is wrong in it, each with its place.
    """
    given = _json(body, where)
    if not isinstance(given, dict):
        raise WrongInput("is no shipment", where=where, do=_NEEDED[Shipped]["cartons"])
    if mistakes := list(_Reading(where, now, order).wrong(given, Shipped, "")):
        raise Collected(mistakes)
    return msgspec.convert({"at": now, "shipment": TRIAL, **given}, Shipped, strict=False)


def check_lines(shipped: Shipped, order: Order, where: str = "the shipment") -> None:
    """Raises Collected with every content of a line that the order does not have, and every quantity or weight of nothing."""
    found = []
    for i, carton in enumerate(shipped.cartons):
        told = [(f"cartons[{i}].weight", _of_amount("weight", carton.weight))] if carton.weight is not None else []
        for j, content in enumerate(carton.contents):
            here = f"cartons[{i}].contents[{j}]"
            told.append((f"{here}.line_number", _of_line(content.line_number, order)))
            told.append((f"{here}.quantity", _of_amount("quantity", content.quantity)))
        found += [WrongInput(said.what, where=_at(where, place), do=said.do) for place, said in told if said]
    if found:
        raise Collected(found)


class _Said(NamedTuple):
    """What is wrong with a value, and what to do."""

    what: str
    do: str


class _Reading(NamedTuple):
    """How a shipment is read: what mistakes call it, the moment, and the order its lines are of."""

    where: str
    now: datetime
    order: Order | None

    def wrong(self, given: dict[str, Any], type_: type, place: str) -> Iterator[WrongInput]:
        """Fields nobody knows, fields that are missing, values and parts of another shape, from the outside to the inside."""
        fields = {each.name: each.type for each in msgspec.structs.fields(type_)}
        for name in given:
            if name not in fields:
                yield WrongInput(f"'{name}' is no field here", where=_at(self.where, place, name), do=did_you_mean(name, fields))
        for name, do in _NEEDED.get(type_, {}).items():
            if name not in given or (name in _LISTS and given[name] == []):
                yield WrongInput(f"'{name}' is missing", where=_at(self.where, place, name), do=do)
        parts = _PARTS.get(type_, {})
        for name in [each for each in given if each in fields]:
            if name in parts and given[name] is not None:
                yield from self._parts(given[name], parts[name], f"{place}.{name}".lstrip("."), name in _LISTS)
            elif said := self._value(name, given[name], fields[name]):
                yield WrongInput(said.what, where=_at(self.where, place, name), do=said.do)

    def _parts(self, given: Any, type_: type, place: str, is_list: bool) -> Iterator[WrongInput]:
        if is_list and not isinstance(given, list):
            yield WrongInput("has to be a list", where=_at(self.where, place), do="write it in brackets: [ … ]")
            return
        for index, one in enumerate(given if is_list else [given]):
            here = f"{place}[{index}]" if is_list else place
            if isinstance(one, dict):
                yield from self.wrong(one, type_, here)
            else:
                yield WrongInput("has to be an object", where=_at(self.where, here), do="write it in braces: { … }")

    def _value(self, name: str, given: Any, type_: Any) -> _Said | None:
        """What is wrong with one value: it is of another kind, or is no moment, number or line that anybody means."""
        try:
            value = msgspec.convert(given, type_, strict=False)
        except msgspec.ValidationError:
            return _Said("this value is not taken", f"write {_LIKE.get(name, 'text in quotation marks')}")
        if isinstance(value, datetime):
            return _of_moment(value, self.now)
        if isinstance(value, Decimal):
            return _of_amount(name, value)
        return _of_line(value, self.order) if name == "line_number" and self.order else None


def _of_moment(at: datetime, now: datetime) -> _Said | None:
    if at.tzinfo is None:
        return _Said(f"'{at}' has no time zone", f"write {_LIKE['at']}")
    return _Said(f"'{at}' is years away", f"write {_LIKE['at']}") if abs(at - now) > _MOST_AWAY else None


def _of_amount(name: str, number: Decimal) -> _Said | None:
    if number.is_finite() and 0 < number < _MOST:
        return None
    return _Said(f"'{number}' is no number of {'pounds' if name == 'weight' else 'goods'}", f"write {_LIKE[name]}")


def _of_line(number: str, order: Order) -> _Said | None:
    known = [line.number for line in order.lines]
    if number in known:
        return None
    same = [each for each in known if each.lstrip("0") == number.lstrip("0")]
    do = f"write it as the order does: '{same[0]}'" if same else f"its lines are {', '.join(known)}"
    return _Said(f"order {order.number} has no line '{number}'", do)


def _json(body: bytes | str, where: str) -> Any:
    try:
        given = json.loads(body, parse_float=str)
        json.dumps(given, ensure_ascii=False).encode()
        return given
    except UnicodeError:
        raise WrongInput("is not UTF-8 text", where=where, do="save it as UTF-8") from None
    except json.JSONDecodeError as error:
        raise WrongInput(
            f"is no JSON: {error.msg} in column {error.colno}", where=f"{where}:{error.lineno}", do="mend it there"
        ) from None
    except (RecursionError, ValueError):
        raise WrongInput("is nested too deep, or has a number too long, to be a shipment", where=where) from None


def _at(where: str, place: str, name: str = "") -> str:
    return f"{where}: {'.'.join(filter(None, (place, name)))}".removesuffix(": ")
