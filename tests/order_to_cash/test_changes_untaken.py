"""What a change says and nothing is done of is put to a person; what it only repeats is not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace
from trade import d, line, order

from edi_gateway.documents.base import Carrier, Charge, Extra, Freight, ItemId, Reference, Terms
from edi_gateway.documents.order import Order, ScheduledQuantity
from edi_gateway.documents.order_change import ChangedLine, OrderChange
from edi_gateway.documents.party import Party
from edi_gateway.order_to_cash.changes import Revision, revise

HEADLAMP, LANTERN = (ItemId(qualifier="IN", id="000044104"),), (ItemId(qualifier="IN", id="000044013"),)
SCHEDULED = ScheduledQuantity(quantity=d(10), unit="EA", qualifier="002", date=date(2026, 1, 20))
ALLOWANCE = Charge(kind="allowance", code="C310", amount=d(5), description="for advertising")
ORDER = order(
    line("001", 10, pack=5, charges=(ALLOWANCE,)),
    line("002", 4, item_ids=LANTERN),
    terms=Terms(type="01", basis="3", net_days=30, description="net 30"),
    parties=(Party(role="BY", id_qualifier="92", id="0423"),),
)
SAME: dict[str, Any] = {"unit": "EA", "unit_price": d("2.50"), "item_ids": HEADLAMP}


def revised(
    change: str = "change", *, gone: int = 0, of: Order = ORDER, header: dict[str, Any] | None = None, **said: Any
) -> Revision:
    told = ChangedLine(**{"number": "001", "change": change, "quantity": d(10), **SAME, **said})
    return revise(of, OrderChange(number=of.number, purpose="change", lines=(told,), **(header or {})), {"001": d(gone)})


def only_doubt(revision: Revision) -> str:
    (doubt,) = revision.doubts
    return doubt


@pytest.mark.parametrize("change", ["change", "replace all", "no change", "price change", "delete"])
def test_another_item_is_not_the_line_of_its_number(change: str) -> None:
    verb = "delete" if change == "delete" else "say"
    assert only_doubt(revised(change, item_ids=LANTERN)).startswith(
        f"line 001 is item IN 000044104, and they {verb} IN 000044013"
    )


def test_an_item_that_is_named_by_fewer_or_more_ids_is_the_same_item() -> None:
    more = (*HEADLAMP, ItemId(qualifier="UP", id="614141001378"))
    assert revised(item_ids=more).doubts == ()
    assert revised(item_ids=HEADLAMP, of=order(line("001", item_ids=more))).doubts == ()
    assert "UP 614141001743" in only_doubt(
        revised(item_ids=(*HEADLAMP, ItemId(qualifier="UP", id="614141001743")), of=order(line("001", item_ids=more)))
    )


@pytest.mark.parametrize(
    ("change", "said", "word"),
    [
        ("price change", {"quantity": d(24)}, "quantity (24, not 10)"),
        ("date change", {"quantity": d(4)}, "quantity (4, not 10)"),
        ("quantity decrease", {"quantity": d(8), "unit_price": d(2)}, "price (2, not 2.50)"),
        ("no change", {"unit_price": d(2)}, "price (2, not 2.50)"),
        ("price change", {"price_basis": "HP"}, "price basis (HP, not each)"),
        ("change", {"pack": 12}, "pack (PO4)"),
        ("change", {"charges": (replace(ALLOWANCE, amount=d(6)),)}, "charges (SAC)"),
        ("change", {"schedule": (SCHEDULED,)}, "schedule (SCH)"),
        ("change", {"parties": (Party(role="ST", id="0620"),)}, "place (N1*ST)"),
    ],
)
def test_what_a_line_says_that_nothing_is_done_of_is_put_to_a_person(change: str, said: dict[str, Any], word: str) -> None:
    assert word in only_doubt(revised(change, **said))


def test_what_a_line_only_repeats_is_no_doubt() -> None:
    charges = (replace(ALLOWANCE, description="advertising"),)
    said = {"pack": 5, "charges": charges, "price_basis": "PE", "parties": (Party(role="ST", id="0423"),)}
    assert revised("quantity increase", quantity=d(12), **said).doubts == ()


def test_a_quantity_or_price_of_nil_is_none_where_its_word_changes_neither() -> None:
    assert revised("date change", quantity=d(0), unit_price=d(0)).doubts == ()


@pytest.mark.parametrize(
    ("header", "word"),
    [
        ({"charges": (ALLOWANCE,)}, "charges (SAC)"),
        ({"terms": Terms(type="01", basis="3", net_days=90)}, "terms of payment (ITD)"),
        ({"carrier": Carrier(scac="FDEG")}, "carrier (TD5)"),
        ({"freight": Freight(payment="CC")}, "terms of freight (FOB)"),
        ({"department": "043"}, "department (REF*DP)"),
        ({"currency": "CAD"}, "currency (CAD, not USD)"),
        ({"parties": (Party(role="BY", id="0424"),)}, "party (N1*BY)"),
    ],
)
def test_what_is_said_of_the_order_and_nothing_is_done_of_is_put_to_a_person(header: dict[str, Any], word: str) -> None:
    assert word in only_doubt(revised(header=header))


def test_what_the_header_only_repeats_or_says_for_people_is_no_doubt() -> None:
    header = {
        "terms": Terms(net_days=30, description="as agreed"),
        "currency": "USD",
        "parties": (*ORDER.parties, Party(role="VN", id="700418826")),
        "references": (Reference(qualifier="ZZ", value="by phone"),),
    }
    assert revised(header=header).doubts == ()


def test_what_is_refused_whole_needs_nobody() -> None:
    assert revised("change", quantity=d(5), pack=12, gone=10, header={"carrier": Carrier(scac="FDEG")}).doubts == ()


def test_a_reschedule_takes_quantity_and_days() -> None:
    (first, _) = revised("reschedule", quantity=d(6)).order.lines
    assert first.quantity == 6


def test_days_a_change_tells_as_a_period_are_put_to_a_person() -> None:
    period = Extra(position=4, segment="DTM*002****RD8*20261201-20261205")
    assert only_doubt(revised("date change", header={"extras": (period,)})).startswith(
        "the days in DTM*002****RD8*20261201-20261205"
    )
