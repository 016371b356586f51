"""A chart of traffic as SVG: one bar an hour, what came above the line, what went below it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from edi_gateway.wording import count


class Hour(NamedTuple):
    """How many sets came and went in the hour that begins ``at``."""

    at: datetime
    came: int
    went: int


class Bar(NamedTuple):
    """One rectangle, in units of the picture, its hour, and what it says of it when pointed at."""

    at: datetime
    x: float
    y: float
    height: float
    kind: str
    says: str


class Tick(NamedTuple):
    """An hour named below the chart: in UTC, which the script in the page writes in the viewer's own zone."""

    x: float
    at: datetime


class Chart(NamedTuple):
    """What the template draws."""

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    width: int
    height: int
    bar: float
    most: int
    middle: float
    says: str


WIDTH, HEIGHT, FOOT = 720, 160, 18


def chart(hours: Sequence[Hour]) -> Chart:
    """The chart of some hours, oldest first."""
    most = max([1, *(max(hour.came, hour.went) for hour in hours)])
    step, half = WIDTH / max(len(hours), 1), (HEIGHT - FOOT) / 2
    bars: list[Bar] = []
    for place, hour in enumerate(hours):
        came, went = (half - 4) * hour.came / most, (half - 4) * hour.went / most
        said, x = f"{hour.came} in, {hour.went} out", place * step + 2
        bars += [Bar(hour.at, x, half - came, came, "came", said), Bar(hour.at, x, half, went, "went", said)]
    ticks = tuple(Tick(place * step + step / 2, hour.at) for place, hour in enumerate(hours) if hour.at.hour % 3 == 0)
    all_came, all_went = sum(hour.came for hour in hours), sum(hour.went for hour in hours)
    says = f"{count(all_came, 'set')} came and {all_went} went in {len(hours)} hours"
    return Chart(tuple(bar for bar in bars if bar.height), ticks, WIDTH, HEIGHT, step - 4, most, half, says)
