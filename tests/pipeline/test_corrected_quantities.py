"""What takes the place of a document its order has counted is counted instead of it: quantities, prices and amounts."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from billing_scenes import charge, go_on, po_1_is_taken_up, ship
from desk import Desk, Profiles
from partner_says import accepts, northwind, rejects

from edi_gateway.errors import NeedsPerson
from edi_gateway.operations.correct import corrected
from edi_gateway.operations.correct_held import correct_held
from edi_gateway.operations.dismiss import dismiss
from edi_gateway.operations.request import Request
from edi_gateway.operations.resume import resume
from edi_gateway.operations.second_pair import ask

LESS = "orders.0.packs.0.items.0.quantity=40"
BILLED_LESS = ("lines.0.quantity=40", "lines.0.amount=740.00", "total=740.00")


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """48 of PO-1 were told of as shipment S1."""
    return po_1_is_taken_up(tmp_path_factory.mktemp("shipped") / "data", shipped=48)


@pytest.fixture
def desk(shipped: Path, tmp_path: Path, make_desk: Callable[..., Desk], profiles: Profiles) -> Desk:
    """They were told to a partner that takes replacements of an 856."""
    guide = profiles.folder / "northwind" / "guides" / "856.yaml"
    guide.write_text(guide.read_text().replace('BSN01: {codes: ["00"]}', 'BSN01: {codes: ["00", "05"]}'))
    return go_on(make_desk, shipped, tmp_path)


def correct(desk: Desk, code: str, *changes: str) -> None:
    """The last one that left is corrected."""
    id = [one.id for one in desk.sets(code, "out") if one.delivery != "pending"][-1]
    arguments = {"document": corrected(desk.tools, id, "", list(changes))}
    ask(desk.tools, Request(operation="correct", transaction=id, because="counted wrong", by="ann", arguments=arguments))
    desk.run()


def says(desk: Desk, verdict: Callable[..., list[list[str]]], code: str) -> None:
    """Northwind answers the last 856 or 810 of ours."""
    number = int(desk.sent(code)[-1].one("GS")[6])
    desk.drop(northwind(len(desk.interchanges()) + 1, verdict({"856": "SH", "810": "IN"}[code], number, code)))


def line(desk: Desk) -> tuple[Decimal, Decimal]:
    """What of the order's one line is shipped and billed."""
    with desk.store.read() as unit:
        found = unit.threads.get(desk.order("PO-1").id).thread.lines[0]
    return found.shipped, found.billed


def test_a_replaced_856_ships_what_it_says_now(desk: Desk) -> None:
    says(desk, accepts, "856")
    correct(desk, "856", LESS)
    assert (desk.held(), len(desk.sent("856")), line(desk)) == ([], 2, (40, 0))
    charge(desk, "N1", "S1", 48)
    assert [text.partition(":")[0] for text in desk.held()] == ["line 001"]


def test_it_may_be_replaced_as_often_as_it_takes(desk: Desk) -> None:
    for quantity in (40, 44, 44):
        says(desk, accepts, "856")
        correct(desk, "856", f"orders.0.packs.0.items.0.quantity={quantity}", f"carrier_reference=PRO-{len(desk.sent('856'))}")
        assert (desk.held(), line(desk)) == ([], (quantity, 0))


def test_less_than_is_billed_does_not_go_and_says_so(desk: Desk) -> None:
    charge(desk, "N1", "S1", 48)
    says(desk, accepts, "856")
    correct(desk, "856", LESS)
    assert desk.held() == ["line 001: 48 EA are billed, and 40 were shipped"]
    assert (len(desk.sent("856")), line(desk)) == (1, (48, 48))


def test_more_than_was_ordered_does_not_go_either(desk: Desk) -> None:
    says(desk, accepts, "856")
    correct(desk, "856", "orders.0.packs.0.items.0.quantity=50")
    assert (desk.flow("held").stage, line(desk)) == ("check", (48, 0))


def test_a_rejected_810_bills_what_it_says_now(desk: Desk) -> None:
    charge(desk, "N1", "S1", 48)
    says(desk, rejects, "810")
    correct(desk, "810", *BILLED_LESS)
    assert (desk.held(), line(desk), desk.order("PO-1").open) == ([], (48, 40), Decimal("740.00"))
    assert [one.one("TDS")[1] for one in desk.sent("810")] == ["88800", "74000"]


def test_what_changes_nothing_that_is_counted_counts_nothing_anew(desk: Desk) -> None:
    charge(desk, "N1", "S1", 48)
    says(desk, accepts, "856")
    correct(desk, "856", "carrier_reference=PRO-77")
    assert (desk.held(), len(desk.sent("856")), line(desk)) == ([], 2, (48, 48))


def test_what_a_person_mends_while_it_is_held_is_counted_once(desk: Desk) -> None:
    says(desk, accepts, "856")
    correct(desk, "856", "orders.0.packs.0.items.0.quantity=50")
    correct_held(desk.tools, desk.flow("held").id, "", [LESS], because="mistyped", by="ann")
    desk.run()
    assert (desk.held(), line(desk)) == ([], (40, 0))


def test_what_the_erp_tells_again_takes_the_place_of_the_correction(desk: Desk) -> None:
    says(desk, rejects, "856")
    correct(desk, "856", LESS)
    says(desk, rejects, "856")
    ship(desk, "S1", 36)
    assert (line(desk), len(desk.sent("856"))) == ((36, 0), 3)


class Full:
    """A connection over which nothing goes before somebody calls."""

    sees_everything = True
    is_at_hand = False

    def send(self, _name: str, _payload: object) -> None:
        raise NeedsPerson("their server is full", do="call them")


class TestOneThatIsDismissedBeforeItLeft:
    """The correction was counted, and then held for the partner's guide."""

    @pytest.fixture
    def given_up(self, shipped: Path, tmp_path: Path, make_desk: Callable[..., Desk]) -> Desk:
        desk = go_on(make_desk, shipped, tmp_path)
        says(desk, accepts, "856")
        correct(desk, "856", LESS)  # this partner's guide knows no replacement
        assert (desk.flow("held").stage, line(desk)) == ("compose", (40, 0))
        return desk

    def test_gives_back_what_the_first_had_counted(self, given_up: Desk) -> None:
        dismiss(given_up.store, given_up.flow("held").id, because="they want none", by="ann")
        assert line(given_up) == (48, 0)
        correct(given_up, "856", "carrier_reference=PRO-77")
        assert line(given_up) == (48, 0)

    def test_gives_it_back_after_it_was_numbered_too(self, given_up: Desk) -> None:
        given_up.use(sink=lambda _name: Full())
        resume(given_up.store, given_up.flow("held").id, by="bob")
        given_up.run()
        assert (given_up.flow("held").stage, line(given_up)) == ("send", (40, 0))
        dismiss(given_up.store, given_up.flow("held").id, because="they want none", by="ann")
        assert line(given_up) == (48, 0)

    def test_is_not_counted_twice_where_it_is_let_go(self, given_up: Desk) -> None:
        correct_held(given_up.tools, given_up.flow("held").id, "", ["carrier_reference=PRO-77"], because="typed wrong", by="ann")
        given_up.run()
        resume(given_up.store, given_up.flow("held").id, by="bob")
        given_up.run()
        assert (given_up.held(), line(given_up), len(given_up.sent("856"))) == ([], (40, 0), 2)
