"""A partner's compliance pack at work: what it blocks is held with everything a person has to know, what it warns of goes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest
from billing_scenes import ship
from desk import NOON, NORTHWIND, Desk, Profiles
from partner_says import northwind, order

from edi_gateway.errors import WrongInput
from edi_gateway.operations.dismiss import dismiss
from edi_gateway.operations.resume import resume
from edi_gateway.operations.try_cartons import example_of, try_cartons
from edi_gateway.operations.watch import watch_owed
from edi_gateway.operations.watch_half_times import watch_half_times
from edi_gateway.order_to_cash.facts import PackContent, PackedCarton, Shipped
from edi_gateway.order_to_cash.sscc import sscc
from edi_gateway.store.compliance_checks import ComplianceCheck
from edi_gateway.trading.compliance.catalog import CHECKED
from edi_gateway.x12.envelope import Segment

Make = Callable[..., Desk]
PACK = "pack: Northwind manual\nsource: Vendor Manual §7\ndated: 2026-05-01\nrules:\n"
CHANGES = """\
agreements:
  - set: "860"
    direction: in
    release: 004010VICS
    map: 860-order-change
    acknowledgment: {form: "997", release: 004010VICS, within: 24h}
"""


@pytest.fixture
def with_pack(profiles: Profiles, make_desk: Make) -> Callable[..., Desk]:
    """A gateway whose Northwind has these rules."""

    def make(*rules: str) -> Desk:
        text = PACK + "".join(f"  {rule}\n" for rule in rules or ("R05: {}",))
        (profiles.folder / NORTHWIND / "compliance.yaml").write_text(text)
        return make_desk()

    return make


def shipped(desk: Desk, number: str = "PO-1") -> Desk:
    desk.drop(northwind(1, order(number)))
    desk.later(hours=6)
    return desk


def check_of(desk: Desk, kind: str, number: str) -> ComplianceCheck:
    with desk.store.read() as unit:
        (row,) = unit.documents.of_number(NORTHWIND, kind, number, usage="P")
        found = unit.compliance_checks.of(row.id)
    assert found is not None
    return found


def cancelled(number: str) -> list[Segment]:
    return [["ST", "860", ""], ["BCH", "01", "SA", number, "", "", "20261116", "", "", "", "", "20261117"], ["CTT", "0"]]


def carton(sscc_: str = "", quantity: int = 48) -> Shipped:
    content = PackContent(line_number="001", quantity=Decimal(quantity))
    boxes = (PackedCarton(contents=(content,), weight=Decimal(40), sscc=sscc_),)
    return Shipped(at=NOON, shipment="TRIAL", cartons=boxes, bill_of_lading="B1")


def test_what_a_pack_blocks_is_held_with_rule_place_source_and_what_to_do(with_pack: Callable[..., Desk]) -> None:
    desk = shipped(with_pack('R16: {does: block, pattern: "VICS-\\\\d+", fee: "100"}'))
    (why,) = desk.held()
    assert why.startswith("R16 bill of lading: ")
    assert "(Vendor Manual §7, 2026-05-01; 100 per document) — ask the carrier, and mend it in the ERP" in why
    assert "856" not in desk.codes()


def test_a_person_may_let_it_go_all_the_same_and_that_is_on_record(with_pack: Callable[..., Desk]) -> None:
    desk = shipped(with_pack('R16: {does: block, pattern: "VICS-\\\\d+"}'))
    resume(desk.store, desk.flow("held").id, by="ann")
    desk.run()
    assert "856" in desk.codes()
    assert [event.text[:19] for event in desk.events("compliance.breach")] == ["R16 bill of lading:"]


@pytest.mark.parametrize(("does", "told"), [("warn", 1), ("off", 0)])
def test_what_it_warns_of_goes_and_is_told_and_what_is_off_is_not(with_pack: Callable[..., Desk], does: str, told: int) -> None:
    desk = shipped(with_pack(f'R16: {{does: "{does}", pattern: "VICS-\\\\d+"}}'))
    assert desk.held() == []
    assert "856" in desk.codes()
    assert len(desk.events("compliance.breach")) == told


def test_every_rule_s_verdict_is_kept_under_the_version_of_the_pack(with_pack: Callable[..., Desk]) -> None:
    desk = shipped(with_pack("R16: {does: warn}"))
    found = check_of(desk, "order acknowledgment", "PO-1")
    assert [verdict.rule for verdict in found.verdicts] == list(CHECKED["855"])
    assert {verdict.rule for verdict in found.verdicts if verdict.result != "kept"} == {"R07"}  # off, unless a pack asks for it
    assert found.pack == "Northwind manual"
    assert len(found.pack_version) == 64


def quantity(number: str, sequence: str = "") -> list[Segment]:
    """An 860 that wants 40 of the lanterns; the second of two where ``sequence`` says so."""
    head = ["BCH", "04", "SA", number, "", sequence, "20261116", "", "", "", "", "20261117"]
    return [["ST", "860", ""], head, ["POC", "001", "QD", "40", "8", "EA", "18.5", "PE", "IN", "000044013"], ["CTT", "1"]]


def test_a_ship_notice_of_an_order_whose_change_waits_is_held_as_long_as_the_goods_have_not_left(
    profiles: Profiles, with_pack: Callable[..., Desk]
) -> None:
    profiles.replace(NORTHWIND, "agreements:\n", CHANGES)
    desk = with_pack("R25: {does: block}")
    desk.drop(northwind(1, order("PO-1")))
    desk.later(minutes=10)
    desk.erps.clear()  # what leaves is told by hand
    desk.drop(northwind(2, quantity("PO-1", sequence="2")))  # the first never came
    ship(desk, "S1", 24, leaves_in=timedelta(minutes=20))
    (why,) = desk.held()
    assert why.startswith("R25 order change: a change of order PO-1 is not decided on: ")
    dismiss(desk.store, desk.flow("held").id, because="it stays here", by="ann")
    ship(desk, "S2", 24)
    assert [answer.one("BSN")[2] for answer in desk.sent("856")] == ["S2"]
    assert "R25 order change: a change of order PO-1" in desk.events("compliance.breach")[-1].text


def test_a_label_is_not_used_again_within_the_time_the_pack_says(with_pack: Callable[..., Desk]) -> None:
    desk = shipped(with_pack("R14: {reuse_after: 30d}"))
    with desk.store.read() as unit:
        notice = unit.documents.read(unit.documents.in_thread(1, "ship notice")[0].id)
    used = notice.orders[0].packs[0].sscc  # type: ignore[attr-defined]  # a ship notice
    desk.drop(northwind(2, order("PO-2")))
    again = [v.message for v in try_cartons(desk.tools, "PO-2", carton(used)).verdicts if v.rule == "R14"]
    assert again == [f"{used} was used in shipment {notice.shipment}"]  # type: ignore[attr-defined]
    desk.clock.advance(timedelta(days=31))
    assert [v.result for v in try_cartons(desk.tools, "PO-2", carton(used)).verdicts if v.rule == "R14"] == ["kept"]


def test_cartons_are_tried_before_they_leave_and_nothing_is_recorded(with_pack: Callable[..., Desk]) -> None:
    desk = with_pack("R13: {weight_tolerance_percent: '1'}")
    desk.drop(northwind(1, order("PO-1")))
    before = len(desk.events())
    results = {v.rule: v.result for v in try_cartons(desk.tools, "PO-1", carton(quantity=60)).verdicts}
    assert results["R12"] == "stopped"
    assert results["R14"] == "kept"  # labels are given for the trial alone
    assert len(desk.events()) == before
    assert desk.sets("856") == []


def test_a_foreign_label_is_found_out_at_the_packing_station(with_pack: Callable[..., Desk]) -> None:
    desk = with_pack()
    desk.drop(northwind(1, order("PO-1")))
    foreign = sscc("0999999", 1)
    assert [v.result for v in try_cartons(desk.tools, "PO-1", carton(foreign)).verdicts if v.rule == "R14"] == ["stopped"]


def test_a_trial_for_an_order_nobody_knows_says_so(desk: Desk) -> None:
    with pytest.raises(WrongInput, match="there is no order PO-9 — see 'edi-gateway order list'"):
        try_cartons(desk.tools, "PO-9", carton())
    with pytest.raises(WrongInput, match="there is no order PO-9 of northwind — see 'edi-gateway order list'"):
        try_cartons(desk.tools, "PO-9", carton(), partner="northwind")


def test_an_order_of_two_partners_is_tried_when_it_is_said_whose(desk: Desk) -> None:
    desk.drop("cascade-850-plain.edi", at="cascade")
    desk.drop(northwind(1, order("C26-30417")))
    with pytest.raises(WrongInput, match="cascade and northwind each have an order C26-30417 — say whose: name the partner"):
        try_cartons(desk.tools, "C26-30417", carton())
    assert try_cartons(desk.tools, "C26-30417", carton(), partner=NORTHWIND).verdicts


def test_an_example_holds_only_what_is_left_to_ship_and_a_shipped_order_has_none(with_pack: Callable[..., Desk]) -> None:
    desk = with_pack()
    desk.drop(northwind(1, order("PO-1")))
    assert [one.quantity for one in example_of(desk.tools, "PO-1").cartons[0].contents] == [48]
    desk.later(hours=6)
    assert desk.codes().count("856") == 1
    with pytest.raises(WrongInput, match="nothing is left to ship of order PO-1"):
        example_of(desk.tools, "PO-1")


def test_cartons_tried_long_before_they_leave_say_that_their_notice_is_too_early(with_pack: Callable[..., Desk]) -> None:
    desk = with_pack("R09: {not_earlier_than: 1h}")
    desk.drop(northwind(1, order("PO-1")))
    now = desk.clock.now()
    tried = [msgspec.structs.replace(carton(), at=now + timedelta(minutes=minutes)) for minutes in (60, 61)]
    found = [[v.place for v in try_cartons(desk.tools, "PO-1", each).verdicts if v.rule == "R09"] for each in tried]
    assert found == [[""], ["departure"]]


def test_a_notice_that_is_too_early_is_held_where_the_pack_says_so_and_goes_when_a_person_lets_it(with_pack: Make) -> None:
    desk = with_pack("R09: {does: block, not_earlier_than: 1h}")
    desk.drop(northwind(1, order("PO-1")))
    desk.later(minutes=10)
    desk.erps.clear()  # what leaves is told by hand
    ship(desk, "S1", 24, leaves_in=timedelta(hours=1))
    ship(desk, "S2", 24, leaves_in=timedelta(hours=3))
    assert [answer.one("BSN")[2] for answer in desk.sent("856")] == ["S1"]
    (why,) = desk.held()
    assert "R09 departure: the goods leave at" in why
    desk.later(hours=2)
    resume(desk.store, desk.flow("held").id, by="ann")
    desk.run()
    assert [answer.one("BSN")[2] for answer in desk.sent("856")] == ["S1", "S2"]


# -- on the clock ---------------------------------------------------------------------------------------------------------------


def test_a_late_answer_says_what_is_at_stake(with_pack: Callable[..., Desk]) -> None:
    desk = with_pack('R04: {within: 4h, fee: "50", per: order}')
    desk.drop(northwind(1, order("PO-1", price="99")))  # held: not our price
    desk.clock.advance(timedelta(hours=2))
    assert watch_half_times(desk.store, desk.directory) == 1
    desk.clock.advance(timedelta(hours=2))
    assert watch_owed(desk.store, desk.directory) == 1
    assert desk.events("answer.owed_overdue")[0].text.endswith("has not left; at stake by R04: 50 per order (USD)")


@pytest.fixture
def changing(profiles: Profiles, make_desk: Make) -> Desk:
    """Northwind changes orders, and wants each answered within six hours."""
    profiles.replace(NORTHWIND, "agreements:\n", CHANGES)
    profiles.add(NORTHWIND, "changes: {answered_within: 6h}")
    return make_desk()


def owed(desk: Desk) -> list[tuple[str, str]]:
    return [(row.code, row.number) for row in desk.owed()]


def test_the_answer_to_a_change_is_owed_until_it_left(changing: Desk) -> None:
    changing.drop(northwind(1, order("PO-1")))
    changing.later(minutes=30)
    assert owed(changing) == []
    changing.put(northwind(2, cancelled("PO-1")))
    changing.step()
    assert owed(changing) == [("855", "PO-1")]
    changing.run()
    changing.later(hours=1)
    assert owed(changing) == []


def test_a_change_that_nobody_answers_in_time_is_told(changing: Desk) -> None:
    changing.drop(northwind(1, cancelled("PO-7")))  # its order never came
    assert owed(changing) == [("855", "PO-7")]
    changing.clock.advance(timedelta(hours=6))
    assert watch_owed(changing.store, changing.directory) == 1


def test_a_repeated_change_is_owed_no_second_answer(changing: Desk) -> None:
    changing.drop(northwind(1, order("PO-1")))
    changing.later(minutes=30)
    changing.drop(northwind(2, cancelled("PO-1")))
    changing.later(hours=1)
    changing.drop(northwind(3, cancelled("PO-1")))
    changing.run()
    assert owed(changing) == []


# -- the codes of the 855 -------------------------------------------------------------------------------------------------------


def test_an_855_has_the_codes_the_partner_takes(profiles: Profiles, make_desk: Make) -> None:
    words = "  acknowledgment: {accepted: AC, instead: {backordered: rejected}, partly: quantity changed, rest: left out}\n"
    profiles.replace(NORTHWIND, "  invoice: true\n", f"{words}  invoice: true\n")
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1"), order("PO-2", quantity=9000)))
    desk.later(hours=1)
    assert desk.held() == []
    first, second = sorted(desk.sent("855"), key=lambda sent: sent.one("BAK")[3])
    assert (first.one("BAK")[2], [ack[1:3] for ack in first.all("ACK")]) == ("AC", [["IA", "48"]])
    assert second.one("BAK")[2] == "AC"
    ((code, quantity_),) = [ack[1:3] for ack in second.all("ACK")]
    assert code == "IQ"
    with desk.store.read() as unit:
        (stored,) = unit.threads.of_number(NORTHWIND, "PO-2", usage="P")
    (stands,) = stored.thread.lines
    assert (stands.confirmed, stands.backordered) == (Decimal(quantity_), 0)
    assert stands.confirmed + stands.rejected == 9000
