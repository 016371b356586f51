"""The acknowledgment waits for nothing but syntax, and says what was found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from desk import CASCADE, NOON, Desk, Profiles, sample
from partner_says import accepts, change, northwind, order, ta1

from edi_gateway.erp.simulator import Faults
from edi_gateway.errors import Defect, WrongInput
from edi_gateway.mapping.library import Library
from edi_gateway.operations.watch import watch_owed
from edi_gateway.pipeline.inbound.collect import collect
from edi_gateway.x12.wrapping import wrapped


def test_the_997_names_the_group_the_set_and_the_verdict(desk: Desk) -> None:
    desk.drop(northwind(7, order("PO-1")))
    [answer] = desk.sent()
    assert answer.one("AK1")[1:3] == ["PO", "7"]
    assert answer.one("AK2")[1:3] == ["850", "0001"]
    assert answer.one("AK5") == ["AK5", "A"]
    assert answer.one("AK9") == ["AK9", "A", "1", "1", "1"]
    assert desk.set("850").acknowledgment == "accepted"


@pytest.mark.parametrize("error", [WrongInput("the map is broken"), Defect("a promise was broken"), RuntimeError("SELECT 1")])
def test_the_997_leaves_though_the_map_is_broken(desk: Desk, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def broken(_library: Library, _name: str) -> None:
        raise error

    monkeypatch.setattr(Library, "reading", broken)
    desk.drop(northwind(1, order("PO-1")))
    assert desk.codes() == ["997"]
    assert desk.set("850").acknowledgment == "accepted"
    assert desk.posted() == []


def test_the_997_leaves_though_the_erp_is_asleep(desk: Desk) -> None:
    desk.erp.faults = Faults(asleep=True)
    desk.drop(northwind(1, order("PO-1")))
    assert desk.codes() == ["997"]
    desk.erp.faults = Faults()
    desk.later(hours=2)
    assert desk.codes() == ["997", "855"]


def test_the_997_leaves_though_the_order_is_held(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1", price="1")))
    assert desk.codes() == ["997"]
    assert desk.held() == ["line 001: ordered at 1 for one EA, our price is 18.50"]


def test_one_997_answers_a_whole_group(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1"), order("PO-2"), order("PO-3")))
    [answer] = desk.sent("997")
    assert [segment[2] for segment in answer.all("AK2")] == ["0001", "0002", "0003"]
    assert answer.one("AK9") == ["AK9", "A", "3", "3", "3"]


def test_every_group_of_an_interchange_has_its_997(desk: Desk) -> None:
    desk.drop(_two_groups())
    assert [answer.one("AK1")[1:3] for answer in desk.sent("997")] == [["PO", "1"], ["RA", "2"]]


def _two_groups() -> bytes:
    from partner_says import remittance

    first, second = northwind(1, order("PO-1")), northwind(2, remittance("T1", ("90001", "5")))
    group = second[second.index(b"GS*") : second.index(b"IEA")]
    return first.replace(b"IEA*1*", group + b"IEA*2*")


def test_a_set_of_no_known_kind_is_rejected_with_code_1(desk: Desk) -> None:
    desk.drop("northwind-830-unknown-set.edi")
    [answer] = desk.sent()
    assert answer.one("AK5") == ["AK5", "R", "1"]
    assert desk.set("830").validation == "invalid"
    assert desk.events("set.rejected")


def wrong_count() -> bytes:
    return northwind(1, order("PO-1")).replace(b"SE*12*", b"SE*14*")


def test_a_wrong_se01_is_rejected_by_default(desk: Desk) -> None:
    desk.drop(wrong_count())
    assert desk.sent()[0].one("AK5") == ["AK5", "R", "4"]
    assert desk.set("850").validation == "invalid"
    desk.later(hours=6)
    assert desk.codes() == ["997"]


def test_a_wrong_se01_is_noted_and_goes_on_where_the_partner_s_severities_say_warn(
    profiles: Profiles, make_desk: Callable[..., Desk]
) -> None:
    profiles.severities("northwind", set_segment_count="warn")
    desk = make_desk()
    desk.drop(wrong_count())
    assert desk.sent()[0].one("AK5") == ["AK5", "E", "4"]
    assert desk.set("850").validation == "warnings"
    desk.later(hours=6)
    assert desk.codes() == ["997", "855", "856", "810"]


def test_a_wrong_se01_is_not_even_noted_where_they_say_off(profiles: Profiles, make_desk: Callable[..., Desk]) -> None:
    profiles.severities("northwind", set_segment_count="off")
    desk = make_desk()
    desk.drop(wrong_count())
    assert desk.sent()[0].one("AK5") == ["AK5", "A"]
    assert desk.set("850").validation == "valid"


def test_of_a_file_cut_off_what_is_whole_goes_on_and_what_is_not_is_rejected(desk: Desk) -> None:
    desk.drop("northwind-850-cut-off.edi")
    [answer] = desk.sent()
    assert [segment[1:] for segment in answer.all("AK5")] == [["A"], ["R", "2"]]
    assert answer.one("AK9")[5:] == ["3"]
    assert [row.validation for row in desk.sets("850")] == ["valid", "invalid"]
    desk.later(hours=6)
    assert len(desk.posted()) == 1


def test_a_ta1_leaves_when_isa14_asks_for_one(desk: Desk) -> None:
    desk.drop(northwind(77, order("PO-1"), asks=True))
    assert sorted(desk.codes()) == ["997", "ta1"]
    [answer] = desk.sent("ta1")
    assert answer.one("TA1")[1] == "000000077"
    assert answer.one("TA1")[4:] == ["A", "000"]
    assert answer.one("IEA")[1] == "0"


def test_a_ta1_leaves_for_an_interchange_without_a_group(desk: Desk) -> None:
    full = northwind(77, order("PO-1"), asks=True)
    desk.drop(full[: full.index(b"GS*")] + b"IEA*0*000000077~")
    assert desk.codes() == ["ta1"]


def test_a_ta1_leaves_for_an_interchange_whose_only_group_is_nobodys(desk: Desk) -> None:
    desk.drop(northwind(77, order("PO-1"), asks=True).replace(b"GS*PO*7005551200*", b"GS*PO*7005551277*"))
    assert "7005551277" in desk.flow("held").because
    assert desk.codes() == ["ta1"]


def test_no_ta1_leaves_unasked_where_the_profile_says_when_asked(desk: Desk) -> None:
    desk.drop(northwind(77, order("PO-1")))
    assert desk.codes() == ["997"]


def test_a_ta1_leaves_unasked_where_the_profile_says_always(desk: Desk) -> None:
    desk.drop("cascade-850-plain.edi", at=CASCADE)
    assert sorted(desk.codes()) == ["997", "ta1"]


def test_an_acknowledgment_is_never_acknowledged(desk: Desk) -> None:
    desk.drop("northwind-997-accepted.edi")
    desk.drop("northwind-ta1.edi")
    assert desk.sent() == []


def test_not_even_where_it_asks_to_be(desk: Desk) -> None:
    desk.drop(northwind(2, accepts("PR", 1, "855"), asks=True))
    desk.drop(ta1(3, about=2).replace(b"*0*P*", b"*1*P*"))
    assert desk.sent() == []


def test_answers_carry_the_usage_of_what_they_answer(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1"), usage="T", asks=True))
    assert [answer.one("ISA")[15] for answer in desk.sent()] == ["T", "T"]


def test_what_nothing_is_agreed_for_is_held_and_answered_at_half_the_deadline(desk: Desk) -> None:
    desk.drop(northwind(1, change("PO-1")))
    assert "no agreement for 860 004010VICS from northwind" in desk.held()[0]
    assert desk.events("set.no_agreement")
    desk.later(hours=11, minutes=59)
    assert desk.sent() == []
    desk.later(minutes=2)
    [answer] = desk.sent("997")
    assert answer.one("AK5") == ["AK5", "A"]
    assert desk.clock.now() - NOON < timedelta(hours=24)


def test_an_answer_that_waits_for_its_deadline_does_not_hold_back_the_others(desk: Desk) -> None:
    for number in range(60):  # more than the engine takes in one batch
        desk.put(northwind(100 + number, change(f"PO-{number}")))
    desk.drop(northwind(1, order("PO-1")))
    assert desk.codes() == ["997"]
    assert desk.sent()[0].one("AK1")[1:3] == ["PO", "1"]


def test_a_late_answer_waits_for_half_the_deadline_only_in_the_group_that_holds_it(desk: Desk) -> None:
    desk.drop("northwind-860-no-agreement.edi")
    desk.drop(northwind(1, order("PO-1")))
    assert [answer.one("AK1")[1] for answer in desk.sent("997")] == ["PO"]


def test_the_sample_with_three_errors_is_rejected_with_each_of_them(desk: Desk) -> None:
    desk.drop(sample("northwind-850-syntax-errors.edi"))
    [answer] = desk.sent()
    assert [segment[3] for segment in answer.all("AK4")] == ["8", "1", "7"]
    assert answer.one("AK5")[1] == "R"
    assert desk.flows("held") == []


def test_an_order_whose_lines_are_cut_at_a_width_is_read_and_answered_like_any_other(desk: Desk) -> None:
    desk.drop(b"".join(wrapped([northwind(7, order("PO-1"))], 80)))
    [answer] = desk.sent("997")
    assert answer.one("AK5") == ["AK5", "A"]
    assert desk.set("850").validation == "valid"
    assert len(desk.posted()) == 1
    assert "cut at 80 characters" in desk.events("interchange.finding")[0].text


def test_by_the_partner_s_severities_a_group_of_a_release_that_is_not_supported_is_rejected_whole(
    profiles: Profiles, make_desk: Callable[..., Desk]
) -> None:
    profiles.severities("northwind", group_release_unsupported="reject")
    desk = make_desk()
    desk.drop(northwind(7, order("PO-1")).replace(b"*X*004010VICS~", b"*X*009010~"))
    answer = desk.sent()[0]
    assert answer.one("AK5")[1] == "R"
    assert answer.one("AK9")[1:6] == ["R", "1", "1", "0", "2"]


def test_a_997_is_owed_from_when_the_bytes_came_however_late_they_are_read(desk: Desk) -> None:
    desk.put(northwind(1, order("PO-1")))
    for name in desk.polled():
        collect(desk.store, name, desk.connections.source(name))  # on record; then nothing runs for thirty hours
    desk.clock.advance(timedelta(hours=30))
    desk.runner.drain(next(iter(desk.runner.sweep())))  # read, and not answered yet
    with desk.store.read() as unit:
        (group,) = unit.interchanges.groups(desk.interchanges()[0].id)
    assert group.due_at == NOON + timedelta(hours=24)
    watch_owed(desk.store, desk.directory)
    assert len(desk.events("acknowledgment.owed_overdue")) == 1
    desk.run()
    assert "997" in desk.codes()
