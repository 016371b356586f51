"""Sets that wait for a window and leave together: one interchange, one group for each kind, numbers without a gap."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
import pytest
from desk import NORTHWIND, Desk, Profiles, new_postgres
from partner_says import AT, RELEASE, northwind, order

from edi_gateway.errors import WrongInput
from edi_gateway.pipeline.outbound import interchange as interchanges
from edi_gateway.store.flows import Flows, end_along
from edi_gateway.x12.envelope import Identity, Segment
from edi_gateway.x12.writer import GroupHeader, InterchangeHeader, write_interchange

Make = Callable[..., Desk]
MAPS = {"855": "    map: order-acknowledgment-855\n", "856": "    map: ship-notice-856\n", "810": "    map: invoice-810\n"}
NOON = 'at: ["12:00"]'  # three hours after the scene begins, nine in the morning at their place


def batched(profiles: Profiles, code: str, terms: str) -> None:
    profiles.replace(NORTHWIND, MAPS[code], f"{MAPS[code]}    batch: {{{terms}}}\n")


def three_orders(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1"), order("PO-2"), order("PO-3")))


def answer(number: int, verdicts: dict[str, str]) -> bytes:
    """Their 997 on our group of 855s: a verdict for each ST02."""
    about = [line for set_, code in verdicts.items() for line in (["AK2", "855", set_], ["AK5", code])]
    accepted = sum(code == "A" for code in verdicts.values())
    body: list[Segment] = [["ST", "997", ""], ["AK1", "PR", str(number)], *about]
    body.append(["AK9", "P", str(len(verdicts)), str(len(verdicts)), str(accepted)])
    header = InterchangeHeader(
        sender=Identity("08", "7005551200"), receiver=Identity("12", "6125550148"), control_number=9, at=AT
    )
    group = GroupHeader(code="FA", sender="7005551200", receiver="6125550148", control_number=9, release=RELEASE, at=AT)
    return write_interchange(header, [(group, [body])])


def test_sets_wait_for_their_window_and_leave_in_one_group(profiles: Profiles, make_desk: Make):
    batched(profiles, "855", NOON)
    desk = make_desk()
    three_orders(desk)
    desk.later(hours=2.9)
    assert desk.sent("855") == []
    assert {flow.due_at for flow in desk.flows("waiting")} == {datetime(2026, 11, 17, 18, tzinfo=UTC)}
    desk.later(hours=0.2)
    (sent,) = desk.sent("855")
    assert sent.one("GE")[1:2] == ["3"]
    assert [st[2] for st in sent.all("ST")] == ["0001", "0002", "0003"]
    assert [bak[3] for bak in sent.all("BAK")] == ["PO-1", "PO-2", "PO-3"]
    assert sent.one("IEA")[1:3] == ["1", sent.one("ISA")[13]]


def test_an_answer_matches_each_set_of_the_interchange(profiles: Profiles, make_desk: Make):
    batched(profiles, "855", NOON)
    desk = make_desk()
    three_orders(desk)
    desk.later(hours=3.1)
    number = int(desk.sent("855")[0].one("GS")[6])
    desk.drop(answer(number, {"0001": "A", "0002": "R", "0003": "A"}))
    verdicts = {one.business_number: one.acknowledgment for one in desk.sets("855")}
    assert verdicts == {"PO-1": "accepted", "PO-2": "rejected", "PO-3": "accepted"}
    [why] = [why for why in desk.held() if why.startswith("northwind answered 855")]
    assert why.startswith(f"northwind answered 855 PO-2: rejected — 'edi-gateway document correct {desk.sets('855')[1].id}'")


def test_every_set_of_a_silent_partner_is_told_overdue_and_the_interchange_goes_again_once(profiles: Profiles, make_desk: Make):
    profiles.replace(
        NORTHWIND, 'guide: "855"\n    awaits: {within: 24h}', 'guide: "855"\n    awaits: {within: 2h, retransmit: true}'
    )
    batched(profiles, "855", NOON)
    desk = make_desk()
    three_orders(desk)
    desk.later(hours=3.1)
    desk.fetch()
    desk.later(hours=3)
    overdue = [event for event in desk.events("acknowledgment.overdue") if " 855 " in event.text]
    assert len(overdue) == 3
    first, again = desk.sent("855")
    assert first.body == again.body


def test_as_many_as_may_go_in_one_interchange_leave_without_waiting(profiles: Profiles, make_desk: Make):
    batched(profiles, "855", f"{NOON}, most: 2")
    desk = make_desk()
    three_orders(desk)
    desk.later(hours=1)
    (full,) = desk.sent("855")
    assert len(full.all("ST")) == 2
    desk.later(hours=2.1)
    assert [len(one.all("ST")) for one in desk.sent("855")] == [2, 1]


def test_more_than_fit_leave_in_several_interchanges(profiles: Profiles, make_desk: Make):
    batched(profiles, "855", f"{NOON}, most: 2")
    desk = make_desk()
    desk.drop(northwind(1, *(order(f"PO-{number}") for number in range(5))))
    desk.later(hours=3.1)
    assert sorted(bak[3] for one in desk.sent("855") for bak in one.all("BAK")) == [f"PO-{number}" for number in range(5)]
    assert max(len(one.all("ST")) for one in desk.sent("855")) == 2


def test_kinds_may_share_an_interchange_with_a_group_for_each(profiles: Profiles, make_desk: Make):
    late = 'at: ["23:00"], mixed: true'
    for code in ("856", "810"):
        batched(profiles, code, late)
    desk = make_desk()
    three_orders(desk)
    desk.later(hours=20)
    (sent,) = desk.sent("sets")
    assert [(gs[1], ge[1]) for gs, ge in zip(sent.all("GS"), sent.all("GE"), strict=True)] == [("SH", "3"), ("IN", "3")]
    assert sent.one("IEA")[1] == "2"


def test_a_later_answer_to_the_same_order_takes_along_what_still_waits(profiles: Profiles, make_desk: Make):
    batched(profiles, "855", 'at: ["08:00"]')  # tomorrow
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=8)
    codes = [one.name.partition("_")[0] for one in sorted(desk.sent(), key=lambda one: one.one("ISA")[13])]
    assert codes == ["997", "855", "856", "810"]


def test_numbers_have_no_gap_and_nothing_is_lost_when_writing_fails(
    profiles: Profiles, make_desk: Make, monkeypatch: pytest.MonkeyPatch
):
    batched(profiles, "855", NOON)
    desk = make_desk()
    three_orders(desk)
    write = interchanges.write_interchange
    with monkeypatch.context() as broken:
        broken.setattr(interchanges, "write_interchange", raising(RuntimeError("the power went")))
        desk.later(hours=3)
        assert desk.sent("855") == []
    assert write is interchanges.write_interchange
    desk.later(hours=1)
    desk.later(hours=1)
    numbers = sorted(int(one.control_number) for one in desk.interchanges("out"))
    assert numbers == list(range(1, len(numbers) + 1))
    assert sorted(bak[3] for one in desk.sent("855") for bak in one.all("BAK")) == ["PO-1", "PO-2", "PO-3"]


def raising(error: Exception) -> Callable[..., bytes]:
    def fail(*_: object, **__: object) -> bytes:
        raise error

    return fail


def test_one_that_cannot_be_written_is_held_alone_and_the_others_leave(
    profiles: Profiles, make_desk: Make, monkeypatch: pytest.MonkeyPatch
):
    batched(profiles, "855", NOON)
    desk = make_desk()
    three_orders(desk)
    write = interchanges.write_interchange

    def refuses_po_2(header: InterchangeHeader, groups: list[tuple[GroupHeader, list[list[Segment]]]], *more: object) -> bytes:
        if b"PO-2" in msgspec.json.encode([sets for _, sets in groups]):
            raise WrongInput("this one will not do")
        return write(header, groups, *more)  # type: ignore[arg-type]  # as it is called

    monkeypatch.setattr(interchanges, "write_interchange", refuses_po_2)
    desk.later(hours=3.1)
    assert sorted(bak[3] for one in desk.sent("855") for bak in one.all("BAK")) == ["PO-1", "PO-3"]
    assert desk.held() == ["this one will not do"]
    numbers = sorted(int(one.control_number) for one in desk.interchanges("out"))
    assert numbers == list(range(1, len(numbers) + 1))


def test_set_numbers_may_count_on_from_group_to_group(profiles: Profiles, make_desk: Make):
    profiles.add(NORTHWIND, "control_numbers: {sets: on and on, set_width: 6}")
    desk = make_desk()
    three_orders(desk)
    desk.later(hours=1)
    assert sorted(one.one("ST")[2] for one in desk.sent("855")) == ["000001", "000002", "000003"]


def test_what_went_on_by_itself_at_that_moment_does_not_leave_as_well(
    profiles: Profiles, make_desk: Make, monkeypatch: pytest.MonkeyPatch
):
    batched(profiles, "855", NOON)
    desk = make_desk()
    three_orders(desk)
    desk.later(hours=2)
    before = desk.flows("waiting")
    with desk.store.write() as unit:  # as another process does, between being found and being taken along
        assert end_along(unit.flows, before[1], "elsewhere")
    found = iter([before])
    real = Flows.at_stage
    monkeypatch.setattr(Flows, "at_stage", lambda self, *where, **same: next(found, None) or real(self, *where, **same))
    desk.later(hours=2)
    (sent,) = desk.sent("855")
    assert [bak[3] for bak in sent.all("BAK")] == ["PO-1", "PO-3"]
    assert sent.one("ISA")[13] == "000000002"  # behind the 997's: no number was lost


def test_it_is_the_same_on_postgresql(profiles: Profiles, make_desk: Make, postgres_url: str):
    batched(profiles, "855", NOON)
    desk = make_desk(database=new_postgres(postgres_url))
    three_orders(desk)
    desk.later(hours=3.1)
    (sent,) = desk.sent("855")
    assert [bak[3] for bak in sent.all("BAK")] == ["PO-1", "PO-2", "PO-3"]
