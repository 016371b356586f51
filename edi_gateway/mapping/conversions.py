"""Named conversions: how the text of an element becomes a value of ours, and back.

The words of the map language say where things come from; what they cannot say is a conversion here, named after what it makes and
used by ``as:``. Most are never named in a map: the types of both ends say which is meant (``inferred``).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any

from edi_gateway.documents.price import line_amount

_NUMBER = re.compile(r"-?(\d+\.?\d*|\.\d+)", re.ASCII)


class Unconvertible(ValueError):
    """A value cannot be converted; the message says why. The map that asked adds where."""


@dataclass(frozen=True)
class Conversion:
    """``read`` makes a ``type`` of text, ``write`` text of it (None where there is no way back).

    One with ``width`` n takes n elements in a row, the named one first, and gives as many. One that ``joins`` makes one text of
    the many an ``each`` takes; its ``write`` gives them back one by one.
    """

    name: str
    type: type
    read: Callable[..., Any]
    write: Callable[[Any], Any] | None
    width: int = 1
    joins: bool = False


@dataclass(frozen=True)
class ListConversion:
    """Turns a whole ``each``: ``read`` makes the document's parts of what was read, ``write`` what is to be written of them.

    ``inner`` is what is read or written once for each segment, ``outer`` what the document holds. ``takes`` says of which of its
    parts anything is written, ``tells`` which of their fields.
    """

    name: str
    outer: type
    inner: type
    read: Callable[[tuple[Any, ...]], tuple[Any, ...]]
    write: Callable[[tuple[Any, ...]], tuple[Any, ...]]
    takes: Callable[[Any], bool] = lambda _: True
    tells: tuple[str, ...] = ()


def read_decimal(text: str) -> Decimal:
    """A number with an explicit point or none (type R or N0). Raises Unconvertible for anything else."""
    if text.isdecimal() or _NUMBER.fullmatch(text):
        return Decimal(text)
    raise Unconvertible("is no number")


def write_decimal(value: Decimal) -> str:
    """Without exponent, trailing zeros or a zero before the point's sake: X12.6 type R."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("", "-", "-0") else text


def read_integer(text: str) -> int:
    """A whole number; ``12.0`` is one too, as partners write it. Raises Unconvertible for anything else."""
    if text.isdecimal():
        return int(text)
    value = read_decimal(text)
    if value != int(value):
        raise Unconvertible("is no whole number")
    return int(value)


def read_date(text: str) -> date:
    """CCYYMMDD, or YYMMDD as releases before 004010 write it (50–99 are 19xx). Raises Unconvertible for no such day."""
    if not text.isdecimal() or len(text) not in (6, 8):
        raise Unconvertible("is no date (CCYYMMDD)")
    if len(text) == 6:
        text = ("19" if text >= "50" else "20") + text
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError as error:
        raise Unconvertible("is no day of the calendar") from error


def write_date(value: date) -> str:
    """CCYYMMDD."""
    return f"{value.year:04d}{value.month:02d}{value.day:02d}"


def _read_date_and_time(day: str, time: str) -> datetime:
    on = read_date(day)
    if not time:
        return datetime(on.year, on.month, on.day)
    if not time.isdecimal() or len(time) < 4:
        raise Unconvertible("is no time (HHMM or HHMMSS)")
    try:
        return datetime(on.year, on.month, on.day, int(time[:2]), int(time[2:4]), int(time[4:6] or "0"))
    except ValueError as error:
        raise Unconvertible("is no time of the day") from error


def _write_date_and_time(value: datetime) -> tuple[str, str]:
    return write_date(value), f"{value:%H%M%S}" if value.second else f"{value:%H%M}"


def _implied(places: int) -> Conversion:
    """Numbers with implied decimals: N2 writes 12.30 as ``1230``."""

    def read(text: str) -> Decimal:
        return read_decimal(text) if "." in text else read_decimal(text).scaleb(-places)

    def write(value: Decimal) -> str:
        scaled = value.scaleb(places)
        if scaled != scaled.to_integral_value():
            raise Unconvertible(f"has more than {places} decimals, which N{places} cannot carry")
        return str(int(scaled))

    return Conversion("cents" if places == 2 else f"N{places}", Decimal, read, write)


def _read_sscc(text: str) -> str:
    """MAN*GM carries the application identifier 00 and 18 digits (GS1); some partners send the 18 alone.

    What is neither stays as it was sent: whoever reads the label says what is wrong with it.
    """
    return text[2:] if len(text) == 20 and text.startswith("00") and text.isdecimal() else text


def _write_sscc(value: str) -> str:
    if len(value) != 18 or not value.isdecimal():
        raise Unconvertible("is no SSCC of 18 digits")
    return f"00{value}"


def _read_line_amount(quantity: str, _unit: str, price: str, basis: str) -> Decimal:
    """What an invoice line comes to, rounded to the cent: IT102 × IT104, by the basis IT105."""
    if not quantity or not price:
        raise Unconvertible("lacks the quantity or the price, so the line has no amount")
    return line_amount(read_decimal(quantity), read_decimal(price), basis)


def _same(text: str) -> str:
    return text


def _on_one_line(text: str) -> str:
    return " ".join(text.splitlines())


TEXT = Conversion("text", str, _same, _same)
DECIMAL = Conversion("decimal", Decimal, read_decimal, write_decimal)
INTEGER = Conversion("integer", int, read_integer, str)
DATE = Conversion("date", date, read_date, write_date)

CONVERSIONS: dict[str, Conversion] = {
    conversion.name: conversion
    for conversion in (
        TEXT,
        DECIMAL,
        INTEGER,
        DATE,
        _implied(2),
        Conversion("date and time", datetime, _read_date_and_time, _write_date_and_time, 2),
        Conversion("sscc", str, _read_sscc, _write_sscc),
        Conversion("one line", str, _same, _on_one_line),
        Conversion("lines", str, _same, str.splitlines, joins=True),
        Conversion("line amount", Decimal, _read_line_amount, None, 4),
    )
}

_BY_TYPE: dict[type, dict[str, Conversion]] = {
    Decimal: {"R": DECIMAL, "N": DECIMAL, "N0": DECIMAL, **{f"N{n}": _implied(n) for n in range(1, 10)}},
    int: {"R": INTEGER, "N": INTEGER, "N0": INTEGER},
    date: {"DT": DATE},
}


_REMEMBERED = 8192  # texts a conversion: quantities, prices and dates come again and again


_NO_TEXT = frozenset({"DT", "R", *(f"N{places}" for places in range(1, 10))})


@cache
def remembering(conversion: Conversion) -> Callable[..., Any]:
    """``read`` that remembers what the last texts became: a third of the time it takes to read an order. Values never change."""
    return conversion.read if conversion.type is str else lru_cache(_REMEMBERED)(conversion.read)


def inferred(field_type: type, element_type: str) -> Conversion | None:
    """The conversion between a field's type and an element's (AN, ID, DT, R, N0 …), where both ends leave no doubt.

    A text is no date and no amount, unless the map says ``as: text``; times and whole numbers (N0) are kept as texts.
    """
    if field_type is str:
        return None if element_type in _NO_TEXT else TEXT
    return _BY_TYPE.get(field_type, {}).get(element_type)
