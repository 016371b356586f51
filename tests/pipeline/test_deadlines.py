"""What we owe in answer to orders and shipments: due by the partner's calendar, told when overdue, given when it left."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from desk import NOON, NORTHWIND, Desk, Profiles
from partner_says import change, northwind, order

from edi_gateway.operations.dismiss import dismiss
from edi_gateway.operations.watch import watch_owed
from edi_gateway.views.deadlines import deadlines

Make = Callable[..., Desk]


def bad_price(number: str) -> list[list[str]]:
    """An order that is held for a person: its price is not ours."""
    return order(number, price="99.99")


def test_an_855_is_owed_from_when_its_order_came_until_it_left(desk: Desk):
    desk.drop(northwind(1, order("PO-1")))
    (row,) = desk.owed()
    assert (row.partner, row.code, row.number, row.since, row.due_at) == (NORTHWIND, "855", "PO-1", NOON, NOON.replace(day=18))
    desk.later(hours=1)
    assert desk.owed() == []


def test_a_group_is_due_by_what_is_agreed_for_its_own_release(profiles: Profiles, make_desk: Make):
    agreed = '  - set: "850"\n    direction: in\n    release: 004010VICS\n'
    other = agreed.replace("004010VICS", "004030") + "    map: 850-order\n    acknowledgment: {release: 004010, within: 2h}\n"
    profiles.replace(NORTHWIND, f"agreements:\n{agreed}", f"agreements:\n{other}{agreed}")
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1")))
    with desk.store.read() as unit:
        assert unit.interchanges.group(1).due_at == NOON.replace(day=18)


def test_its_deadline_may_be_counted_in_working_hours(profiles: Profiles, make_desk: Make):
    profiles.replace(NORTHWIND, "order_acknowledgment_within: 24h", "order_acknowledgment_within: 6h")
    profiles.replace(NORTHWIND, "  lines: always", "  order_acknowledgment_counted_in: working hours\n  lines: always")
    profiles.add(NORTHWIND, "calendar: {opens: '08:00', closes: '12:00'}")
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1")))  # Tuesday, nine in the morning at their place
    assert desk.owed()[0].due_at == datetime(2026, 11, 18, 17, tzinfo=UTC)


def test_one_that_is_overdue_is_told_once_whatever_holds_it_up(desk: Desk):
    desk.drop(northwind(1, bad_price("PO-1")))
    assert len(desk.held()) == 1
    desk.later(hours=23)
    assert watch_owed(desk.store) == 0
    desk.later(hours=2)
    assert watch_owed(desk.store) == 1
    assert watch_owed(desk.store) == 0
    (told,) = desk.events("answer.owed_overdue")
    assert told.text == "the 855 for order PO-1 was due to northwind at 2026-11-18 15:00 UTC and has not left"


def test_an_855_that_is_owed_for_a_change_is_told_as_its(any_desk: Desk):
    desk = any_desk
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=8)
    desk.drop(northwind(2, change("PO-1")))  # nothing is agreed for it: it is held
    due = [(row.answer, row.about, row.number) for row in deadlines(desk.store) if row.who == "we" and row.answer == "855"]
    assert due == [("855", "change", "PO-1")]
    desk.later(hours=25)
    watch_owed(desk.store)
    assert "the 855 for change of order PO-1 was due" in desk.events("answer.owed_overdue")[0].text


def test_what_a_person_dismissed_is_owed_no_longer(desk: Desk):
    desk.drop(northwind(1, bad_price("PO-1")))
    dismiss(desk.store, desk.flow("held").id, because="withdrawn by telephone", by="ann")
    assert desk.owed() == []


def test_a_partner_that_wants_no_855_is_owed_none(profiles: Profiles, make_desk: Make):
    profiles.replace(NORTHWIND, "order_acknowledgment: true", "order_acknowledgment: false")
    desk = make_desk()
    desk.drop(northwind(1, bad_price("PO-1")))
    assert desk.owed() == []


def test_a_rejected_order_is_owed_nothing_but_its_997(desk: Desk):
    broken = order("PO-1")
    broken[1][3] = ""
    desk.drop(northwind(1, broken))
    assert desk.owed() == []


def test_an_856_and_an_810_are_owed_from_when_the_goods_left(profiles: Profiles, make_desk: Make):
    terms = "  ship_notice_within: 30m\n  invoice_within: 24h\n  invoice: true\n"
    profiles.replace(NORTHWIND, "  invoice: true\n", terms)
    for map_ in ("ship-notice-856", "invoice-810"):
        profiles.replace(NORTHWIND, f"    map: {map_}\n", f'    map: {map_}\n    batch: {{at: ["07:00"]}}\n')
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=6)
    by_code = {row.code: row for row in desk.owed()}
    left = by_code["856"].since
    assert (by_code["856"].due_at - left).total_seconds() == 30 * 60
    assert (by_code["810"].due_at - left).total_seconds() == 24 * 3600
    assert watch_owed(desk.store) == 1  # the 856, which waits for its window of tomorrow
    desk.later(hours=24)
    assert {"856", "810"} <= set(desk.codes())
    assert desk.owed() == []


def test_deadlines_of_both_sides_stand_together_the_most_urgent_first(desk: Desk):
    desk.drop(northwind(1, bad_price("PO-1"), order("PO-2")))
    desk.later(hours=1)
    rows = deadlines(desk.store, NORTHWIND)
    assert [(row.who, row.answer, row.about, row.number) for row in rows] == [
        ("we", "855", "order", "PO-1"),
        ("they", "997", "855", "PO-2"),
    ]
    assert deadlines(desk.store, "cascade") == []
