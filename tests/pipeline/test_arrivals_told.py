"""Interchange numbers that do not follow each other: told, shown, and nothing is held for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from desk import NORTHWIND, Desk, Profiles
from partner_says import northwind, order

from edi_gateway.operations.alert_watch import watch_alerts
from edi_gateway.store.arrivals import Gap, Sender
from edi_gateway.views.alerts import alerts
from edi_gateway.views.numbers import arrivals, counters


def drop(desk: Desk, *numbers: int) -> None:
    for number in numbers:
        desk.drop(northwind(number, order(f"PO-{number}")))


def told(desk: Desk) -> list[str]:
    return [
        event.text
        for event in desk.events()
        if event.kind in ("interchange.gap", "interchange.late", "interchange.out_of_order", "interchange.new_count")
    ]


def test_what_is_left_out_is_told_as_missing_and_what_came_is_processed(desk: Desk) -> None:
    drop(desk, 4, 8)
    assert told(desk) == ["interchange 000000008 came after 000000004: 000000005 to 000000007 are missing"]
    (row,) = arrivals(desk.store, NORTHWIND)
    assert (row.highest, row.last, [gap[:2] for gap in row.missing]) == (8, 8, [(5, 7)])
    desk.later(hours=1)
    assert desk.posted() == ["PO-4", "PO-8"]


def test_one_that_comes_out_of_order_is_told_and_no_longer_missing(desk: Desk) -> None:
    drop(desk, 4, 6, 5)
    assert told(desk) == [
        "interchange 000000006 came after 000000004: 000000005 is missing",
        "interchange 000000005, which was missing, came after 000000006",
    ]
    (row,) = arrivals(desk.store)
    assert (row.highest, row.last, row.late, row.missing) == (6, 5, 1, ())


def test_a_repetition_is_counted_and_told_once_as_what_it_is(desk: Desk) -> None:
    drop(desk, 4, 4)
    assert told(desk) == []
    assert len(desk.events("interchange.duplicate")) == 1
    (row,) = arrivals(desk.store)
    assert (row.again, row.reused) == (1, 0)


def test_another_interchange_under_a_number_that_came_is_counted_apart_from_a_repetition(any_desk: Desk) -> None:
    first, other = northwind(4, order("PO-1")), northwind(4, order("PO-2"))
    for body in (first, other, other):
        any_desk.drop(body)
    (row,) = arrivals(any_desk.store)
    assert (row.again, row.reused, row.late) == (1, 1, 0)


def test_a_number_used_twice_is_an_alert_of_its_partner(desk: Desk) -> None:
    for number in ("PO-1", "PO-2"):
        desk.drop(northwind(4, order(number)))
    watch_alerts(desk.store, desk.directory.alerts)
    (alert,) = alerts(desk.store)
    assert (alert.rule, alert.level, alert.partner) == ("number-reused", "warning", NORTHWIND)
    assert "came before with other bytes" in alert.text


def test_a_sender_that_counts_anew_over_used_numbers_is_seen_by_the_second(desk: Desk) -> None:
    drop(desk, 4, 5, 2000, 2001)
    for number, body in ((4, "PO-A"), (5, "PO-B"), (7, "PO-C")):
        desk.drop(northwind(number, order(body)))
    assert told(desk)[-2:] == [
        "interchange 000000005 came after 000002001, the second in a row: its sender counts anew from here",
        "interchange 000000007 came after 000000005: 000000006 is missing",
    ]


def test_where_every_interchange_is_processed_a_number_that_came_is_counted_as_again(
    profiles: Profiles, make_desk: Callable[..., Desk]
) -> None:
    profiles.replace(NORTHWIND, "interchange: answer again", "interchange: process")
    desk = make_desk()
    drop(desk, 4, 4)
    assert arrivals(desk.store)[0].again == 1


def test_where_every_interchange_is_processed_a_new_count_over_used_numbers_is_seen_and_what_it_leaves_out(
    profiles: Profiles, make_desk: Callable[..., Desk]
) -> None:
    profiles.replace(NORTHWIND, "interchange: answer again", "interchange: process")
    desk = make_desk()
    drop(desk, 1, 2, 3, 3000, 3001)
    for number in (1, 2, 4):
        desk.drop(northwind(number, order(f"PO-new-{number}")))
    assert told(desk)[-2:] == [
        "interchange 000000002 came after 000003001, the second in a row: its sender counts anew from here",
        "interchange 000000004 came after 000000002: 000000003 is missing",
    ]
    assert (arrivals(desk.store)[0].again, arrivals(desk.store)[0].reused) == (0, 2)


def test_tests_use_up_no_number_of_production(any_desk: Desk) -> None:
    for usage, numbers in (("T", (1, 2)), ("P", (1, 2, 3))):
        for number in numbers:
            any_desk.drop(northwind(number, order(f"PO-{usage}{number}"), usage=usage))
    any_desk.drop(northwind(3, order("PO-P3")))
    assert [(row.usage, row.highest, row.again, row.reused) for row in arrivals(any_desk.store)] == [
        ("P", 3, 1, 0),
        ("T", 2, 0, 0),
    ]
    assert (told(any_desk), any_desk.events("interchange.number_reused")) == ([], [])


def test_the_highest_number_once_more_after_its_window_is_told_as_what_it_is(desk: Desk) -> None:
    drop(desk, 4, 5)
    desk.clock.advance(timedelta(days=800))
    drop(desk, 5)
    assert told(desk) == ["interchange 000000005 has the number of the one before it, which came too long ago to be the same"]


def test_what_was_missing_of_a_count_that_ended_is_said_to_be_given_up_and_no_alert_any_more(any_desk: Desk) -> None:
    drop(any_desk, 10, 13, 5000, 5001)
    watch_alerts(any_desk.store, any_desk.directory.alerts)
    assert told(any_desk)[-1].endswith("counts anew from here; 000000011 to 000000012 of the count before will not come any more")
    assert alerts(any_desk.store) == []


def test_a_sender_that_counts_anew_misses_nothing(desk: Desk) -> None:
    drop(desk, 5000, 1, 2)
    assert told(desk) == [
        "interchange 000000001, which nobody missed, came after 000005000",
        "interchange 000000002 came after 000005000, the second in a row: its sender counts anew from here",
    ]


def test_what_is_left_out_where_numbers_begin_again_is_told_and_is_an_alert_until_it_came(any_desk: Desk) -> None:
    def rules() -> list[str]:
        watch_alerts(any_desk.store, any_desk.directory.alerts)
        return [alert.rule for alert in alerts(any_desk.store)]

    drop(any_desk, 999999998, 2)
    assert told(any_desk) == ["interchange 000000002 came after 999999998: 999999999 and 000000001 are missing"]
    assert rules() == ["interchange-missing"]
    drop(any_desk, 1)
    assert rules() == ["interchange-missing"]
    drop(any_desk, 999999999)
    assert rules() == []


def test_of_a_partner_with_one_counter_for_everybody_gaps_say_nothing(profiles: Profiles, make_desk: Callable[..., Desk]) -> None:
    profiles.replace(NORTHWIND, "interchange: answer again", "interchange: answer again\n  numbers: any")
    desk = make_desk()
    drop(desk, 4, 8)
    assert told(desk) == []
    assert arrivals(desk.store)[0].missing == ()


def test_what_waits_for_a_person_has_come_all_the_same(profiles: Profiles, make_desk: Callable[..., Desk]) -> None:
    profiles.replace(NORTHWIND, "interchange: answer again", "payload: hold\n  interchange: answer again")
    desk = make_desk()
    drop(desk, 4)
    drop(desk, 4)
    drop(desk, 5)
    assert told(desk) == []


def test_counters_show_the_last_number_given(desk: Desk) -> None:
    drop(desk, 4)
    assert [(row.scope.partition("|")[0], row.last) for row in counters(desk.store)] == [("group FA", 1), ("interchange", 1)]


def test_missing_numbers_say_since_when(desk: Desk) -> None:
    drop(desk, 4, 6)
    assert arrivals(desk.store)[0].missing == (Gap(5, 5, desk.clock.now()),)


def test_what_is_missing_is_an_alert_that_is_over_when_all_of_it_came(any_desk: Desk) -> None:
    def rules() -> list[str]:
        watch_alerts(any_desk.store, any_desk.directory.alerts)
        return [alert.rule for alert in alerts(any_desk.store)]

    drop(any_desk, 4, 7)
    assert rules() == ["interchange-missing"]
    drop(any_desk, 5)
    assert rules() == ["interchange-missing"]
    any_desk.later(hours=1)
    drop(any_desk, 6, 8)
    assert rules() == []


def test_what_is_missing_of_the_next_count_is_no_reason_for_an_alert_of_the_one_before(any_desk: Desk) -> None:
    drop(any_desk, 5000, 5003)
    watch_alerts(any_desk.store, any_desk.directory.alerts)
    any_desk.clock.advance(timedelta(minutes=1))
    drop(any_desk, 1, 2, 4)
    (came,) = any_desk.interchanges("in")[1:2]
    with any_desk.store.read() as unit:
        assert [gap[:2] for gap in unit.arrivals.gaps(Sender(came.sender, came.receiver, came.usage))] == [(3, 3)]
        assert unit.lasting.goes_on("interchange.gap", f"interchange:{came.id}", came.at) is False


def test_an_alert_names_what_is_missing_still_and_not_what_came(any_desk: Desk) -> None:
    def texts() -> list[str]:
        watch_alerts(any_desk.store, any_desk.directory.alerts)
        return [alert.text for alert in alerts(any_desk.store)]

    drop(any_desk, 4, 7)
    assert texts() == ["interchange 000000007 came after 000000004: 000000005 to 000000006 are missing"]
    any_desk.clock.advance(timedelta(minutes=1))
    drop(any_desk, 9)
    assert texts() == ["interchange 000000009 came after 000000007: 000000008 is missing"]
    drop(any_desk, 8)
    assert texts() == ["interchange 000000007 came after 000000004: 000000005 to 000000006 are missing"]


def test_a_group_under_a_number_that_one_of_its_kind_had_is_told_and_processed(any_desk: Desk) -> None:
    bodies = [northwind(number, order(f"PO-{number}")) for number in (7, 8)]
    for body in (bodies[0], bodies[1].replace(b"*8*X*", b"*7*X*").replace(b"GE*1*8", b"GE*1*7")):
        any_desk.drop(body)
    [told] = any_desk.events("group.number_reused")
    assert told.text == "group PO 7 came under a number that one in interchange 000000007 had; its sets are taken as new"
    any_desk.later(hours=1)
    assert any_desk.posted() == ["PO-7", "PO-8"]


def test_a_group_that_comes_again_with_its_interchange_is_told_as_that_alone(desk: Desk) -> None:
    desk.drop(northwind(7, order("PO-1")))
    desk.drop(northwind(7, order("PO-2")))
    assert desk.events("group.number_reused") == []
    assert len(desk.events("interchange.number_reused")) == 1


def test_of_who_numbers_groups_in_each_interchange_anew_nothing_is_told(desk: Desk) -> None:
    for number in (7, 8):
        body = northwind(number, order(f"PO-{number}"))
        desk.drop(body.replace(f"*{number}*X*".encode(), b"*1*X*").replace(f"GE*1*{number}".encode(), b"GE*1*1"))
    assert desk.events("group.number_reused") == []
    assert len(desk.sets("850")) == 2
