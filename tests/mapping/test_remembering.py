"""A part made of segments that came before is taken again; the document is the same as if nothing had ever been read."""

from __future__ import annotations

from functools import cache
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.orders import orders
from edi_gateway.mapping.errors import MapProblem
from edi_gateway.mapping.library import Library
from edi_gateway.mapping.reading import MOST_BOUND, ReadingMap
from edi_gateway.mapping.remembering import LONGEST, MOST, remember
from edi_gateway.mapping.slots import Slots
from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.envelope import TransactionSet

MAPS = Path(__file__).parents[2] / "maps"
HEAD = ["ST*850*0001", "BEG*00*SA*PO1**20260301"]
PARTY = ["N1*ST*NORTH STORE*92*0423", "N3*1 HARBOR WAY", "N4*ASHFORD*VT*05001"]
LINE = ["PO1*1*12*EA*2.50*PE*UP*036000291452*VN*SKU1", "CTT*1", "SE*9*0001"]


def fresh() -> ReadingMap:
    """The map of orders, that remembers nothing yet."""
    return Library.load(MAPS).reading("850-order")


@cache
def remembering_all() -> ReadingMap:
    """One map for all examples: what it remembers of earlier ones is what is tried."""
    return fresh()


@pytest.fixture(scope="module")
def used() -> ReadingMap:
    """The same that has read hundreds of orders."""
    map_ = fresh()
    for one in orders(300, seed=7):
        map_.read(TransactionSet(one.decode(), Delimiters()))
    return map_


def a_set(*segments: str, marks: Delimiters | None = None) -> TransactionSet:
    return TransactionSet("".join(f"{segment}~" for segment in segments), marks or Delimiters())


def test_a_map_that_remembers_reads_orders_as_one_that_does_not_and_as_its_traced_twin(used):
    for one in islice(orders(340, seed=7), 270, 340):
        same = TransactionSet(one.decode(), Delimiters())
        assert used.read(same) == used.trace(same)[0]


SEGMENTS = """\
N1*BT*NORTH STORE*92*0423
N2*ANNEX
N4*ASHFORD*VT*05001*US*CC*X
PER*BD*ANN*TE*555
PER*BD*ANN*TE*555*EM*A@B.C*FX*5*X
REF*DP*042
REF*ZZ*1**A>B
REF*ZZ*1**A>B>C
DTM*010*20260301
DTM*010*20260301****
FOB*PP*OR*X*01*Y*Z
N9*L1*NOTES
MSG*DOCK 6
TD5*O*2*ABCD
PO1*1*12*EA*2.50*PE*UP*036000291452
PO1**3*EA***UP*036000291452*VN
PID*F*08***LAMP
PID*F*73***RED
SDQ*EA*92*0001*5*0002*7
CTP**RES*9.99
ZZZ*1
""".splitlines()


@settings(max_examples=60)
@given(st.lists(st.lists(st.sampled_from([*PARTY, *SEGMENTS]), max_size=14), min_size=2, max_size=4))
def test_whatever_came_before_a_set_becomes_what_its_traced_twin_says(bodies):
    for body in bodies:
        same = a_set(*HEAD, *body, *LINE)
        try:
            told = remembering_all().trace(same)[0]
        except MapProblem:
            continue
        assert remembering_all().read(same) == told


def test_a_party_that_came_before_is_the_same_value(used):
    first, second = (used.read(a_set(*HEAD, *PARTY, *LINE)) for _ in range(2))
    assert first.ship_to is second.ship_to
    assert first.ship_to.city == "ASHFORD"


def test_what_a_line_does_not_read_is_kept_at_its_own_place_every_time(used):
    party = [PARTY[0], PARTY[1], "N4*ASHFORD*VT*05001**CC*X"]
    for before in ([], ["REF*DP*042"], ["REF*DP*042", "REF*IA*7"]):
        told = used.read(a_set(*HEAD, *before, *party, *LINE))
        assert [each.position for each in told.extras if each.segment.startswith("N4")] == [len(HEAD) + len(before) + 3]


def test_the_same_characters_under_another_separator_are_not_the_same(used):
    lines = [*HEAD, "REF*ZZ*1**A>B", *LINE]
    [composite] = used.read(a_set(*lines)).references
    [plain] = used.read(a_set(*lines, marks=Delimiters(component=":"))).references
    assert (composite.second_qualifier, composite.second_value) == ("A", "B")
    assert (plain.second_qualifier, plain.second_value) == ("A>B", "")


def test_the_same_characters_between_other_separators_are_not_the_same(used):
    lines = [*HEAD, "REF*ZZ*1|2", *LINE]
    [by_stars] = used.read(a_set(*lines)).references
    [by_bars] = used.read(a_set(*(one.replace("*", "|") for one in lines), marks=Delimiters("|"))).references
    assert (by_stars.value, by_stars.description) == ("1|2", "")
    assert (by_bars.value, by_bars.description) == ("1", "2")


def test_a_list_that_others_add_to_does_not_change_what_is_remembered_of_its_pairs(monkeypatch):
    monkeypatch.setattr(Slots, "is_alone", lambda *_: False)
    map_, one = fresh(), a_set(*HEAD, *LINE)
    assert map_.read(one).lines[0].item_ids == map_.read(one).lines[0].item_ids == fresh().trace(one)[0].lines[0].item_ids


def test_under_more_delimiters_than_are_kept_a_map_reads_the_same():
    map_ = fresh()
    first = map_.read(a_set(*HEAD, *PARTY, *LINE))
    for mark in "|^!%&#=;:<":
        assert map_.read(a_set(*(one.replace("*", mark) for one in [*HEAD, *PARTY, *LINE]), marks=Delimiters(mark))) == first
        assert len(map_._bound) <= MOST_BOUND


def test_no_more_is_remembered_than_there_is_room_for():
    kept: dict[object, object] = {}
    for number in range(MOST + 5):
        remember(kept, number, ("X",), "part")
    assert len(kept) == 5
    remember(kept, "long", ("X" * LONGEST, "Y"), "part")
    assert "long" not in kept
