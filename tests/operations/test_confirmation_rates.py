"""R07: how much of an item is confirmed, over all orders of some days; an item below what the partner takes is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

from desk import Desk, Profiles
from partner_says import northwind, order

from edi_gateway.operations.watch_confirmations import watch_confirmations
from edi_gateway.order_to_cash.compliance.confirmation import ConfirmationRate

PACK = """\
pack: Northwind fill rate
source: Vendor Manual §9
dated: 2026-01-01
rules:
  R07: {does: warn, least_percent: "98", days: 28, fee: "25", per: line}
"""


def told(desk: Desk) -> list[str]:
    return [event.text for event in desk.events("compliance.breach") if event.text.startswith("R07")]


def test_an_item_below_the_threshold_is_told_once_a_week(profiles: Profiles, make_desk: Callable[..., Desk]) -> None:
    (profiles.folder / "northwind" / "compliance.yaml").write_text(PACK)
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1", quantity=2000)))
    desk.later(minutes=30)
    assert watch_confirmations(desk.store, desk.directory) == 1
    assert watch_confirmations(desk.store, desk.directory) == 0
    assert told(desk)[0].startswith("R07 IN 000044013 in EA: ")
    assert told(desk)[0].endswith("; at stake by R07: 25 per line (USD)")
    desk.clock.advance(timedelta(days=8))
    assert watch_confirmations(desk.store, desk.directory) == 1


def test_nobody_is_told_where_the_pack_says_nothing_of_it(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1", quantity=2000)))
    desk.later(minutes=30)
    assert watch_confirmations(desk.store, desk.directory) == 0


def test_exactly_the_threshold_is_enough() -> None:
    assert not ConfirmationRate("A", Decimal(100), Decimal(98)).is_below(Decimal(98))
    assert ConfirmationRate("A", Decimal(1000), Decimal("979.999")).is_below(Decimal(98))
