"""A shipment to be tried, read from JSON: every mistake is told with its place and what to do, before anything is judged.

Little has to be said: ``{"cartons": [{"contents": [{"line_number": "1", "quantity": 12}]}]}``. ``at`` is then now, and the
shipment is called TRIAL. What a ship notice needs beyond that, the rules say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from edi_gateway.documents.base import Carrier
from edi_gateway.documents.order import Order
from edi_gateway.errors import Collected, WrongInput
from edi_gateway.order_to_cash.facts import PackContent, PackedCarton, Shipped
from edi_gateway.trading.words import did_you_mean

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
    "expires_on": "a date: 2027-05-31",
    "quantity": "a number: 12",
    "weight": "a number, in pounds: 14.5",
    "line_number": 'the number of the line in quotation marks, as the order has it: "1"',
}


def shipped_from_json(body: bytes | str, *, now: datetime, where: str = "the shipment") -> Shipped:
    """A shipment as it is tried. ``where`` is what mistakes call it: a file.

    Raises WrongInput for what is no JSON, and Collected with everything that is wrong in it, each with its place.
    """
    given = _json(body, where)
    if not isinstance(given, dict):
        raise WrongInput("is no shipment", where=where, do=_NEEDED[Shipped]["cartons"])
    mistakes = list(_wrong(given, Shipped, where, ""))
    if mistakes:
        raise Collected(mistakes)
    try:
        found = msgspec.convert({"at": now, "shipment": TRIAL, **given}, Shipped, strict=False)
    except msgspec.ValidationError as error:
        raise _not_taken(str(error), where) from None
    if mistakes := list(_odd(found, now, where)):
        raise Collected(mistakes)
    return found


def check_lines(shipped: Shipped, order: Order, where: str = "the shipment") -> None:
    """Raises Collected with every content of a line that the order does not have."""
    known = [line.number for line in order.lines]
    named = [
        (f"cartons[{i}].contents[{j}].line_number", content.line_number)
        for i, carton in enumerate(shipped.cartons)
        for j, content in enumerate(carton.contents)
    ]
    mistakes = [
        WrongInput(f"order {order.number} has no line '{number}'", where=f"{where}: {place}", do=_line(number, known))
        for place, number in named
        if number not in known
    ]
    if mistakes:
        raise Collected(mistakes)


def _odd(shipped: Shipped, now: datetime, where: str) -> Iterator[WrongInput]:
    """What is of the right kind and still no moment or number that anybody means."""
    if shipped.at.tzinfo is None:
        yield WrongInput(f"'{shipped.at}' has no time zone", where=f"{where}: at", do=f"write {_LIKE['at']}")
    elif abs(shipped.at - now) > _MOST_AWAY:
        yield WrongInput(f"'{shipped.at}' is years away", where=f"{where}: at", do=f"write {_LIKE['at']}")
    for i, carton in enumerate(shipped.cartons):
        named = [(f"cartons[{i}].weight", carton.weight)]
        named += [(f"cartons[{i}].contents[{j}].quantity", one.quantity) for j, one in enumerate(carton.contents)]
        for place, number in named:
            if number is not None and not (number.is_finite() and abs(number) < _MOST):
                yield WrongInput(f"'{number}' is no number of goods", where=f"{where}: {place}", do=f"write {_LIKE['quantity']}")


def _line(number: str, known: list[str]) -> str:
    same = [each for each in known if each.lstrip("0") == number.lstrip("0")]
    return f"write it as the order does: '{same[0]}'" if same else f"its lines are {', '.join(known)}"


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


def _wrong(given: dict[str, Any], type_: type, where: str, place: str) -> Iterator[WrongInput]:
    """Fields nobody knows, fields that are missing, and parts of another shape, from the outside to the inside."""
    fields, parts = type_.__struct_fields__, _PARTS.get(type_, {})  # type: ignore[attr-defined]  # they are structs
    for name in given:
        if name not in fields:
            yield WrongInput(f"'{name}' is no field here", where=_at(where, place, name), do=did_you_mean(name, fields))
    for name, do in _NEEDED.get(type_, {}).items():
        if name not in given or (name in _LISTS and given[name] == []):
            yield WrongInput(f"'{name}' is missing", where=_at(where, place, name), do=do)
    for name, part in parts.items():
        if name in given and given[name] is not None:
            yield from _wrong_parts(given[name], part, where, f"{place}.{name}".lstrip("."), name in _LISTS)


def _wrong_parts(given: Any, type_: type, where: str, place: str, is_list: bool) -> Iterator[WrongInput]:
    if is_list and not isinstance(given, list):
        yield WrongInput("has to be a list", where=_at(where, place), do="write it in brackets: [ … ]")
        return
    for index, one in enumerate(given if is_list else [given]):
        here = f"{place}[{index}]" if is_list else place
        if isinstance(one, dict):
            yield from _wrong(one, type_, where, here)
        else:
            yield WrongInput("has to be an object", where=_at(where, here), do="write it in braces: { … }")


def _at(where: str, place: str, name: str = "") -> str:
    return f"{where}: {'.'.join(filter(None, (place, name)))}".removesuffix(": ")


def _not_taken(told: str, where: str) -> WrongInput:
    """What msgspec says of a value, in our words and with its place."""
    at = re.search(r" - at `\$\.?(.*?)`$", told)
    place = at[1] if at else ""
    name = re.sub(r"\[.*?\]", "", place).rpartition(".")[2]
    like = _LIKE.get(name, "text in quotation marks")
    return WrongInput("this value is not taken", where=_at(where, place), do=f"write {like}")
