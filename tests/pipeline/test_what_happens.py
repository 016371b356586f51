"""What sample_docs/README.md says happens with each file, happens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from desk import CASCADE, NORTHWIND, Desk, Profiles

from edi_gateway.operations.resume import resume

Make = Callable[..., Desk]


def verdicts(desk: Desk, to: str = NORTHWIND) -> list[list[str]]:
    """AK5 of every set in every 997 we sent."""
    return [segment[1:] for answer in desk.sent("997", to=to) for segment in answer.all("AK5")]


@pytest.mark.parametrize("name", ["northwind-850-plain.edi", "northwind-850-newlines.edi"])
def test_a_right_order_is_accepted_and_acknowledged_with_every_line(desk: Desk, name: str) -> None:
    desk.drop(name)
    desk.later(hours=1)
    assert verdicts(desk) == [["A"]]
    [answer] = desk.sent("855")
    assert len(answer.all("PO1")) == len(desk.sent("855")[0].all("ACK")) > 0


def test_several_sets_get_one_997_and_each_its_own_855(desk: Desk) -> None:
    desk.drop("northwind-850-several-sets.edi")
    assert len(desk.sent("997")) == 1
    assert verdicts(desk) == [["A"]] * 3
    assert "is blocked for sale" in desk.held()[0]
    resume(desk.store, desk.flow("held").id, by="operator")
    desk.run()
    desk.later(hours=1)
    assert len(desk.sent("855")) == 3
    statuses = {segment[1] for answer in desk.sent("855") for segment in answer.all("ACK")}
    assert {"IB", "IR"} <= statuses, statuses  # backordered, rejected


def test_allowances_get_a_ta1_and_a_997(desk: Desk) -> None:
    desk.drop("northwind-850-allowances.edi")
    assert sorted(desk.codes()) == ["997", "ta1"]
    assert verdicts(desk) == [["A"]]


def test_test_usage_is_answered_with_test_usage_and_held_where_no_test_erp_is_named(desk: Desk) -> None:
    desk.drop("northwind-850-test-usage.edi")
    assert desk.sent("997")[0].one("ISA")[15] == "T"
    assert "test_erp" in desk.held()[0]
    assert desk.posted() == []


def test_test_usage_reaches_only_the_test_erp(profiles: Profiles, make_desk: Make) -> None:
    profiles.add(NORTHWIND, "test_erp: simulator-test")
    desk = make_desk()
    desk.drop("northwind-850-test-usage.edi")
    for flow in desk.flows("held"):  # its window to ship has passed by
        resume(desk.store, flow.id, by="operator")
    desk.run()
    assert (desk.posted(), len(desk.posted(test=True))) == ([], 1)


def test_the_remittance_remits_the_two_invoices_and_asks_about_the_deductions(desk: Desk) -> None:
    desk.drop("northwind-850-plain.edi")
    desk.drop("northwind-850-several-sets.edi")
    desk.later(hours=8)
    desk.drop("northwind-820-remittance.edi")
    assert verdicts(desk)[-1] == ["A"]
    assert desk.order("4500881201").remitted > 0
    assert desk.order("4500881201").paid == 0
    asked = [event.text for event in desk.events("cash.question")]
    assert [text for text in asked if text.startswith("discount of 61.61 taken, 0.00 granted")]
    assert [text for text in asked if "reason L7" in text]


def test_their_997_acknowledges_the_855_and_is_not_answered(desk: Desk) -> None:
    desk.drop("northwind-850-plain.edi")
    desk.later(hours=1)
    before = len(desk.sent())
    desk.drop("northwind-997-accepted.edi")
    assert desk.set("855").acknowledgment == "accepted"
    assert len(desk.sent()) == before


def test_their_ta1_acknowledges_interchange_3_and_is_not_answered(desk: Desk) -> None:
    desk.drop("northwind-850-plain.edi")
    desk.later(hours=6)
    before = len(desk.sent())
    desk.drop("northwind-ta1.edi")
    assert {row.control_number: row.acknowledgment for row in desk.interchanges("out")}["000000003"] == "accepted"
    assert len(desk.sent()) == before


def test_cascade_gets_ta1_and_a_997_that_counts_and_an_855_without_lines(desk: Desk) -> None:
    desk.drop("cascade-850-plain.edi", at=CASCADE)
    desk.later(hours=1)
    [answer] = desk.sent("997")
    assert answer.all("AK2") == []
    assert answer.one("AK9") == ["AK9", "A", "1", "1", "1"]
    assert len(desk.sent("ta1")) == 1
    assert desk.sent("855")[0].all("PO1") == []


def test_cascade_s_differences_are_answered_and_the_small_order_is_held(desk: Desk) -> None:
    desk.drop("cascade-850-differences.edi", at=CASCADE)
    assert desk.sent("997")[0].one("AK9")[1:] == ["A", "2", "2", "2"]
    first, second = desk.flows("held")
    assert "is blocked for sale" in first.because
    assert "the least we take is 50" in second.because
    resume(desk.store, first.id, by="operator")
    desk.run()
    desk.later(hours=1)
    [answer] = desk.sent("855")
    assert answer.one("BAK")[3] == "C26-30431"
    assert answer.all("PO1")


def test_two_partners_in_one_file_are_read_each_with_its_delimiters_and_the_stranger_waits(desk: Desk) -> None:
    desk.drop("two-partners.edi")
    assert [row.sender for row in desk.interchanges()] == ["08:7005551200", "ZZ:CASCADESUP"]
    assert len(desk.held()) == 1
    assert verdicts(desk) == [["A"]]


def test_the_same_interchange_is_answered_as_before_and_not_processed(desk: Desk) -> None:
    desk.drop("northwind-850-plain.edi")
    desk.drop("northwind-850-same-interchange.edi")
    first, again = desk.sent("997")
    assert first.body == again.body
    assert desk.posted() == ["4500881201"]


def test_the_same_order_is_accepted_by_997_and_held(desk: Desk) -> None:
    desk.drop("northwind-850-plain.edi")
    desk.drop("northwind-850-same-order.edi")
    assert verdicts(desk) == [["A"], ["A"]]
    assert len(desk.held()) == 1


def test_syntax_errors_are_named_and_the_set_is_rejected(desk: Desk) -> None:
    desk.drop("northwind-850-syntax-errors.edi")
    assert [segment[3] for segment in desk.sent("997")[0].all("AK4")] == ["8", "1", "7"]
    assert verdicts(desk)[0][0] == "R"


def test_northwind_s_wrong_count_rejects_the_set_and_cascade_s_only_warns(desk: Desk) -> None:
    desk.drop("northwind-850-wrong-count.edi")
    desk.drop("cascade-850-count-without-st-se.edi", at=CASCADE)
    assert verdicts(desk)[0][:2] == ["R", "4"]
    assert [row.validation for row in desk.sets("850")] == ["invalid", "warnings"]
    assert verdicts(desk, CASCADE) == [["E", "4"]]


def test_of_the_cut_off_file_nothing_is_ordered_by_half(desk: Desk) -> None:
    desk.drop("northwind-850-cut-off.edi")
    assert verdicts(desk) == [["A"], ["R", "2"]]
    assert desk.sent("997")[0].one("AK9")[5] == "3"
    assert "4500881503" not in desk.posted()


def test_what_nothing_is_agreed_for_is_held_and_answered_in_time(desk: Desk) -> None:
    desk.drop("northwind-860-no-agreement.edi")
    began = desk.clock.now()
    assert len(desk.held()) == 1
    while not desk.sent("997"):
        desk.later(hours=1)
        assert desk.clock.now() - began < timedelta(hours=24)


def test_a_set_we_do_not_know_is_rejected_and_told(desk: Desk) -> None:
    desk.drop("northwind-830-unknown-set.edi")
    assert verdicts(desk) == [["R", "1"]]
    assert desk.events("set.rejected")


def test_the_unknown_sender_waits_with_the_nearest_name_and_is_attached(desk: Desk) -> None:
    desk.drop("unknown-sender-850.edi", at=CASCADE)
    assert "nearest: ZZ:CASCADESUP (cascade)" in desk.held()[0]
    resume(desk.store, desk.flow("held").id, by="operator", attach_to=CASCADE)
    desk.run()
    assert desk.sent("997", to=CASCADE)


@pytest.mark.parametrize("name", ["not-x12.edi", "empty.edi"])
def test_what_is_no_x12_is_kept_and_told_and_nobody_is_answered(desk: Desk, name: str) -> None:
    desk.drop(name)
    assert desk.transmissions()[0].state == "unreadable"
    assert desk.events("payload.unreadable")
    assert desk.sent() == []
