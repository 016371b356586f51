"""What a buyer answers, and what it expects to be answered."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from square import MAPS, SUPPLIER, TODAY, Square, confirmation, deal, invoice, notice, order, partner

from edi_gateway.simulated_partner import Habits
from edi_gateway.simulated_partner.events import AcknowledgmentSent, Confirmed, Refused, Repeated, SetAcknowledged
from edi_gateway.trading.profile import TradingPartner
from edi_gateway.x12.acknowledgment import Verdict, read_acknowledgment
from edi_gateway.x12.finding import Finding, Level, Scope


@pytest.fixture
def square(tmp_path: Path) -> Square:
    return Square(tmp_path)


REFUSAL = Finding(kind="set.unsupported", scope=Scope.SET, level=Level.ENVELOPE, code="1", message="not taken")


def test_every_set_is_answered_by_a_997(square: Square) -> None:
    placed = deal(square)
    square.write(invoice(placed))
    square.buyer.look()
    answers = [read_acknowledgment(set_) for set_ in square.received("997")]
    assert [(answer.group_code, answer.verdict) for answer in answers] == [
        ("PR", Verdict.ACCEPTED),
        ("SH", Verdict.ACCEPTED),
        ("IN", Verdict.ACCEPTED),
    ]


def test_a_997_is_never_answered(square: Square) -> None:
    square.buyer.order(order())
    square.acknowledge()
    square.buyer.look()
    assert square.received("997") == []


def test_a_look_tells_what_came_and_what_went(square: Square) -> None:
    placed = order()
    square.buyer.order(placed)
    square.acknowledge()
    square.write(confirmation(placed))
    events = square.buyer.look()
    assert [type(event) for event in events] == [SetAcknowledged, Confirmed, AcknowledgmentSent]
    assert [event.said for event in events] == [
        "997: our 850 PO-0007 is accepted",
        "855: order PO-0007 is accepted",
        "997 sent: their group PR 102 is accepted",
    ]
    assert square.buyer.look() == []


def test_a_set_the_buyer_rejects_is_told_where_and_does_not_count(tmp_path: Path) -> None:
    square = Square(tmp_path, Habits(rejects=frozenset({"810"})))
    placed = deal(square)
    square.write(invoice(placed))
    refused = next(event for event in square.buyer.look() if isinstance(event, Refused))
    assert refused.number == "INV-1"
    rejected = read_acknowledgment(square.received("997")[-1])
    (finding,) = rejected.sets[0].findings
    assert (rejected.verdict, finding.place, finding.reference) == (Verdict.REJECTED, "segment 2 BIG, BIG02", "76")
    square.buyer.habits = Habits()
    square.write(invoice(placed))
    square.buyer.look()
    assert square.kinds() == []  # the number was free again
    assert "INV-1" in square.buyer.ledger.invoices


def test_a_set_against_the_standard_is_rejected_and_complained_about(square: Square) -> None:
    placed = deal(square)
    segments = MAPS.writing("invoice-810").write(invoice(placed))
    square.put("810", [["ST", "810", "0001"], *(segment for segment in segments if segment[0] != "TDS")])
    square.buyer.look()
    assert square.kinds() == ["set.finding"]
    assert read_acknowledgment(square.received("997")[-1]).verdict is Verdict.REJECTED


def test_a_buyer_that_answers_late_answers_when_its_time_has_come(tmp_path: Path) -> None:
    square = Square(tmp_path, Habits(late_acknowledgment=timedelta(hours=30)))
    deal(square)
    assert square.received("997") == []
    square.clock.advance(timedelta(hours=30))
    assert [type(event) for event in square.buyer.look()] == [AcknowledgmentSent, AcknowledgmentSent]


def test_a_buyer_may_never_answer_a_kind_of_set(tmp_path: Path) -> None:
    square = Square(tmp_path, Habits(no_acknowledgment=frozenset({"856"})))
    deal(square)
    assert [read_acknowledgment(set_).group_code for set_ in square.received("997")] == ["PR"]


def test_a_set_nobody_agreed_on_is_answered_and_complained_about(square: Square) -> None:
    square.put("865", [["ST", "865", "0001"], ["BCA", "00", "AC", "PO-0007", "", "", "20260105", "", "", "", "", "20260105"]])
    square.buyer.look()
    assert "payload.no_agreement" in square.kinds()
    assert len(square.received("997")) == 1


def test_a_set_the_map_can_make_nothing_of_is_answered_and_complained_about(square: Square) -> None:
    placed = deal(square)
    segments = MAPS.writing("invoice-810").write(invoice(placed))
    silent = [["IT1", "1"] if segment[:2] == ["IT1", "1"] else segment for segment in segments]
    square.put("810", [["ST", "810", "0001"], *silent])
    square.buyer.look()
    assert "set.no_document" in square.kinds()
    assert [read_acknowledgment(set_).group_code for set_ in square.received("997")] == ["PR", "SH", "IN"]


# What it expects


def test_a_997_that_does_not_come_in_time_is_a_complaint(square: Square) -> None:
    placed = order()
    square.buyer.order(placed)
    square.write(confirmation(placed))
    square.buyer.look()
    square.clock.advance(timedelta(hours=24))
    assert square.kinds() == []
    square.clock.advance(timedelta(minutes=1))
    assert square.kinds() == ["acknowledgment.late"]
    assert square.buyer.unanswered() == ["850 PO-0007"]


def test_a_997_that_rejects_what_was_right_is_a_complaint_and_the_order_never_existed(square: Square) -> None:
    square.buyer.order(order())
    square.acknowledge(REFUSAL)
    square.buyer.look()
    (complaint,) = square.buyer.complaints()
    assert (complaint.kind, complaint.order_number) == ("acknowledgment.verdict", "PO-0007")
    assert square.buyer.ledger.orders == {}


def severities_of_all(severity: str) -> TradingPartner:
    return partner(severities={"set.segment_count": severity})


def severities_of_orders(severity: str) -> TradingPartner:
    said = partner(severities={"set.segment_count": "warn" if severity == "reject" else "reject"}).model_dump(mode="json")
    next(each for each in said["agreements"] if each["set"] == "850")["severities"] = {"set.segment_count": severity}
    return TradingPartner.model_validate(said)


@pytest.mark.parametrize("agreed", [severities_of_all, severities_of_orders])
def test_which_verdict_a_wrong_segment_count_deserves_is_a_matter_of_agreement(
    tmp_path: Path, agreed: Callable[[str], TradingPartner]
) -> None:
    complained = {}
    for severity in ("warn", "reject"):
        for findings in ((), (REFUSAL,)):
            folder = tmp_path / f"{severity}{len(findings)}"
            folder.mkdir()
            square = Square(folder, Habits(wrong_segment_count=True), agreed(severity))
            square.buyer.order(order())
            square.acknowledge(*findings)
            square.buyer.look()
            complained[severity, "rejected" if findings else "accepted with errors"] = square.kinds()
    assert complained == {
        ("warn", "accepted with errors"): [],
        ("warn", "rejected"): ["acknowledgment.verdict"],
        ("reject", "accepted with errors"): ["acknowledgment.verdict"],
        ("reject", "rejected"): [],
    }


def test_a_997_for_something_never_sent_is_a_complaint(square: Square) -> None:
    square.put("997", [["ST", "997", "0001"], ["AK1", "PO", "77"], ["AK9", "A", "1", "1", "1"]])
    square.buyer.look()
    assert square.kinds() == ["acknowledgment.unasked"]


def test_a_997_that_names_no_group_is_a_complaint(square: Square) -> None:
    square.put("997", [["ST", "997", "0001"], ["AK1", "PO"], ["AK9", "A", "1", "1", "1"]])
    square.buyer.look()
    assert square.kinds() == ["acknowledgment.unreadable"]


def test_a_997_that_counts_other_sets_than_were_sent_is_a_complaint(square: Square) -> None:
    square.buyer.order(order())
    square.put("997", [["ST", "997", "0001"], ["AK1", "PO", "1"], ["AK9", "A", "2", "2", "2"]])
    square.buyer.look()
    assert square.kinds() == ["acknowledgment.counts"]


def test_a_997_for_the_group_alone_answers_every_set_in_it(square: Square) -> None:
    square.buyer.order(order())
    square.put("997", [["ST", "997", "0001"], ["AK1", "PO", "1"], ["AK9", "A", "1", "1", "1"]])
    (event,) = square.buyer.look()
    assert isinstance(event, SetAcknowledged)
    assert square.buyer.unanswered() == []


def test_a_ta1_is_missed_only_by_a_partner_who_always_wants_one(tmp_path: Path) -> None:
    kinds = []
    for wanted in ("when asked", "always"):
        (tmp_path / wanted).mkdir()
        square = Square(tmp_path / wanted, profile=partner(interchange_acknowledgment=wanted))
        placed = order()
        square.buyer.order(placed)
        square.acknowledge()
        square.write(confirmation(placed))
        square.buyer.look()
        square.clock.advance(timedelta(hours=25))
        kinds.append(square.kinds())
    assert kinds == [[], ["interchange_acknowledgment.missing"]]


# Envelopes


def test_the_same_bytes_again_count_once(square: Square) -> None:
    placed = deal(square)
    name, body = square.interchange("810", [["ST", "810", "0001"], *MAPS.writing("invoice-810").write(invoice(placed))])
    for copy in (name, f"again_{name}"):
        square.supplier.send(copy, io.BytesIO(body))
    events = square.buyer.look()
    assert [type(event) for event in events if isinstance(event, Repeated)] == [Repeated]
    assert square.kinds() == []


def test_a_control_number_used_for_something_else_is_a_complaint(square: Square) -> None:
    placed = order()
    square.buyer.order(placed)
    square.acknowledge()
    segments = [["ST", "855", "0001"], *MAPS.writing("order-acknowledgment-855").write(confirmation(placed))]
    square.put("855", segments, control_number=101)  # that of the 997
    square.buyer.look()
    assert square.kinds() == ["control_number.reused"]


def test_a_higher_control_number_on_an_earlier_hour_is_a_complaint(square: Square) -> None:
    placed = order()
    square.buyer.order(placed)
    square.acknowledge()
    segments = [["ST", "855", "0001"], *MAPS.writing("order-acknowledgment-855").write(confirmation(placed))]
    square.put("855", segments, at=square.clock.now() - timedelta(hours=1))
    square.buyer.look()
    assert square.kinds() == ["control_number.backwards"]


def test_files_that_overtake_one_another_are_no_complaint(square: Square) -> None:
    placed = order()
    square.buyer.order(placed)
    square.acknowledge()
    answer, earlier = square.interchange(
        "855", [["ST", "855", "0001"], *MAPS.writing("order-acknowledgment-855").write(confirmation(placed))]
    )
    square.write(notice(placed))
    square.supplier.send(answer, io.BytesIO(earlier))
    square.buyer.look()
    assert square.kinds() == []


def test_an_interchange_of_strangers_is_left_alone(square: Square) -> None:
    segments = [["ST", "855", "0001"], *MAPS.writing("order-acknowledgment-855").write(confirmation(order()))]
    square.put("855", segments, sender=SUPPLIER.interchange._replace(id="5559999"))
    (event,) = square.buyer.look()
    assert square.kinds() == ["payload.not_for_us"]
    assert "12:5559999" in event.said
    assert square.received("997") == []


def test_a_test_document_does_not_count_in_production(square: Square) -> None:
    placed = order()
    square.buyer.order(placed)
    square.acknowledge()
    segments = [["ST", "855", "0001"], *MAPS.writing("order-acknowledgment-855").write(confirmation(placed))]
    square.put("855", segments, usage="T")
    square.buyer.look()
    assert square.kinds() == ["payload.not_for_us"]
    assert square.buyer.ledger.orders[placed.number].confirmation is None


def test_what_is_no_x12_is_told_and_not_lost_from_sight(square: Square) -> None:
    square.supplier.send("readme.txt", io.BytesIO(b"Dear partner, our EDI is down today."))
    (event,) = square.buyer.look()
    assert event.said.startswith("readme.txt was not taken")
    assert square.kinds() == ["payload.unreadable"]


def test_orders_of_the_day_are_dated_where_the_partner_lives(tmp_path: Path) -> None:
    square = Square(tmp_path, profile=partner(time_zone="Asia/Tokyo"))
    square.clock.advance(timedelta(hours=2))  # 16:00 UTC is the next day in Tokyo
    square.buyer.order(order())
    (sent,) = square.received_groups()
    assert sent.group.gs[4] == f"{TODAY + timedelta(days=1):%Y%m%d}"
