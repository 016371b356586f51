"""A day is the partner's: what leaves in the evening left that day, wherever midnight is in UTC."""

from __future__ import annotations

from datetime import timedelta

from desk import Desk
from partner_says import northwind, order


def test_what_leaves_in_the_evening_is_told_and_billed_on_that_day(desk: Desk) -> None:
    desk.clock.advance(
        timedelta(hours=6)
    )  # 21:00 UTC, 15:00 in Chicago: it leaves after 01:00 UTC, 19:00 there, and is billed an hour later
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=6)
    assert desk.held() == []
    (notice,), (invoice,) = desk.sent("856"), desk.sent("810")
    assert ["DTM", "011", "20261117"] in notice.all("DTM")
    assert notice.one("BSN")[3:5] == ["20261117", "2000"]
    assert invoice.one("BIG")[1] == "20261117"
