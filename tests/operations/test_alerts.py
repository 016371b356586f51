"""Alerts: made of events, grouped by cause, told step by step, over when their cause is gone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from alert_scenes import Watched, terms
from desk import NOON, NORTHWIND, Desk
from partner_says import accepts, northwind, order

from edi_gateway.errors import TryAgain, Uncertain, WrongInput
from edi_gateway.operations.alert import acknowledge, try_channel
from edi_gateway.operations.alert_notify import MOST_TRIES
from edi_gateway.operations.alert_watch import LATE_NOW, WAS_NEWS, watch_alerts
from edi_gateway.operations.daily_summary import daily_summary
from edi_gateway.operations.dismiss import dismiss
from edi_gateway.operations.resume import resume
from edi_gateway.trading.alertable import HAPPENING, LASTING
from edi_gateway.views.alerts import alert_detail, alerts, untold
from edi_gateway.worker import breaker


@pytest.fixture
def watched(desk: Desk) -> Watched:
    return Watched(desk)


def hold_orders(desk: Desk, *numbers: str) -> None:
    """Orders that wait for a person: their price is not ours."""
    desk.drop(northwind(len(desk.interchanges()) + 1, *(order(number, price="99.99") for number in numbers)))


# -- made of events ------------------------------------------------------------------------------


def test_what_waits_for_a_person_becomes_an_alert_and_is_told(watched: Watched):
    hold_orders(watched.desk, "PO-1")
    assert watched.look() == 1
    alert = watched.alert()
    assert (alert.rule, alert.level, alert.partner, alert.state, alert.count) == ("held", "warning", NORTHWIND, "open", 1)
    [(channel, message)] = watched.told
    assert channel == "desk"
    assert message.subject.startswith("[warning] held, northwind: ")
    assert f"edi-gateway alert acknowledge {alert.id}" in message.text


def test_two_hundred_failures_of_one_cause_are_one_alert_with_a_count(watched: Watched):
    for number in range(200):
        watched.happens("as2.refused", f"as2:{number}", f"message <{number}@them> is refused: its signature is wrong — ask them")
    watched.look()
    assert watched.alert().count == 200
    [(_, message)] = watched.told
    assert "(200 ×)" in message.subject
    assert "and 180 more" in message.text


def test_failures_of_two_causes_or_two_partners_are_two_alerts(watched: Watched):
    watched.happens("as2.refused", "as2:1", "the signature is wrong")
    watched.happens("as2.refused", "as2:2", "the certificate expired")
    watched.happens("as2.refused", "as2:3", "the signature is wrong", partner="cascade")
    assert watched.look() == 3


def test_an_alert_that_tells_of_two_partners_is_of_neither(desk: Desk):
    watched = Watched(desk, terms(rules=[{"name": "cash", "when": ["cash.question"], "one_per": "rule"}]))
    watched.happens("cash.question", "remittance:1", "12.00 short")
    watched.look()
    assert watched.alert().partner == NORTHWIND
    watched.happens("cash.question", "remittance:2", "1,000.00 short for cascade", partner="cascade")
    watched.look()
    assert watched.alert().partner is None
    watched.happens("cash.question", "remittance:3", "3.00 short")
    watched.look()
    assert watched.alert().partner is None


def test_what_no_rule_names_makes_no_alert(watched: Watched):
    watched.happens("set.sent", "transaction:1")
    assert watched.look() == 0


def test_every_event_counts_once_however_often_one_looks(watched: Watched):
    watched.happens("as2.refused", "as2:1")
    for _ in range(3):
        watched.look()
    assert watched.alert().count == 1
    assert len(watched.told) == 1


def test_a_crash_between_reading_and_keeping_counts_nothing_twice(watched: Watched, monkeypatch: pytest.MonkeyPatch):
    for number in range(3):
        watched.happens("as2.refused", f"as2:{number}")
    monkeypatch.setattr("edi_gateway.store.alerts.Alerts.have_read", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        watched.look()
    monkeypatch.undo()
    watched.look()
    assert watched.alert().count == 3


def test_alerts_are_the_same_whether_events_are_read_one_by_one_or_all_at_once(
    make_desk: Callable[..., Desk], monkeypatch: pytest.MonkeyPatch
):
    desk = make_desk()
    hold_orders(desk, "PO-1", "PO-2")
    watched = Watched(desk)
    for number in range(5):
        watched.happens("as2.refused", f"as2:{number}")
    monkeypatch.setattr("edi_gateway.operations.alert_watch.BATCH", 1)
    watched.look()
    assert sorted((alert.rule, alert.count) for alert in watched.alerts()) == [("as2-refused", 5), ("held", 2)]


def test_what_was_over_before_anybody_looked_makes_no_alert(watched: Watched):
    hold_orders(watched.desk, "PO-1")
    resume(watched.desk.store, watched.desk.flow("held").id, by="ann")
    assert watched.look() == 0


def test_happenings_from_long_ago_make_no_alert_when_alerts_are_first_looked_for(watched: Watched):
    watched.happens("as2.refused", "as2:1")
    watched.desk.clock.advance(timedelta(days=8))
    assert watched.look() == 0


# -- rules ---------------------------------------------------------------------------------------


def test_a_rule_of_the_file_goes_before_those_built_in(desk: Desk):
    rule = {"name": "prices", "when": ["flow.held"], "saying": ["99.99"], "level": "urgent", "one_per": "rule"}
    watched = Watched(desk, terms(rules=[rule]))
    hold_orders(desk, "PO-1")
    watched.look()
    assert (watched.alert().rule, watched.alert().level) == ("prices", "urgent")


def test_a_rule_for_one_partner_leaves_the_others_to_the_next(desk: Desk):
    rule = {"name": "theirs", "when": ["as2.refused"], "partners": ["cascade"]}
    watched = Watched(desk, terms(rules=[rule]))
    watched.happens("as2.refused", "as2:1")
    watched.look()
    assert watched.alert().rule == "as2-refused"


def test_a_rule_built_in_can_be_taken_away(desk: Desk):
    watched = Watched(desk, terms(off=["as2-refused"]))
    watched.happens("as2.refused", "as2:1")
    assert watched.look() == 0


# -- over ----------------------------------------------------------------------------------------


def test_an_alert_is_over_when_its_cause_is_gone_and_who_was_told_is_told_that(any_desk: Desk):
    watched = Watched(any_desk)
    hold_orders(watched.desk, "PO-1", "PO-2")
    watched.look()
    first, second = watched.desk.flows("held")
    dismiss(watched.desk.store, first.id, because="by telephone", by="ann")
    watched.look()
    assert watched.alert().count == 2
    resume(watched.desk.store, second.id, by="ann")
    watched.look()
    assert watched.alerts() == []
    assert [message.subject.split("]")[0] for _, message in watched.told] == ["[warning", "[over"]
    assert "Alert 1 is over" in watched.told[-1][1].text


def test_what_was_told_at_half_time_and_is_late_now_is_not_told_as_over(watched: Watched):
    watched.desk.drop(northwind(1, order("PO-1")))
    for _ in range(6):
        watched.desk.later(hours=10)
        watched.look()
    told = [message.subject.partition(",")[0] for _, message in watched.told]
    assert {"[notice] acknowledgment-half-time", "[warning] acknowledgment-late"} <= {*told}
    assert not [subject for subject in told if "[over]" in subject]
    assert [alert.rule for alert in watched.alerts()] == ["acknowledgment-late"]
    assert {one.resolved_because for one in alerts(watched.desk.store, all=True)} == {"", LATE_NOW}
    watched.desk.drop(northwind(2, *(accepts(group, 1, code) for group, code in (("PR", "855"), ("SH", "856"), ("IN", "810")))))
    watched.look()
    assert "[over] acknowledgment-late" in watched.told[-1][1].subject


def test_nobody_is_told_that_something_is_over_who_was_not_told_of_it(watched: Watched):
    watched.terms = terms(escalations=[])
    hold_orders(watched.desk, "PO-1")
    watched.look()
    resume(watched.desk.store, watched.desk.flow("held").id, by="ann")
    watched.terms = terms()
    watched.look()
    assert watched.told == []


def test_that_it_is_over_rings_nobody_at_night(desk: Desk):
    hours = {"hours": {"opens": "08:00", "closes": "17:00"}, "time_zone": "America/Chicago"}
    channels = [{"name": "desk", "kind": "webhook", "url": "https://desk.example", **hours}]
    watched = Watched(desk, terms(channels=channels, escalations=[{"name": "usual", "steps": [{"tell": ["desk"]}]}]))
    hold_orders(desk, "PO-1")
    watched.look()
    desk.clock.advance(timedelta(hours=10))
    resume(desk.store, desk.flow("held").id, by="ann")
    watched.look()
    assert watched.channels() == ["desk"]
    watched.later(hours=13)
    assert watched.channels() == ["desk", "desk"]


def test_a_connection_that_works_again_closes_its_alert(watched: Watched):
    with watched.desk.store.write() as unit:
        for _ in range(3):
            breaker.failed(unit, "wire:northwind-mailbox", "no route to host", watched.desk.clock.now())
            watched.desk.clock.advance(timedelta(seconds=1))
    watched.look()
    assert (watched.alert().rule, watched.alert().level) == ("out-of-order", "urgent")
    with watched.desk.store.write() as unit:
        breaker.worked(unit, "wire:northwind-mailbox")
    watched.look()
    assert watched.alerts() == []


def test_a_happening_is_over_once_somebody_acknowledged_it_or_after_a_week(watched: Watched):
    watched.happens("as2.refused", "as2:1", "one")
    watched.happens("as2.refused", "as2:2", "another")
    watched.look()
    acknowledge(watched.desk.store, 1, by="ann")
    watched.look()
    assert [alert.id for alert in watched.alerts()] == [2]
    watched.desk.clock.advance(timedelta(days=7))
    watched.look()
    assert watched.alerts() == []


def test_the_same_after_it_was_over_is_an_alert_of_its_own(watched: Watched):
    for number in ("PO-1", "PO-2"):
        hold_orders(watched.desk, number)
        watched.look()
        resume(watched.desk.store, watched.desk.flow("held").id, by="ann")
        watched.look()
    assert [alert.state for alert in alerts(watched.desk.store, all=True)] == ["resolved", "resolved"]


def test_of_every_cause_that_lasts_it_can_be_asked_whether_it_goes_on(any_desk: Desk):
    subjects = {"lane": "lane:wire:x", "partner": "partner:x", "invoice": "invoice:1/INV-1"}
    with any_desk.store.read() as unit:
        for kind in LASTING:
            subject = subjects.get(kind.partition(".")[0], "transaction:1")
            assert unit.lasting.goes_on(kind, subject, NOON) is (kind == "partner.silent"), kind
        assert [unit.lasting.goes_on(kind, "transaction:1", NOON) for kind in HAPPENING] == [None] * len(HAPPENING)


def test_each_daily_summary_is_told_by_itself_and_ends_without_a_word(any_desk: Desk):
    watched = Watched(any_desk, terms(rules=[{"name": "morning", "when": ["summary.daily"], "level": "notice"}]))
    hold_orders(any_desk, "PO-1")
    for day in ("first", "second"):
        text = daily_summary(any_desk.store)
        watched.look()
        mornings = [message for _, message in watched.told if "morning" in message.subject]
        assert text in mornings[-1].text, day
        any_desk.clock.advance(timedelta(days=1))
    states = {
        alert.began_at: (alert.state, alert.resolved_because)
        for alert in alerts(any_desk.store, all=True)
        if alert.rule == "morning"
    }
    assert [states[at] for at in sorted(states)] == [("resolved", WAS_NEWS), ("open", "")]
    any_desk.clock.advance(timedelta(days=8))
    watched.look()
    assert len([message for _, message in watched.told if "morning" in message.subject]) == 2


# -- told step by step ---------------------------------------------------------------------------


def test_whoever_is_next_is_told_when_nobody_acknowledges_it(watched: Watched):
    watched.happens("as2.refused", "as2:1")
    watched.look()
    watched.later(minutes=119)
    assert watched.channels() == ["desk"]
    watched.later(minutes=1)
    assert watched.channels() == ["desk", "boss"]
    watched.later(days=2)
    assert watched.channels() == ["desk", "boss"]


def test_the_last_step_is_told_again_where_that_is_asked_for(desk: Desk):
    again = [{"name": "usual", "steps": [{"tell": ["desk"]}], "again": "1d"}]
    watched = Watched(desk, terms(escalations=again))
    watched.happens("as2.refused", "as2:1")
    watched.look()
    watched.later(days=2, hours=1)
    assert watched.channels() == ["desk"] * 3
    assert "This is telling 3 of it." in watched.told[-1][1].text


def test_once_somebody_acknowledged_it_nobody_else_is_told(watched: Watched):
    hold_orders(watched.desk, "PO-1")
    watched.look()
    acknowledge(watched.desk.store, 1, by="ann", note="I call them")
    watched.later(days=1)
    assert watched.channels() == ["desk"]
    assert (watched.alert().acknowledged_by, watched.alert().note) == ("ann", "I call them")


def test_what_comes_a_day_after_it_was_acknowledged_is_told_anew(watched: Watched):
    hold_orders(watched.desk, "PO-1")
    watched.look()
    acknowledge(watched.desk.store, 1, by="ann")
    hold_orders(watched.desk, "PO-2")
    watched.look()
    assert watched.channels() == ["desk"]
    watched.desk.clock.advance(timedelta(days=1, minutes=1))
    hold_orders(watched.desk, "PO-3")
    watched.look()
    assert "desk" in watched.channels()[1:]
    assert watched.alert().state == "open"


def test_an_alert_is_acknowledged_by_one_person_and_only_while_it_is_open(watched: Watched):
    watched.happens("as2.refused", "as2:1")
    watched.look()
    acknowledge(watched.desk.store, 1, by="ann")
    with pytest.raises(WrongInput, match="acknowledged already by ann"):
        acknowledge(watched.desk.store, 1, by="bob")
    with pytest.raises(WrongInput, match="there is no alert 9"):
        acknowledge(watched.desk.store, 9, by="bob")


def test_what_does_not_last_is_told_to_nobody_where_the_first_step_waits(desk: Desk):
    patient = [{"name": "usual", "steps": [{"tell": ["desk"], "after": "1h"}]}]
    watched = Watched(desk, terms(escalations=patient))
    hold_orders(desk, "PO-1")
    watched.look()
    resume(desk.store, desk.flow("held").id, by="ann")
    watched.later(hours=2)
    assert watched.told == []


def test_quiet_hours_are_kept_in_their_time_zone_and_urgent_alerts_ring_anyway(desk: Desk):
    hours = {"hours": {"opens": "08:00", "closes": "17:00"}, "time_zone": "America/Chicago"}
    channels = [{"name": "desk", "kind": "webhook", "url": "https://desk.example", **hours}]
    watched = Watched(desk, terms(channels=channels, escalations=[{"name": "usual", "steps": [{"tell": ["desk"]}]}]))
    watched.desk.clock.advance(timedelta(hours=10))  # Tuesday, seven in the evening there
    watched.happens("as2.refused", "as2:1")
    watched.look()
    assert watched.told == []
    watched.desk.clock.advance(timedelta(hours=12, minutes=59))
    watched.look()
    assert watched.told == []
    watched.desk.clock.advance(timedelta(minutes=1))
    watched.look()
    assert watched.channels() == ["desk"]
    watched.desk.clock.advance(timedelta(hours=15))
    hold = {"name": "dead", "when": ["order.refused"], "level": "urgent"}
    watched.terms = watched.terms.model_copy(update={"rules": (*terms(rules=[hold]).rules,)})
    watched.happens("order.refused", "document:1")
    watched.look()
    assert watched.channels() == ["desk", "desk"]


# -- telling is durable --------------------------------------------------------------------------


def test_what_could_not_be_told_is_tried_again_later_and_told_once(watched: Watched):
    watched.happens("as2.refused", "as2:1")
    watched.fails = TryAgain("mail server: cannot be reached")
    watched.look()
    watched.look()
    (notice,) = alert_detail(watched.desk.store, 1).notices
    assert (notice.state, notice.tries, notice.because) == ("due", 1, "mail server: cannot be reached")
    watched.fails = None
    watched.later(minutes=15)
    watched.later(minutes=15)
    assert watched.channels() == ["desk"]


def test_the_same_message_tried_again_has_the_same_key_and_another_step_another(watched: Watched):
    watched.happens("as2.refused", "as2:1")
    keys: list[str] = []

    def keep(channel, message):  # type: ignore[no-untyped-def]  # as Carry has it
        keys.append(message.key)
        raise TryAgain("not now")

    watched.carry = keep  # type: ignore[method-assign]
    watched.look()
    watched.later(minutes=15)
    assert len(set(keys)) == 1
    assert len(keys) >= 2
    watched.later(hours=2)
    assert len(set(keys)) == 2


def test_what_can_not_be_told_for_good_is_seen_and_whoever_is_next_is_told_at_once(watched: Watched):
    watched.happens("as2.refused", "as2:1")
    watched.fails = WrongInput("answered 550 no such mailbox")
    watched.look()
    watched.fails = None
    watched.look()
    assert watched.channels() == ["boss"]
    (lost,) = untold(watched.desk.store)
    assert (lost.channel, lost.state, lost.because) == ("desk", "failed", "answered 550 no such mailbox")
    assert "desk: failed" in watched.desk.events("alert.untold")[0].text


def test_after_too_many_tries_it_counts_as_failed(watched: Watched):
    watched.happens("as2.refused", "as2:1")
    watched.fails = TryAgain("not now")
    watched.look()
    watched.later(days=1)
    assert {(notice.state, notice.tries) for notice in untold(watched.desk.store)} == {("failed", MOST_TRIES)}


def test_what_may_have_arrived_is_not_told_twice_and_whoever_is_next_is_told_at_once(watched: Watched):
    watched.happens("as2.refused", "as2:1")
    watched.fails = Uncertain("went away")
    watched.look()
    watched.fails = None
    watched.later(minutes=30)
    assert watched.channels() == ["boss"]
    assert [notice.state for notice in untold(watched.desk.store)] == ["unknown"]


def test_a_process_that_dies_while_it_tells_leaves_it_told_at_most_once(watched: Watched):
    watched.happens("as2.refused", "as2:1")
    watched.fails = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        watched.look()
    watched.fails = None
    watched.look()
    watched.look()
    assert watched.channels() == ["boss"]


def test_two_who_look_at_once_tell_it_once(watched: Watched):
    watched.happens("as2.refused", "as2:1")
    watch_alerts(watched.desk.store, watched.terms)
    with watched.desk.store.read() as unit:
        (notice,) = unit.notices.due()
    with watched.desk.store.write() as unit:
        assert [unit.notices.begin(notice), unit.notices.begin(notice)] == [True, False]


def test_a_channel_that_is_gone_is_seen(watched: Watched):
    watched.happens("as2.refused", "as2:1")
    watch_alerts(watched.desk.store, watched.terms)
    watched.terms = terms(channels=[{"name": "boss", "kind": "webhook", "url": "https://boss.example"}])
    watched.look()
    assert "there is no channel desk any more" in untold(watched.desk.store)[0].because


# -- trying a channel ----------------------------------------------------------------------------


def test_a_channel_is_tried_by_its_name(watched: Watched):
    try_channel(watched.terms, watched.carry, "boss", by="ann", key="k")
    assert watched.told[0][1].subject == "[test] this is no alert"
    with pytest.raises(WrongInput, match="did you mean 'boss'"):
        try_channel(watched.terms, watched.carry, "bos", by="ann", key="k")


def test_what_a_partner_wrote_stays_on_one_line_of_the_subject(watched: Watched):
    watched.happens("as2.refused", "as2:1", "refused\r\nBcc: everybody@example.com\x1b[2J")
    watched.look()
    assert watched.told[0][1].subject.endswith("refused Bcc: everybody@example.com [2J")
