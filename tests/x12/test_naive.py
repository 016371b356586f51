"""The second checker finds, by itself, what it should: one scene for each thing it knows."""

import naive
import pytest

from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.standard import load, releases, sets
from edi_gateway.x12.structure.containers import ids_of

GOOD = ["ST*850*0001", "BEG*00*SA*4711**20260301", "PO1*1*12*EA*2.5**UP*036000291452", "CTT*1", "SE*5*0001"]


def faults(*lines, release="004010"):
    return naive.check("850", release, [line.split("*") for line in lines], Delimiters())


def spoilt(old, new):
    return faults(*[line.replace(old, new) for line in GOOD])


def test_nothing_is_wrong_with_a_good_order():
    assert faults(*GOOD).none


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("4711", "", (2, 3, 0, "1")),
        ("2.5*", "*PE", (3, 4, 0, "2")),
        ("CTT*1", "CTT*1**3*LB*5*X*8*9", (4, 8, 0, "3")),
        ("EA", "E", (3, 3, 0, "4")),
        ("4711", "4" * 23, (2, 3, 0, "5")),
        ("12", "1-2", (3, 2, 0, "6")),
        ("EA", "??", (3, 3, 0, "7")),
        ("20260301", "20260229", (2, 5, 0, "8")),
        ("CTT*1", "CTT*1*", (4, 2, 0, "3")),
    ],
)
def test_each_code_of_an_element(old, new, found):
    assert spoilt(old, new).elements >= {found}


def test_segments_that_are_none_and_that_are_of_other_sets():
    assert faults(*GOOD[:2], "QQQ*1", "BSN*00", *GOOD[2:]).segments == {(3, "1"), (4, "6")}


@pytest.mark.parametrize(
    "lines",
    [
        GOOD[:1] + GOOD[2:],
        [*GOOD[:2], GOOD[1], *GOOD[2:]],
        [*GOOD[:3], GOOD[1], *GOOD[3:]],
        [*GOOD[:3], *GOOD[4:], "SE*5*0001"],
        GOOD[:-1],
    ],
)
def test_disorder_is_seen(lines):
    assert not faults(*lines).in_order


def test_it_knows_every_segment_of_every_set():
    for release in releases():
        for code in sets(release):
            assert naive.ids_in(naive.items_of(code, release)) == ids_of(load(code, release))
