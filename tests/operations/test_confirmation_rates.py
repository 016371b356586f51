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
    assert told(desk)[-1].startswith("R07 IN 000044013 in EA: 480 of 2000 ordered in 28 days are confirmed")
    assert told(desk)[-1].endswith("; at stake by R07: 25 per line (USD)")
    desk.clock.advance(timedelta(days=8))
    assert watch_confirmations(desk.store, desk.directory) == 1


def test_nobody_is_told_where_the_pack_says_nothing_of_it(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1", quantity=2000)))
    desk.later(minutes=30)
    assert watch_confirmations(desk.store, desk.directory) == 0


def test_what_an_855_would_make_of_the_rate_is_told_before_it_leaves(profiles: Profiles, make_desk: Callable[..., Desk]) -> None:
    (profiles.folder / "northwind" / "compliance.yaml").write_text(PACK)
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1", quantity=400)))
    desk.later(minutes=30)
    assert told(desk) == []  # 400 of 400
    desk.drop(northwind(2, order("PO-2", quantity=100)))
    desk.later(minutes=30)
    assert [text.partition(" (")[0] for text in told(desk)] == [
        "R07 IN 000044013 in EA: with this, 480 of 500 ordered in 28 days are confirmed; they take no less than 98%"
    ]
    (breach,) = [each for each in desk.events("compliance.breach") if each.text.startswith("R07")]
    (left,) = [each for each in desk.events("set.sent") if each.text.startswith("855 PO-2")]
    assert breach.id < left.id


def test_half_of_what_they_bear_is_told_before_it_is_used_up(profiles: Profiles, make_desk: Callable[..., Desk]) -> None:
    """They take 80%: at 90% half of what may go unconfirmed is gone."""
    (profiles.folder / "northwind" / "compliance.yaml").write_text(PACK.replace('"98"', '"80"'))
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1", quantity=540)))  # 480 are there
    desk.later(minutes=30)
    assert watch_confirmations(desk.store, desk.directory) == 1
    assert watch_confirmations(desk.store, desk.directory) == 0
    assert "half of what northwind bears is used up: it takes no less than 80%" in told(desk)[-1]


def test_half_way_is_exact() -> None:
    assert not ConfirmationRate("A", Decimal(10), Decimal(9)).is_halfway(Decimal(80))
    assert ConfirmationRate("A", Decimal(10_000), Decimal(8999)).is_halfway(Decimal(80))


def test_exactly_the_threshold_is_enough() -> None:
    assert not ConfirmationRate("A", Decimal(100), Decimal(98)).is_below(Decimal(98))
    assert ConfirmationRate("A", Decimal(1000), Decimal("979.999")).is_below(Decimal(98))
