"""One order, from an inbox to four answers in an outbox."""

from __future__ import annotations

from desk import Desk


def test_an_order_becomes_997_855_856_and_810(any_desk: Desk) -> None:
    any_desk.drop("northwind-850-plain.edi")
    assert any_desk.codes() == ["997"]
    any_desk.later(hours=6)
    assert any_desk.codes() == ["997", "855", "856", "810"]
    assert any_desk.posted() == ["4500881201"]
    assert any_desk.held() == []
