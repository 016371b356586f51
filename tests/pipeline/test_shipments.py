"""Shipments told by a file, several orders in one 856, and labels that are given once in a year."""

from __future__ import annotations

from datetime import timedelta

import pytest
from desk import Desk
from partner_says import northwind, order

from edi_gateway.errors import Collected, NeedsPerson
from edi_gateway.operations.import_shipments import import_shipments
from edi_gateway.order_to_cash.sscc import capacity, is_sscc, sscc_of_count
from edi_gateway.pipeline.outbound.labels import next_labels
from edi_gateway.views.figures import figures
from edi_gateway.views.order_trace import order_trace

PREFIX = "0614141"
HEAD = "shipment,order,line,quantity,carton,weight,carrier,bill_of_lading,carrier_reference,delivery_on"
TRUCK = "RDWY,06141410000700018,700018,2026-11-20"


@pytest.fixture
def waiting(desk: Desk) -> Desk:
    """Two orders confirmed, and nobody but a person who says what leaves."""
    desk.drop(northwind(1, order("PO-1"), order("PO-2", quantity=12)))
    desk.later(minutes=10)
    desk.erps.clear()
    return desk


def bring(desk: Desk, *rows: str) -> list[tuple[str, bool]]:
    taken = import_shipments(desk.tools, "\n".join((HEAD, *rows)).encode(), "left.csv", by="anna")
    desk.run()
    return [(one.shipment, one.is_new) for one in taken]


def test_a_file_of_shipments_goes_out_as_856s(waiting: Desk) -> None:
    rows = (f"S1,PO-1,001,20,A,12,{TRUCK}", f"S2,PO-1,001,28,A,14,{TRUCK}")
    assert bring(waiting, *rows) == [("S1", True), ("S2", True)]
    assert [one.one("BSN")[2] for one in waiting.sent("856")] == ["S1", "S2"]
    assert order_trace(waiting.store, "PO-1").thread.lines[0].shipped == 48


def test_the_same_file_again_ships_nothing_again(waiting: Desk) -> None:
    row = f"S1,PO-1,001,20,A,12,{TRUCK}"
    bring(waiting, row)
    assert bring(waiting, row) == [("S1", False)]
    assert len(waiting.sent("856")) == 1


def test_mistakes_of_form_and_about_orders_are_told_at_once_and_nothing_of_the_file_is_imported(waiting: Desk) -> None:
    good, no_line, no_number = f"S1,PO-1,001,20,A,12,{TRUCK}", f"S2,PO-1,009,1,A,1,{TRUCK}", f"S3,PO-1,001,few,A,1,{TRUCK}"
    with pytest.raises(Collected) as told:
        bring(waiting, good, no_line, no_number, f"S4,NOPE,001,1,A,1,{TRUCK}")
    assert [str(each) for each in told.value.mistakes] == [
        "left.csv:3, column line: order PO-1 has no line '009' — it has 001",
        "left.csv:4, column quantity: 'few' is no number — write it like 1234.50",
        "left.csv:5, column order: there is no order 'NOPE' to ship — see edi-gateway order list",
    ]
    waiting.run()
    assert (waiting.sent("856"), waiting.events("shipment.imported")) == ([], [])


def test_a_shipment_id_that_was_told_before_is_refused_and_nothing_is_imported(waiting: Desk) -> None:
    bring(waiting, f"S1,PO-1,001,20,A,12,{TRUCK}")
    with pytest.raises(Collected, match="was told of a shipment 'S1' before, with other content"):
        bring(waiting, f"S4,PO-1,001,1,A,12,{TRUCK}", f"S1,PO-1,001,28,A,12,{TRUCK}")
    waiting.run()
    assert [one.one("BSN")[2] for one in waiting.sent("856")] == ["S1"]


