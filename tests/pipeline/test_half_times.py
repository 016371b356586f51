"""At half time there is still time: what they owe us and what we owe them is told then, and again when it is late."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from desk import NORTHWIND, Desk, Profiles
from partner_says import accepts, northwind, order, rejects, ta1

from edi_gateway.errors import TryAgain
from edi_gateway.operations.watch import watch_owed
from edi_gateway.operations.watch_half_times import watch_half_times
from edi_gateway.operations.watch_rejections import watch_rejections
from edi_gateway.pipeline.outbound.their_errors import their_errors
from edi_gateway.pipeline.stages import STAGES
from edi_gateway.store.payloads import Payloads

Make = Callable[..., Desk]


def texts(desk: Desk, kind: str) -> list[str]:
    return [event.text for event in desk.events(kind)]


def about_855(desk: Desk) -> list[str]:
    """What was told at half time of the 855."""
    return [text for text in texts(desk, "acknowledgment.half_time") if "855" in text]


def after_the_order_acknowledgment(desk: Desk) -> None:
    """Interchange 2, group PR 1, an 855, has left at a quarter past three; its answer is due a day later."""
    desk.drop(northwind(1, order("PO-1")))
    desk.later(minutes=10)
    assert desk.codes() == ["997", "855"]


# -- what they owe us ----------------------------------------------------------------------------


def test_at_half_time_it_is_told_once_that_no_acknowledgment_came(desk: Desk):
    after_the_order_acknowledgment(desk)
    desk.later(hours=11)
    assert about_855(desk) == []
    desk.later(hours=2)
    assert about_855(desk) == ["half the time is over, and no acknowledgment from northwind for 855 PO-1"]
    assert desk.set("855").acknowledgment == "awaited"
    desk.later(hours=10)
    assert len(about_855(desk)) == 1
    assert desk.set("855").acknowledgment == "awaited"
    desk.later(hours=2)
    assert desk.set("855").acknowledgment == "overdue"


def test_what_was_answered_before_half_time_is_told_to_nobody(desk: Desk):
    after_the_order_acknowledgment(desk)
    desk.drop(northwind(2, accepts("PR", 1, "855")))
    desk.later(hours=13)
    assert about_855(desk) == []
    assert desk.set("855").acknowledgment == "accepted"


def test_an_answer_after_half_time_counts(desk: Desk):
    after_the_order_acknowledgment(desk)
    desk.later(hours=13)
    desk.drop(northwind(2, accepts("PR", 1, "855")))
    assert desk.set("855").acknowledgment == "accepted"
    assert not [flow for flow in desk.flows("waiting") if flow.subject == f"transaction:{desk.set('855').id}"]


def test_half_time_is_counted_in_their_working_hours_where_the_deadline_is(profiles: Profiles, make_desk: Make):
    profiles.add(NORTHWIND, "calendar: {opens: '08:00', closes: '12:00'}")
    profiles.replace(NORTHWIND, '"855"\n    awaits: {within: 24h}', '"855"\n    awaits: {within: 8h, counted_in: working hours}')
    desk = make_desk()
    after_the_order_acknowledgment(desk)  # Tuesday at ten past nine there: four of eight working hours end on Wednesday
    desk.later(hours=22)
    assert about_855(desk) == []
    desk.later(hours=2)
    assert len(about_855(desk)) == 1


def test_nothing_goes_again_by_itself_unless_that_is_agreed(desk: Desk):
    desk.drop(northwind(1, order("PO-1")))
    desk.later(days=4)
    assert {"855", "856", "810"} <= set(desk.codes())
    assert desk.events("set.retransmitted") == []
    assert not [one.name for one in desk.transmissions("out") if "again" in one.name]


# -- what we owe them ----------------------------------------------------------------------------


def test_an_855_that_is_held_is_told_at_half_time_and_when_it_is_late(desk: Desk):
    desk.drop(northwind(1, order("PO-1", price="99.99")))
    desk.later(hours=11)
    assert watch_half_times(desk.store, desk.directory) == 0
    desk.later(hours=1)
    assert watch_half_times(desk.store, desk.directory) == 1
    assert watch_half_times(desk.store, desk.directory) == 0
    assert "the 855 for order PO-1 has not left to northwind" in texts(desk, "answer.owed_half_time")[0]
    desk.later(hours=12)
    assert watch_owed(desk.store) == 1


def test_a_997_that_cannot_be_written_is_told_at_half_time_and_when_it_is_late(make_desk: Make):
    def broken(flow, tools):  # type: ignore[no-untyped-def]  # as Stage has it
        raise RuntimeError("no 997 today")

    desk = make_desk(stages={**STAGES, "acknowledge": broken})
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=12)
    watch_half_times(desk.store, desk.directory)
    watch_half_times(desk.store, desk.directory)
    assert texts(desk, "acknowledgment.owed_half_time") == [
        "half the time is over, and the acknowledgment of group PO 1 has not left to northwind"
    ]
    desk.later(hours=12)
    watch_owed(desk.store)
    assert len(texts(desk, "acknowledgment.owed_overdue")) == 1


# -- rejections ----------------------------------------------------------------------------------


def test_their_error_is_shown_at_our_segment(desk: Desk):
    after_the_order_acknowledgment(desk)
    desk.drop(northwind(2, rejects("PR", 1, "855")))
    ours = "*".join(desk.sent("855")[0].one("BAK"))
    assert f"(their code 1); ours: {ours}, in which BAK02 is 'AD'" in desk.held()[0]


def test_a_payload_that_cannot_be_opened_just_now_is_not_taken_for_a_removed_one(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    def fails(_payloads: Payloads, _sha256: str) -> None:
        raise TryAgain("too many open files")

    after_the_order_acknowledgment(desk)
    desk.drop(northwind(2, rejects("PR", 1, "855")))
    monkeypatch.setattr(Payloads, "open", fails)
    with desk.store.read() as unit, pytest.raises(TryAgain):
        their_errors(unit, desk.set("855"))


def test_an_856_that_is_rejected_or_late_is_told_though_its_855_was_rejected_before(desk: Desk):
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=8)
    assert desk.codes() == ["997", "855", "856", "810"]
    desk.drop(northwind(2, rejects("PR", 1, "855")))
    desk.drop(northwind(3, rejects("SH", 1, "856")))
    assert [because.split(":")[0] for because in desk.held()] == [
        "northwind answered 855 PO-1",
        f"northwind answered 856 {desk.set('856').business_number}",
    ]
    desk.later(days=2)
    assert desk.set("810").acknowledgment == "overdue"


def test_the_reason_of_a_ta1_that_rejects_the_interchange_is_told(desk: Desk):
    after_the_order_acknowledgment(desk)
    desk.drop(ta1(2, about=2, verdict="R", note="006"))
    assert desk.held()[0].startswith("northwind answered 855 PO-1: rejected: interchange: ")
    assert "(their code 006)" in desk.held()[0]


def test_a_place_that_our_set_does_not_have_is_told_as_they_said_it(desk: Desk):
    after_the_order_acknowledgment(desk)
    answer = rejects("PR", 1, "855")
    answer[3][2] = "999"
    desk.drop(northwind(2, answer))
    assert "segment 999 BAK, BAK02" in desk.held()[0]
    assert "ours:" not in desk.held()[0]


def test_what_an_acknowledgment_leaves_out_and_counts_out_stays_unanswered(profiles: Profiles, make_desk: Make):
    profiles.replace(
        NORTHWIND, "    map: order-acknowledgment-855\n", "    map: order-acknowledgment-855\n    batch: {every: 10m}\n"
    )
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1"), order("PO-2")))
    desk.later(minutes=30)
    assert len(desk.sent("855")) == 1
    answer = rejects("PR", 1, "855")
    answer[-1] = ["AK9", "P", "2", "2", "0"]
    desk.drop(northwind(2, answer))
    assert sorted(row.acknowledgment for row in desk.sets("855")) == ["awaited", "rejected"]
    assert "without a word of 855 PO-2" in texts(desk, "acknowledgment.incomplete")[0]
    answer[-1] = ["AK9", "P", "2", "2", "1"]
    desk.drop(northwind(3, answer))
    assert sorted(row.acknowledgment for row in desk.sets("855")) == ["accepted", "rejected"]


def broken(number: str) -> list[list[str]]:
    """An order we reject: its date is missing."""
    segments = order(number)
    segments[1][5] = ""
    return segments


def test_what_we_rejected_and_never_came_again_is_told_once(any_desk: Desk):
    desk = any_desk
    desk.drop(northwind(1, broken("PO-1")))
    assert desk.set("850").acknowledgment == "rejected"
    desk.later(days=2)
    assert watch_rejections(desk.store, desk.directory) == 0
    desk.later(days=1)
    assert watch_rejections(desk.store, desk.directory) == 1
    assert watch_rejections(desk.store, desk.directory) == 0
    assert "we rejected 850 PO-1 of northwind on 2026-11-17, and it has not come again" in texts(desk, "rejection.unanswered")[0]


def test_what_we_rejected_and_came_again_in_order_is_told_to_nobody(desk: Desk):
    desk.drop(northwind(1, broken("PO-1")))
    desk.drop(northwind(2, order("PO-1")))
    desk.later(days=4)
    assert watch_rejections(desk.store, desk.directory) == 0
