"""A tiny simulation ends well, and a truth keeper that is lied to says so. ``make simulate`` plays the large one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from simulation.plan import Fault
from simulation.simulate import Ending, Play
from simulation.text import Interchange, Set

pytestmark = pytest.mark.slow
ORDERS, SEED = 15, 1206  # with seven of the things that can go wrong, a file that comes twice, and two crashes


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Play, Ending]]:
    """A play that has ended."""
    play = Play(tmp_path_factory.mktemp("simulation"), ORDERS, SEED)
    ending = play.play()
    yield play, ending
    play.gateway.desk.close()


def forged(play: Play, number: int, **elements: str) -> Set:
    """The 856 of an order without mishaps once more as shipment ``FORGED-…``, with other elements: ``SN1_2="99"``."""
    order = next(each for each in play.plan.orders if each.fault is Fault.NONE)
    units = {line.number: line.unit for line in order.lines}
    first = order.lines[0]
    segments = [
        ["ST", "856", "0001"],
        ["BSN", "00", f"FORGED-{number}", "20261116", "1200", "0001"],
        ["HL", "1", "", "I", "0"],
        ["PRF", order.number],
        ["LIN", first.number],
        ["SN1", "", "1", units[first.number]],
        ["SE", "7", "0001"],
    ]
    for name, value in elements.items():
        tag, place = name.split("_")
        next(segment for segment in segments if segment[0] == tag)[int(place)] = value
    return Set("856", f"{900_000 + number:09d}", "SH", "1", "0001", segments)


def enter(play: Play, came: Set) -> None:
    order = next(each for each in play.plan.orders if each.fault is Fault.NONE)
    envelope = [["ISA", *[""] * 12, came.interchange], *came.segments, ["IEA", "1", came.interchange]]
    play.book.enter(order.retailer, Interchange(envelope, [came]), set(), play.gateway.clock.now())


def test_everything_that_went_wrong_was_told_and_every_balance_closes(played: tuple[Play, Ending]) -> None:
    play, ending = played
    assert str(ending) == f"{ORDERS} orders, 0 unflagged, 0 open balances", [*ending.unflagged, *ending.open_balances]
    assert ending.deaths == 2
    assert len({order.fault for order in play.plan.orders}) == 8


def test_what_left_and_nobody_ordered_is_neither_told_by_the_gateway_nor_balanced(played: tuple[Play, Ending]) -> None:
    play, _ = played
    enter(play, forged(play, 1))
    ending = play.ending()
    assert any(text.startswith("R12: 856 FORGED-1 ") for text in ending.unflagged)
    assert len(ending.open_balances) == 1
    assert not ending.is_good


def test_an_interchange_that_comes_after_a_later_one_is_seen_unless_that_is_told(played: tuple[Play, Ending]) -> None:
    play, _ = played
    late = play.gateway.desk.interchanges("out")[0]
    about = [text for text in play.ending().unflagged if "it came after" in text]
    play.book._envelope(
        late.partner, Interchange([["ISA", *[""] * 12, late.control_number], ["IEA", "1", late.control_number]], [])
    )
    assert len([text for text in play.ending().unflagged if "it came after" in text]) == len(about) + 1
    with play.gateway.desk.store.write() as unit:
        unit.events.tell("compliance.breach", f"interchange:{late.id}", "R31 ISA13: it leaves after a later one")
    assert [text for text in play.ending().unflagged if "it came after" in text] == about


def test_a_number_that_comes_twice_and_a_level_without_a_parent_are_seen(played: tuple[Play, Ending]) -> None:
    play, _ = played
    enter(play, forged(play, 2, HL_2="77"))
    enter(play, forged(play, 2, SN1_2="2"))
    told = [text for text in play.ending().unflagged if "FORGED-2" in text]
    assert any("a level has no parent" in text for text in told)
    assert any("came before, with another content" in text for text in told)
