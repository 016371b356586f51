"""Between two ids no control number is given twice, whatever a profile comes to say about ids and counters."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from desk import NORTHWIND, Desk, Profiles, directory_of
from partner_says import northwind, order

from edi_gateway.operations.cutover import seed_numbers
from edi_gateway.store.tables import control_counter

IDS = "interchange: [08:7005551200]"
FIRST = (IDS, "interchange: [08:7005559999, 08:7005551200]")
MOVED = (IDS, "interchange: [08:7005559999]")
SCOPES = {scope: (IDS, f"control_numbers: {{scope: {scope}}}\n{IDS}") for scope in ("pair", "ours", "all")}


@pytest.fixture
def desk(profiles: Profiles, make_desk: Callable[[], Desk]) -> Desk:
    """Two orders are answered: interchanges 1 and 2 went."""
    desk = make_desk()
    for number in (1, 2):
        desk.drop(northwind(number, order(f"PO-{number}")))
    assert numbers(desk) == [1, 2]
    return desk


def says(desk: Desk, profiles: Profiles, change: tuple[str, str]) -> None:
    profiles.replace(NORTHWIND, *change)
    desk.use(directory=directory_of(profiles.folder))


def numbers(desk: Desk, place: tuple[str, int] = ("ISA", 13)) -> list[int]:
    """ISA13 (or GS06) of the 997s, as they are on record."""
    return [int(sent.one(place[0])[place[1]]) for sent in desk.sent("997")]


@pytest.mark.parametrize("change", [FIRST, *SCOPES.values()], ids=["another id first", *SCOPES])
def test_a_profile_that_numbers_otherwise_from_now_on_gives_no_number_again(
    desk: Desk, profiles: Profiles, change: tuple[str, str]
) -> None:
    says(desk, profiles, change)
    for number in (3, 4):
        desk.drop(northwind(number, order(f"PO-{number}")))
    assert numbers(desk) == numbers(desk, ("GS", 6)) == [1, 2, 3, 4]


@pytest.mark.parametrize("change", [FIRST, SCOPES["ours"]], ids=["ids", "scope"])
def test_nor_does_one_that_is_put_back_as_it_was(desk: Desk, profiles: Profiles, change: tuple[str, str]) -> None:
    says(desk, profiles, change)
    desk.drop(northwind(3, order("PO-3")))
    says(desk, profiles, (change[1], change[0]))
    desk.drop(northwind(4, order("PO-4")))
    assert numbers(desk) == numbers(desk, ("GS", 6)) == [1, 2, 3, 4]


def test_counters_that_are_not_there_go_on_behind_what_is_on_record(desk: Desk) -> None:
    with desk.store.engine.begin() as connection:
        connection.execute(control_counter.delete())
    desk.drop(northwind(3, order("PO-3")))
    assert numbers(desk) == numbers(desk, ("GS", 6)) == [1, 2, 3]


def test_groups_are_numbered_on_where_an_id_gives_way_to_another_and_the_group_id_stays(desk: Desk, profiles: Profiles) -> None:
    says(desk, profiles, MOVED)
    desk.drop(northwind(3, order("PO-3")).replace(b"*08*7005551200", b"*08*7005559999"))
    [sent] = [sent for sent in desk.sent("997") if sent.one("ISA")[8].strip() == "7005559999"]
    assert (sent.one("ISA")[13], sent.one("GS")[6]) == ("000000001", "3")


def test_what_was_cut_over_holds_in_whatever_counter_comes_after(profiles: Profiles, make_desk: Callable[[], Desk]) -> None:
    desk = make_desk()
    seed_numbers(desk.tools, NORTHWIND, interchange=4711, groups={"FA": 815}, by="ann")
    says(desk, profiles, SCOPES["all"])
    desk.drop(northwind(1, order("PO-1")))
    assert (numbers(desk), numbers(desk, ("GS", 6))) == ([4712], [816])


def test_numbers_of_another_system_hold_for_an_id_that_only_one_set_goes_to(
    profiles: Profiles, make_desk: Callable[[], Desk]
) -> None:
    profiles.replace(NORTHWIND, *SCOPES["pair"])
    own = "envelope: {receiver: 08:7005559999}"
    profiles.replace(NORTHWIND, '    guide: "855"\n    awaits', f'    guide: "855"\n    {own}\n    awaits')
    desk = make_desk()
    seed_numbers(desk.tools, NORTHWIND, interchange=4711, groups={"PR": 815}, by="ann")
    desk.drop(northwind(1, order("PO-1")))
    desk.later(minutes=10)
    [answer] = desk.sent("855")
    assert (int(answer.one("ISA")[13]), answer.one("GS")[6]) == (4712, "816")
