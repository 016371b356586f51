"""What scenes about changes of orders (860) have in common: what is agreed, an 860 in short, and what is looked at after it."""

from __future__ import annotations

from collections.abc import Callable

from desk import CHANGES_AGREED, Desk

from edi_gateway.order_to_cash.thread import OrderThread
from edi_gateway.x12.envelope import Segment

AGREED = (
    CHANGES_AGREED
    + """\
  - set: "865"
    direction: out
    release: 004010VICS
    map: order-change-acknowledgment-865
    awaits: {within: 24h}
"""
)
ITEM = ["IN", "000044013", "UP", "614141001378"]
Made = Callable[..., Desk]


def changed(
    number: str, *lines: list[str], purpose: str = "04", sequence: str = "", dates: tuple[str, ...] = ()
) -> list[Segment]:
    """An 860."""
    return [
        ["ST", "860", ""],
        ["BCH", purpose, "SA", number, "", sequence, "20261116", "", "", "", "", "20261117"],
        *(["DTM", *each.split(":")] for each in dates),
        *(["POC", *line] for line in lines),
        ["CTT", str(len(lines))],
    ]


def line(what: str, quantity: int, *, number: str = "001", price: str = "18.5", item: list[str] = ITEM) -> list[str]:
    return [number, what, str(quantity), str(quantity), "EA", price, "PE", *item]


def with_stores(segments: list[Segment], tag: str, *told: str) -> list[Segment]:
    """The same, its first line followed by which stores get how many (SDQ)."""
    at = next(place for place, segment in enumerate(segments) if segment[0] == tag)
    return [*segments[: at + 1], ["SDQ", "EA", "92", *told], *segments[at + 1 :]]


def thread(desk: Desk, number: str = "PO-1") -> OrderThread:
    with desk.store.read() as unit:
        (stored,) = unit.threads.of_number("northwind", number, usage="P")
    return stored.thread


def balances(desk: Desk, *names: str) -> list[tuple[int, ...]]:
    return [tuple(int(getattr(one, name)) for name in names) for one in thread(desk).lines]


def said(desk: Desk, code: str = "855") -> list[tuple[str, list[tuple[str, str]]]]:
    """Purpose and (ACK01, ACK02) of what answered."""
    header = {"855": "BAK", "865": "BCA"}[code]
    return [(answer.one(header)[1], [(ack[1], ack[2]) for ack in answer.all("ACK")]) for answer in desk.sent(code)]
