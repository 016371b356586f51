"""The definitions hold together, load by set and release, and say which one was taken for a release as written."""

import subprocess
import sys

import pytest

from edi_gateway.errors import WrongInput
from edi_gateway.x12 import standard
from edi_gateway.x12.standard import LoopUse
from edi_gateway.x12.standard.check import mistakes

EVERY_SET = {"810", "812", "820", "824", "846", "850", "855", "856", "860", "864", "865", "997"}


def test_importing_the_validation_reads_no_data():
    counts = "from edi_gateway.x12.standard.load import _table as t; print(t.cache_info().currsize)"
    told = subprocess.run([sys.executable, "-c", f"import edi_gateway.x12.validation; {counts}"], capture_output=True, text=True)
    assert told.stdout == "0\n"


@pytest.mark.parametrize("release", ["004010", "005010"])
def test_every_reference_in_the_data_resolves(release):
    assert mistakes(release) == []


def test_both_releases_hold_every_set_and_005010_also_the_999():
    assert set(standard.sets("004010")) == EVERY_SET
    assert set(standard.sets("005010")) == EVERY_SET | {"999"}


def test_a_definition_knows_its_group_and_its_areas():
    definition = standard.load("850", "004010")
    assert (definition.name, definition.group_code) == ("Purchase Order", "PO")
    assert [item.area for item in definition.items if item.id in ("BEG", "PO1", "SE")] == ["heading", "detail", "summary"]


def test_loops_of_the_same_name_are_told_apart_by_path():
    items = standard.load("850", "004010").items
    po1 = next(item for item in items if item.id == "PO1")
    assert isinstance(po1, LoopUse)
    assert {item.path for item in (*items, *po1.items) if isinstance(item, LoopUse) and item.id == "N1"} == {"N1", "PO1/N1"}


def test_an_element_use_carries_type_length_codes_and_number():
    po103 = standard.segment("004010", "PO1").elements[2]
    assert (po103.reference, po103.type, po103.min, po103.max, po103.requirement) == ("355", "ID", 2, 2, "O")
    assert po103.codes is not None
    assert "EA" in po103.codes


def test_the_syntax_notes_of_a_segment_are_read():
    assert [str(note) for note in standard.segment("004010", "SAC").notes][:2] == ["R0203", "P0304"]


def test_a_composite_is_found_behind_its_element():
    c040 = standard.segment("004010", "REF").elements[3].composite
    assert c040 is not None
    assert [part.reference for part in c040.elements[:2]] == ["128", "127"]


def test_lists_kept_elsewhere_have_no_codes():
    assert standard.segment("004010", "CUR").elements[1].codes is None


def test_an_unknown_set_is_refused_with_what_there_is():
    with pytest.raises(WrongInput, match=r"'849'.*850"):
        standard.load("849", "004010")
    with pytest.raises(WrongInput, match=r"'003040'.*004010, 005010"):
        standard.load("850", "003040")


@pytest.mark.parametrize(
    ("written", "release", "exact"),
    [
        ("004010", "004010", True),
        ("004010VICS", "004010", True),
        ("005010X231A1", "005010", True),
        (" 004010 ", "004010", True),
        ("004030VICS", "004010", False),
        ("003040", "004010", False),
        ("002001", "004010", False),
        ("005030", "005010", False),
        ("006020", "005010", False),
        ("", "004010", False),
        ("rubbish", "004010", False),
    ],
)
def test_the_nearest_release_is_taken_and_said(written, release, exact):
    found = standard.nearest("850", written)
    assert found is not None
    assert (found.definition.release, found.exact) == (release, exact)
    assert release in found.why


def test_a_999_in_004010_is_held_against_the_only_release_that_has_it():
    found = standard.nearest("999", "004010")
    assert found is not None
    assert (found.definition.release, found.exact) == ("005010", False)


def test_a_set_that_no_release_knows_has_no_nearest():
    assert standard.nearest("849", "004010") is None


def test_common_codes_have_names_and_others_none():
    assert standard.code_name("004010", "355", "EA") == "Each"
    assert standard.code_name("004010", "355", "??") is None
    assert standard.code_name("009999", "355", "EA") is None


def test_group_codes():
    assert [standard.group_code(code) for code in ("850", "855", "856", "810", "999")] == ["PO", "PR", "SH", "IN", "FA"]
    with pytest.raises(WrongInput):
        standard.group_code("849")
