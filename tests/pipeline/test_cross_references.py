"""Their codes and ours: exchanged on the way to the ERP, held where one is missing, mended and continued, echoed as written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from billing_scenes import AGREED, charge, ship
from change_scenes import thread, with_stores
from desk import NORTHWIND, Desk, Profiles
from partner_says import northwind, order

from edi_gateway.operations.cross_reference import put_in_force, resume_held
from edi_gateway.operations.resume import resume
from edi_gateway.store.unit import Unit
from edi_gateway.trading.cross_reference import CrossReference

BOTH = "cross_references: {items: required, locations: required}"
LANTERN = CrossReference(kind="item", qualifier="IN", code="000044013", ours="PB-1001")
CENTER = CrossReference(kind="location", qualifier="92", code="0610", ours="SHIP-77")


def say(desk: Desk, *entries: CrossReference) -> None:
    put_in_force(desk.store, NORTHWIND, entries, by="ann")


def erp_has(desk: Desk) -> str:
    return (desk.folder / "erp" / "journal.jsonl").read_text()


def test_the_erp_gets_our_codes_and_the_partner_its_own_back(profiles, make_desk):
    profiles.add(NORTHWIND, BOTH)
    desk = make_desk()
    say(desk, LANTERN, CENTER)
    desk.drop(northwind(1, order("PO-1")))
    assert '"item_ids":[{"qualifier":"VN","id":"PB-1001"}]' in erp_has(desk)
    assert '"id_qualifier":"91","id":"SHIP-77"' in erp_has(desk)
    desk.later(hours=1)
    (answer,) = desk.sent("855")
    assert "000044013" in answer.one("PO1")
    assert "PB-1001" not in answer.one("PO1")
    assert answer.one("N1")[4] == "0610"


def test_a_missing_item_is_held_with_its_segment_value_and_the_command_that_mends_it(profiles, make_desk):
    profiles.add(NORTHWIND, BOTH)
    desk = make_desk()
    say(desk, CENTER)
    desk.drop(northwind(1, order("PO-1")))
    assert desk.codes() == ["997"]  # it is our affair: the acknowledgment waits for nothing
    assert desk.held() == [
        "PO1 of line 001: item 'IN:000044013' or 'UP:614141001378' is in no cross-reference of northwind — "
        "edi-gateway xref add northwind item IN:000044013 OUR-CODE --resume"
    ]


def test_a_missing_ship_to_is_held_likewise(profiles, make_desk):
    profiles.add(NORTHWIND, BOTH)
    desk = make_desk()
    say(desk, LANTERN)
    desk.drop(northwind(1, order("PO-1")))
    assert desk.held() == [
        "N104 of N1*ST: location '92:0610' is in no cross-reference of northwind — "
        "edi-gateway xref add northwind location 92:0610 OUR-CODE --resume"
    ]


def test_everything_missing_is_told_at_once_and_goes_on_once_it_is_there(profiles, make_desk):
    profiles.add(NORTHWIND, BOTH)
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1")))
    assert desk.held()[0].count("is in no cross-reference") == 2
    say(desk, LANTERN, CENTER)
    assert len(resume_held(desk.store, NORTHWIND, by="ann")) == 1
    desk.run()
    assert desk.posted() == ["PO-1"]


@pytest.mark.parametrize("code", ["2X4X8'", "'' or 'X"])
@pytest.mark.parametrize("qualifier", ["IN", ""])
def test_a_code_with_an_apostrophe_lets_go_on_what_is_held_for_it(profiles, make_desk, code, qualifier):
    profiles.add(NORTHWIND, BOTH)
    desk = make_desk()
    say(desk, CENTER)
    segments = [[code if value == "000044013" else value for value in segment] for segment in order("PO-1")]
    desk.drop(northwind(1, segments))
    one = CrossReference(kind="item", qualifier=qualifier, code=code, ours="PB-1001")
    say(desk, one)
    assert len(resume_held(desk.store, NORTHWIND, one, by="ann")) == 1
    desk.run()
    assert desk.posted() == ["PO-1"]


def test_a_code_that_is_only_told_in_the_command_lets_nothing_go_on(profiles, make_desk):
    profiles.add(NORTHWIND, BOTH)
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1")))
    other = CrossReference(kind="location", qualifier="IN", code="000044013", ours="PB-1001")
    assert resume_held(desk.store, NORTHWIND, other, by="ann") == []


def test_what_still_misses_something_is_held_again(profiles, make_desk):
    profiles.add(NORTHWIND, BOTH)
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1")))
    say(desk, LANTERN)
    resume_held(desk.store, NORTHWIND, by="ann")
    desk.run()
    assert desk.held()[0].startswith("N104 of N1*ST")
    assert desk.posted() == []


def test_one_that_a_colleague_resumed_just_then_keeps_none_of_the_others(profiles, make_desk, monkeypatch):
    profiles.add(NORTHWIND, BOTH)
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1"), order("PO-2"), order("PO-3")))
    first, second, third = (flow.id for flow in desk.flows("held"))
    say(desk, LANTERN, CENTER)
    reads = desk.store.read

    @contextmanager
    def read() -> Iterator[Unit]:
        """What is held is found; then Ben is quicker with one of them."""
        with reads() as unit:
            yield unit
        monkeypatch.undo()
        resume(desk.store, second, by="ben")

    monkeypatch.setattr(desk.store, "read", read)
    assert resume_held(desk.store, NORTHWIND, by="ann") == [first, third]


def test_nothing_else_is_resumed(profiles, make_desk):
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1", price="99")))  # held for its price
    assert resume_held(desk.store, NORTHWIND, by="ann") == []


def test_where_it_is_optional_an_unknown_code_passes_as_it_is(profiles, make_desk):
    profiles.add(NORTHWIND, "cross_references: {items: optional, locations: optional}")
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1")))
    assert desk.posted() == ["PO-1"]
    assert '"id":"000044013"' in erp_has(desk)


def test_without_a_word_in_the_profile_nothing_is_exchanged(desk):
    say(desk, LANTERN, CENTER)
    desk.drop(northwind(1, order("PO-1")))
    assert "SHIP-77" not in erp_has(desk)


def test_an_entry_for_any_qualifier_serves_where_none_is_for_this_one(profiles, make_desk):
    profiles.add(NORTHWIND, BOTH)
    desk = make_desk()
    say(desk, LANTERN, CrossReference(kind="location", qualifier="", code="0610", ours="SHIP-78"))
    desk.drop(northwind(1, order("PO-1")))
    assert "SHIP-78" in erp_has(desk)


@pytest.mark.parametrize(("valid_from", "expected"), [(date(2026, 11, 17), "NEW"), (date(2026, 11, 18), "SHIP-77")])
def test_the_entry_that_began_last_holds_from_its_first_day(profiles, make_desk, valid_from, expected):
    profiles.add(NORTHWIND, BOTH)
    desk = make_desk()
    say(desk, LANTERN, CENTER, CrossReference(kind="location", qualifier="92", code="0610", ours="NEW", valid_from=valid_from))
    desk.drop(northwind(1, order("PO-1")))
    assert f'"id":"{expected}"' in erp_has(desk)


def test_an_entry_that_is_over_is_as_good_as_none(profiles, make_desk):
    profiles.add(NORTHWIND, BOTH)
    desk = make_desk()
    over = CrossReference(kind="item", qualifier="IN", code="000044013", ours="PB-1001", valid_until=date(2026, 11, 16))
    say(desk, over, CENTER)
    desk.drop(northwind(1, order("PO-1")))
    assert desk.held()[0].startswith("PO1 of line 001")


def test_ids_of_one_line_that_lead_to_two_items_are_a_persons(profiles, make_desk):
    profiles.add(NORTHWIND, BOTH)
    desk = make_desk()
    say(desk, LANTERN, CENTER, CrossReference(kind="item", qualifier="UP", code="614141001378", ours="PB-1002"))
    desk.drop(northwind(1, order("PO-1")))
    assert desk.held() == [
        "PO1 of line 001 names two items: 'IN:000044013' is our PB-1001, 'UP:614141001378' is our PB-1002 — "
        "mend one of them, then resume"
    ]


def split_by_stores(profiles: Profiles, make_desk: Callable[..., Desk], *codes: str) -> Desk:
    """PO-1 is for stores 0423 and 0424, which the ERP knows by these codes, and is billed store by store."""
    profiles.add(NORTHWIND, "cross_references: {locations: required}")
    profiles.replace(NORTHWIND, AGREED, AGREED.replace("awaits", "billing: {stores: apart}\n    awaits"))
    desk = make_desk()
    theirs = zip(("0423", "0424"), codes, strict=True)
    say(desk, CENTER, *(CrossReference(kind="location", qualifier="92", code=code, ours=ours) for code, ours in theirs))
    desk.drop(northwind(1, with_stores(order("PO-1"), "PO1", "0423", "24", "0424", "24")))
    desk.later(minutes=10)
    desk.erps.clear()
    return desk


def test_what_the_erp_ships_and_bills_for_a_store_names_it_as_they_wrote_it(profiles, make_desk):
    desk = split_by_stores(profiles, make_desk, "S-A", "S-B")
    ship(desk, "S1", 24, "S-B")
    charge(desk, "I1", "S1", 24, store="S-B")
    desk.later(hours=3)
    for code in ("856", "810"):
        (told,) = desk.sent(code)
        assert ["N1", "BY", "", "92", "0424"] in told.all("N1")
    assert [one.billed for one in thread(desk).lines[0].stores] == [0, 24]


@pytest.mark.parametrize(("told", "sent"), [("S-A", []), ("0424", ["0424"])])
def test_one_code_of_ours_for_two_of_their_stores_is_for_a_person(profiles, make_desk, told, sent):
    desk = split_by_stores(profiles, make_desk, "S-A", "S-A")
    ship(desk, "S1", 24, told)
    desk.later(hours=1)
    assert [notice.all("N1")[-1][4] for notice in desk.sent("856")] == sent
    assert all("store S-A, and that is our code of the buyer's 0423, 0424" in why for why in desk.held())


def test_it_is_the_same_on_every_database(profiles, any_desk):
    desk = any_desk
    say(desk, LANTERN, CENTER)
    say(desk, CrossReference(kind="location", qualifier="92", code="0610", ours="SHIP-80"))
    with desk.store.read() as unit:
        assert unit.cross_references.of(NORTHWIND, "item") == [LANTERN]
        assert unit.cross_references.ours(NORTHWIND, "location", ["0610"], date(2026, 11, 17)) == {("92", "0610"): "SHIP-80"}
