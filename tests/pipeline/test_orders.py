"""The life of orders: test usage, rules, compliance, order kept, and numbers given once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from desk import Desk, Profiles
from partner_says import change, northwind, order

from edi_gateway.documents.order import Order
from edi_gateway.erp.base import ErpEvent, OrderBilled
from edi_gateway.erp.simulator import Faults, SimulatedErp
from edi_gateway.operations.correct_held import correct_held
from edi_gateway.operations.reject_hold import reject_hold
from edi_gateway.operations.resume import resume


def test_a_test_order_reaches_no_erp_where_none_is_named_for_tests(desk: Desk) -> None:
    desk.drop("northwind-850-test-usage.edi")
    assert desk.codes() == ["997"]
    assert "northwind has no ERP connection for test documents" in desk.held()[0]
    desk.later(hours=6)
    assert desk.posted() == desk.posted(test=True) == []


def test_a_test_order_reaches_only_the_test_erp_and_is_answered_under_test_usage(
    profiles: Profiles, make_desk: Callable[..., Desk]
) -> None:
    profiles.add("northwind", "test_erp: simulator-test")
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1"), usage="T"))
    desk.later(hours=6)
    assert desk.posted() == []
    assert desk.posted(test=True) == ["PO-1"]
    assert desk.codes() == ["997", "855", "856", "810"]
    assert {answer.one("ISA")[15] for answer in desk.sent()} == {"T"}


def test_an_order_at_a_wrong_price_is_held_and_goes_on_when_a_person_approves(any_desk: Desk) -> None:
    any_desk.drop(northwind(1, order("PO-1", price="1")))
    assert "ordered at 1 for one EA, our price is 18.5" in any_desk.held()[0]
    any_desk.later(hours=3)
    assert any_desk.codes() == ["997"]
    resume(any_desk.store, any_desk.flow("held").id, by="operator")
    any_desk.run()
    any_desk.later(hours=1)
    assert any_desk.codes() == ["997", "855"]


@pytest.mark.parametrize(
    ("quantity", "price"), [(614141001378, "18.5"), (614141001378614, "99999999999999"), (614141001378, "0.01")]
)
def test_an_order_of_more_than_anybody_orders_is_not_approved_but_corrected_or_refused(
    desk: Desk, quantity: int, price: str
) -> None:
    desk.drop(northwind(1, *([*order(f"PO-{n}", quantity, price)[:-1], ["CTT", "1"]] for n in (1, 2))))
    first, second = desk.flows("held")
    assert first.because.startswith(f"line 001: {quantity} EA come to more than anybody orders — correct")
    resume(desk.store, first.id, by="ann")
    desk.run()
    assert len(desk.flows("held")) == 2
    correct_held(desk.tools, first.id, "", ["lines.0.quantity=48", "lines.0.unit_price=18.5"], because="rang them", by="ann")
    reject_hold(desk.tools, second.id, because="its quantity is a UPC", by="ann")
    desk.later(hours=6)
    assert (desk.held(), desk.posted()) == ([], ["PO-1"])
    assert {answer.one("BAK")[3]: answer.one("ACK")[1] for answer in desk.sent("855")} == {"PO-1": "IA", "PO-2": "IR"}


def test_a_held_order_holds_its_change_and_no_other_order(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1", price="1"), order("PO-2")))
    desk.later(hours=6)
    assert desk.posted() == ["PO-2"]
    assert [answer.one("PRF")[1] for answer in desk.sent("856")] == ["PO-2"]


def test_an_order_of_which_nothing_is_left_is_answered_and_never_posted(desk: Desk) -> None:
    nothing = order("PO-1")
    nothing[9] = ["PO1", "001", "5", "EA", "9", "PE", "IN", "UNHEARD-OF"]
    desk.drop(northwind(1, nothing))
    assert desk.codes() == ["997", "855"]
    assert desk.posted() == []
    assert desk.order("PO-1").state == "rejected"


def test_the_answers_to_one_order_leave_in_their_order_though_time_jumps(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1"), order("PO-2"), order("PO-3")))
    desk.clock.advance(timedelta(hours=12))  # all at once: decided, shipped and billed are told in one look
    desk.run()
    for number in ("PO-1", "PO-2", "PO-3"):
        theirs = [answer for answer in desk.sent() if number in answer.body.decode("latin-1") and answer.name[:3] != "997"]
        assert [answer.name[:3] for answer in theirs] == ["855", "856", "810"]


def test_orders_of_one_partner_reach_the_erp_in_the_order_they_came(desk: Desk) -> None:
    numbers = [f"PO-{n:03d}" for n in range(60)]
    desk.drop(northwind(1, *(order(number, quantity=1) for number in numbers)))
    assert desk.posted() == numbers


def test_orders_reach_the_erp_in_their_order_though_it_falls_asleep(desk: Desk) -> None:
    desk.erp.faults = Faults(asleep=True)
    desk.drop(northwind(1, order("PO-1", quantity=1), order("PO-2", quantity=1)))
    desk.drop(northwind(2, order("PO-3", quantity=1)))
    desk.later(minutes=1)
    desk.erp.faults = Faults()
    desk.later(hours=1)
    assert desk.posted() == ["PO-1", "PO-2", "PO-3"]


def test_a_post_whose_answer_is_lost_makes_one_order(desk: Desk) -> None:
    desk.erp.faults = Faults(forgets_answers=True)
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=6)
    assert desk.posted() == ["PO-1"]
    assert desk.codes() == ["997", "855", "856", "810"]


def test_what_the_erp_refuses_is_held_with_its_reason(desk: Desk) -> None:
    desk.erp.faults = Faults(refuses=True)
    desk.drop(northwind(1, order("PO-1")))
    assert "the simulated ERP refuses the document" in desk.held()[0]
    desk.erp.faults = Faults()
    resume(desk.store, desk.flow("held").id, by="operator")
    desk.later(hours=1)
    assert desk.posted() == ["PO-1"]


def test_what_the_erp_tells_twice_counts_once(any_desk: Desk) -> None:
    any_desk.erp.faults = Faults(repeats_events=True)
    any_desk.drop(northwind(1, order("PO-1")))
    any_desk.later(hours=8)
    assert any_desk.codes() == ["997", "855", "856", "810"]


def test_what_the_erp_tells_of_an_order_that_is_not_ours_is_told_and_holds_up_nothing(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1")))
    with desk.store.read() as unit:
        document = unit.documents.read(desk.set("850").document_id or "")
    assert isinstance(document, Order)
    desk.erp.post_order("entered-by-hand", "northwind", document)
    desk.later(hours=8)
    assert desk.codes() == ["997", "855", "856", "810"]
    assert "entered-by-hand" in desk.events("erp.unknown_order")[0].text


class Dear:
    """An ERP that bills a cent more than was agreed."""

    def __init__(self, erp: SimulatedErp) -> None:
        self._erp = erp

    def pending(self) -> list[ErpEvent]:
        return [self._dearer(event) if isinstance(event, OrderBilled) else event for event in self._erp.pending()]

    def _dearer(self, event: OrderBilled) -> OrderBilled:
        lines = [msgspec.structs.replace(line, unit_price=Decimal("18.51")) for line in event.lines]
        return msgspec.structs.replace(event, lines=tuple(lines))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._erp, name)


def test_a_compliance_stop_holds_the_document_until_a_person_approves(any_desk: Desk) -> None:
    any_desk.erps["simulator"] = Dear(any_desk.erp)  # type: ignore[assignment]  # the rest of the contract is the simulator's
    any_desk.drop(northwind(1, order("PO-1")))
    any_desk.later(hours=8)
    assert any_desk.codes() == ["997", "855", "856"]
    assert "R22 line 001" in any_desk.held()[0]
    resume(any_desk.store, any_desk.flow("held").id, by="operator")
    any_desk.later(hours=1)
    assert any_desk.codes() == ["997", "855", "856", "810"]
    assert any("R22" in event.text for event in any_desk.events("compliance.breach"))


def test_control_numbers_are_unique_increasing_and_without_a_gap(any_desk: Desk) -> None:
    any_desk.drop("northwind-850-several-sets.edi")
    any_desk.drop(northwind(1, order("PO-1"), asks=True))
    any_desk.later(hours=8)
    interchanges = [answer.one("ISA")[13] for answer in any_desk.sent()]
    assert interchanges == [f"{n:09d}" for n in range(1, len(interchanges) + 1)]
    for code in ("FA", "PR", "SH", "IN"):
        groups = [int(group[6]) for answer in any_desk.sent() for group in answer.all("GS") if group[1] == code]
        assert groups == list(range(1, len(groups) + 1)), code
    serials = re.findall(rb"MAN\*GM\*(\d{20}|\d{18})", b"".join(answer.body for answer in any_desk.sent("856")))
    assert len(serials) == len(set(serials)) > 0


def test_the_three_statuses_of_everything_on_the_way_are_their_own(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=6)
    statuses = {row.code: (row.validation, row.delivery, row.acknowledgment) for row in desk.sets()}
    assert statuses == {
        "850": ("valid", "delivered", "accepted"),
        "997": ("valid", "sent", "none"),
        "855": ("valid", "sent", "awaited"),
        "856": ("valid", "sent", "awaited"),
        "810": ("valid", "sent", "awaited"),
    }


def test_figures_of_the_order_follow_its_documents(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1")))
    assert desk.order("PO-1").confirmed == 0
    desk.later(hours=6)
    row = desk.order("PO-1")
    assert (row.ordered, row.confirmed, row.shipped, row.billed, row.paid) == (*[Decimal("888.00")] * 4, 0)


def test_an_order_change_nobody_agreed_to_waits_behind_nothing_else(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1")))
    desk.drop(northwind(2, change("PO-1")))
    desk.drop(northwind(3, order("PO-2")))
    desk.later(minutes=10)
    assert desk.posted() == ["PO-1", "PO-2"]


@pytest.mark.parametrize("hours", [1, 6])
def test_nothing_is_left_on_its_way_but_what_waits_for_an_answer(desk: Desk, hours: int) -> None:
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=hours)
    assert {flow.stage for flow in desk.flows("ready", "attempting", "waiting", "held", "dead")} == {"await"}