def test_several_orders_in_one_shipment_are_one_856_and_each_order_has_its_part(waiting: Desk) -> None:
    bring(waiting, f"S1,PO-1,001,48,A,30,{TRUCK}", f"S1,PO-2,001,12,B,9,{TRUCK}")
    assert waiting.held() == []
    (sent,) = waiting.sent("856")
    assert [each[1] for each in sent.all("PRF")] == ["PO-1", "PO-2"]
    assert [each[3] for each in sent.all("HL")] == ["S", "O", "P", "I", "O", "P", "I"]
    for number, quantity in (("PO-1", 48), ("PO-2", 12)):
        found = order_trace(waiting.store, number)
        assert (found.thread.lines[0].shipped, found.disagreements) == (quantity, ())
        assert [one.code for one in found.documents] == ["850", "855", "856"]
    (cycle,) = [each for each in figures(waiting.store) if each.name == "order cycle time"]
    assert cycle.of == 2


def test_one_order_that_cannot_ship_so_holds_the_whole_shipment_and_moves_no_balance(waiting: Desk) -> None:
    bring(waiting, f"S1,PO-1,001,48,A,30,{TRUCK}", f"S1,PO-2,001,13,B,9,{TRUCK}")
    (why,) = waiting.held()
    assert "13 EA shipped of 12" in why
    assert [order_trace(waiting.store, number).thread.lines[0].shipped for number in ("PO-1", "PO-2")] == [0, 0]


# -- labels ------------------------------------------------------------------------------------------------


def give(desk: Desk, count: int, prefix: str = PREFIX) -> list[str]:
    """So many labels, which go with a shipment now."""
    with desk.store.write() as unit:
        labels = next_labels(unit, prefix, count)
        unit.label_uses.use(labels, "0" * 32, usage="P")
    return labels


def seed(desk: Desk, count: int, prefix: str = PREFIX) -> None:
    with desk.store.write() as unit:
        unit.control_numbers.seed(f"sscc|{prefix}", count)


def test_after_the_last_serial_reference_the_next_extension_digit_is_used(desk: Desk) -> None:
    seed(desk, 10**9 - 2)
    before, after = give(desk, 2)
    assert (before[:17], after[:17]) == ("0" + PREFIX + "9" * 9, "1" + PREFIX + "0" * 9)
    assert is_sscc(before)
    assert is_sscc(after)


def test_after_the_last_extension_digit_the_count_begins_again_and_passes_over_what_went_within_a_year(desk: Desk) -> None:
    first = give(desk, 3)
    seed(desk, capacity(PREFIX) - 2)
    (last, over) = give(desk, 2)
    assert last[:17] == "9" + PREFIX + "9" * 9
    assert over not in first
    assert over == sscc_of_count(PREFIX, 4)
    desk.clock.advance(timedelta(days=367))
    seed(desk, 0)
    assert give(desk, 2) == [sscc_of_count(PREFIX, 1), sscc_of_count(PREFIX, 2)]


def test_no_label_is_given_again_within_twelve_months_however_often_the_count_goes_round(desk: Desk) -> None:
    prefix, given = "061414100000", {}  # twelve digits: a serial reference has four
    for month in range(14):
        seed(desk, capacity(prefix) - 5, prefix)  # just before its end: every month it goes round
        for label in give(desk, 20, prefix):
            assert month - given.get(label, -13) > 12, label
            given[label] = month
        desk.clock.advance(timedelta(days=30))


def test_a_prefix_whose_numbers_all_went_within_a_year_is_for_a_person(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edi_gateway.pipeline.outbound.labels.MOST_PASSED_OVER", 50)
    give(desk, 60)
    seed(desk, 0)
    with pytest.raises(NeedsPerson, match="went with a shipment within the last year"):
        give(desk, 60)


def test_a_thousand_labels_are_a_thousand_numbers(desk: Desk) -> None:
    labels = give(desk, 1_000)
    assert len(set(labels)) == len(labels) == 1_000
    assert all(map(is_sscc, labels))
