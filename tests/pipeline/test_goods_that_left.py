"""Goods that left are told of in time, whatever of their order waits for a person; what is owed for them is owed at once."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import cast

import pytest
from billing_scenes import charge, document, ship
from change_scenes import Made, balances, changed, line, said, with_stores
from desk import NORTHWIND, Desk, Profiles
from partner_says import northwind, order, rejects

from edi_gateway.erp.base import ChangePosted, Erp, ErpEvent, OrderBilled, OrderShipped, PackContent, PackedCarton
from edi_gateway.errors import NeedsPerson
from edi_gateway.operations.dismiss import dismiss
from edi_gateway.operations.resume import resume
from edi_gateway.operations.watch import watch_owed
from edi_gateway.operations.watch_half_times import watch_half_times
from edi_gateway.order_to_cash.facts import BilledLine
from edi_gateway.pipeline.outbound.collect import collect_events

DOUBTFUL = line("QI", 12)  # an increase to fewer than are ordered: a person has to say


def held_change(desk: Desk) -> Desk:
    """PO-1 is confirmed, and a change of it waits for a person; what leaves is told by hand."""
    desk.drop(northwind(1, order("PO-1")))
    desk.later(minutes=30)
    desk.drop(northwind(2, changed("PO-1", DOUBTFUL)))
    assert "quantity increase to 12" in desk.held()[0]
    desk.erps.clear()
    return desk


def ordered(desk: Desk) -> Desk:
    """An order is in the ERP, which tells nothing more by itself."""
    desk.drop(northwind(1, order("PO-1")))
    desk.later(minutes=30)
    desk.erps.clear()
    return desk


def test_goods_that_left_are_told_and_billed_while_a_change_waits_which_is_too_late_then(made: Made) -> None:
    desk = held_change(made("changes: {answered_by: '865'}"))
    ship(desk, "S1", 48)
    charge(desk, "I1", "S1", 48)
    assert desk.codes() == ["997", "855", "997", "856", "810"]
    resume(desk.store, desk.flow("held").id, by="ann")
    desk.run()
    assert len(desk.events("order.change_too_late")) == 1
    assert said(desk, "865") == [("00", [("IR", "12")])]
    assert balances(desk, "ordered", "shipped", "billed") == [(48, 48, 48)]


def test_a_change_that_stopped_before_the_erp_is_decided_anew_once_its_goods_have_left(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = made("changes: {answered_by: '865'}")
    desk.drop(northwind(1, order("PO-1")))
    desk.later(minutes=30)
    posted: list[object] = []

    def post_change(*asked: object) -> ChangePosted:
        posted.append(asked)
        raise NeedsPerson("the ERP does not know it", do="enter it there")

    monkeypatch.setattr(desk.erp, "post_change", post_change)
    desk.drop(northwind(2, changed("PO-1", line("QD", 24))))
    assert (desk.flow("held").stage, len(posted)) == ("deliver", 1)
    ship(desk, "S1", 48)
    resume(desk.store, desk.flow("held").id, by="ann")
    desk.run()
    assert (len(posted), len(desk.events("order.change_too_late"))) == (1, 1)
    assert (said(desk, "865"), balances(desk, "ordered", "shipped")) == ([("00", [("IR", "24")])], [(48, 48)])


def test_a_change_waits_behind_the_one_before_it_that_waits_for_a_person(made: Made) -> None:
    desk = held_change(made())
    desk.drop(northwind(3, changed("PO-1", line("QI", 72))))
    assert [flow.stage for flow in desk.flows("ready")] == ["translate"]
    assert balances(desk, "ordered") == [(48,)]


def test_the_same_order_again_that_waits_for_a_person_holds_up_nothing_of_the_first(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1")))
    desk.drop(northwind(2, order("PO-1")))
    assert "is on record already" in desk.held()[0]
    desk.later(hours=8)
    assert desk.codes() == ["997", "997", "855", "856", "810"]


# -- what is owed for them ------------------------------------------------------------------------------------------------------


class Warehouse:
    """An ERP that tells of one thing."""

    def __init__(self, event: ErpEvent) -> None:
        self._event = event

    def pending(self) -> list[ErpEvent]:
        return [self._event]

    def confirm(self, ids: list[str]) -> None:
        assert ids == [self._event.id]


def tell(desk: Desk, shipment: str, *stores: str, erp: str = "simulator") -> None:
    """An ERP tells that goods left just now, in a carton for each store."""
    desk.clock.advance(timedelta(minutes=1))
    now, contents = desk.clock.now(), (PackContent(line_number="001", quantity=Decimal(24)),)
    cartons = tuple(PackedCarton(contents=contents, weight=Decimal(9), store=store) for store in stores or ("",))
    tells(desk, OrderShipped(id=f"{now}", order=document(desk), at=now, shipment=shipment, cartons=cartons), erp)


def tells(desk: Desk, event: ErpEvent, erp: str = "simulator") -> None:
    collect_events(desk.store, desk.directory, erp, cast("Erp", Warehouse(event)))
    desk.run()


def bill(desk: Desk, invoice: str, shipment: str, *, price: str = "18.5", erp: str = "simulator") -> None:
    """An ERP tells that a shipment was billed."""
    lines = (BilledLine(line_number="001", quantity=Decimal(24), unit_price=Decimal(price)),)
    event = OrderBilled(
        id=f"{erp} {invoice}", order=document(desk), at=desk.clock.now(), invoice=invoice, shipment=shipment, lines=lines
    )
    tells(desk, event, erp)


def owed(desk: Desk) -> list[tuple[str, str]]:
    return [(row.code, row.number) for row in desk.owed()]


def late(profiles: Profiles) -> None:
    profiles.replace(NORTHWIND, "answers:\n", "answers:\n  ship_notice_within: 4h\n  invoice_within: 1d\n")


def rejected(desk: Desk) -> Desk:
    """They rejected the 855 of PO-1: its 856 waits behind it."""
    desk.drop(northwind(1, order("PO-1")))
    desk.later(minutes=30)
    desk.erps.clear()
    group = int(desk.sent("855")[0].one("GS")[6])
    desk.drop(northwind(2, rejects("PR", group, "855")))
    return desk


def test_an_856_that_waits_behind_something_is_told_at_half_time_and_when_it_is_late(profiles: Profiles, made: Made) -> None:
    late(profiles)
    desk = rejected(made())
    tell(desk, "S1")
    assert ("856" in desk.codes(), owed(desk)) == (False, [("856", "S1"), ("810", "S1")])
    desk.later(hours=2)
    watch_half_times(desk.store, desk.directory)
    assert "856" in desk.events("answer.owed_half_time")[0].text
    desk.later(hours=2)
    watch_owed(desk.store, desk.directory)
    assert "856" in desk.events("answer.owed_overdue")[0].text


def test_what_a_shipment_owes_is_owed_no_longer_once_it_is_dismissed_and_again_once_it_is_told_again(
    profiles: Profiles, made: Made
) -> None:
    late(profiles)
    desk = ordered(made())
    tell(desk, "S1", "0999")
    assert "no line of the order is for that store" in desk.held()[0]
    dismiss(desk.store, desk.flow("held").id, because="told wrongly", by="ann")
    assert owed(desk) == []
    tell(desk, "S1")
    assert owed(desk) == [("856", "S1"), ("810", "S1")]


def test_what_is_told_of_store_by_store_is_owed_for_each_store_and_not_for_the_whole(profiles: Profiles, made: Made) -> None:
    late(profiles)
    profiles.replace(NORTHWIND, "  ship_notice: true\n", "  ship_notice: true\n  ship_notice_stores: apart\n")
    desk = made()
    desk.drop(northwind(1, with_stores(order("PO-1"), "PO1", "0101", "24", "0102", "24")))
    desk.later(minutes=30)
    desk.erps.clear()
    tell(desk, "S1", "0101", "0102")
    assert owed(desk) == [(code, f"S1-{store}") for code in ("856", "810") for store in ("0101", "0102")]


def test_who_dismisses_what_a_copy_of_the_erp_tells_of_a_shipment_ends_no_deadline_of_the_true_one(
    profiles: Profiles, made: Made
) -> None:
    late(profiles)
    profiles.add(NORTHWIND, "test_erp: simulator-test")
    desk = rejected(made())
    tell(desk, "S1")
    bill(desk, "I1", "S1")
    tell(desk, "S1", erp="simulator-test")
    bill(desk, "I1", "S1", erp="simulator-test")
    for flow in (flow for flow in desk.flows("held") if "is an ERP of test" in flow.because):
        dismiss(desk.store, flow.id, because="a copy of the ERP", by="ann")
    assert owed(desk) == [("856", "S1"), ("810", "S1")]


@pytest.mark.parametrize("stores", [("0999",), ()], ids=["before it is drafted", "as the 856 that was made of it"])
def test_of_two_who_tell_of_a_shipment_one_can_be_dismissed_and_what_the_other_tells_is_owed(
    profiles: Profiles, made: Made, stores: tuple[str, ...]
) -> None:
    late(profiles)
    desk = ordered(made())
    tell(desk, "S1", *stores)
    tell(desk, "S1")
    assert desk.flow("held").stage == ("draft" if stores else "compose")
    dismiss(desk.store, desk.flow("held").id, because="told wrongly first", by="ann")
    assert owed(desk) == [("856", "S1"), ("810", "S1")]


def test_a_bill_that_is_dismissed_for_the_one_behind_it_leaves_the_810_owed(profiles: Profiles, made: Made) -> None:
    late(profiles)
    desk = ordered(made())
    ship(desk, "S1", 24)
    bill(desk, "I1", "S1", price="99")
    bill(desk, "I2", "S1")
    dismiss(desk.store, desk.flow("held").id, because="billed wrongly first", by="ann")
    assert owed(desk) == [("810", "S1")]
    desk.run()
    assert ("810" in desk.codes(), owed(desk)) == (True, [])
