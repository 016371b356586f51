"""What pyx12 is asked, what it says in our terms, and when it has no opinion."""

import subprocess
import sys
from random import Random

import pytest
from checking import a_set
from differential import DEFINITIONS
from valid_documents import as_read, valid_set

from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.envelope import TransactionSet
from edi_gateway.x12.finding import Scope
from edi_gateway.x12.second_opinion import compare, second_opinion
from edi_gateway.x12.second_opinion.maps import write_maps
from edi_gateway.x12.standard import load
from edi_gateway.x12.validation import checker

ORDER = load("850", "004010")
LINE = "PO1**1*EA*2.5"


def asked(*body, **given):
    return second_opinion(a_set("850", *body, **given), ORDER)


def test_pyx12_accepts_a_plain_order():
    opinion = asked(LINE)
    assert opinion.accepts
    assert opinion.findings == ()


def test_what_it_says_of_an_element_carries_our_code_and_place():
    (remark,) = asked("PO1**ONE*EA*2.5").findings
    assert (remark.scope, remark.code, remark.position, remark.element, remark.component) == (Scope.ELEMENT, "6", 3, 2, None)
    assert remark.place == "segment 3 PO1, PO102"
    assert remark.reported_as == "AK403 6"


def test_what_it_says_of_a_component_carries_its_number():
    (remark,) = asked(LINE, "MEA**WT*1*EA>A").findings
    assert (remark.place, remark.code) == ("segment 4 MEA, MEA04-2", "6")


def test_what_it_says_of_a_syntax_note_carries_the_positions_of_the_note():
    (remark,) = asked("PER*BD*DESK*TE", LINE).findings
    assert (remark.code, remark.note) == ("2", (3, 4))


def test_a_missing_segment_is_missing_where_the_next_one_stands():
    text = "ST*850*0001~PO1**1*EA*2.5~SE*3*0001~"
    (remark,) = second_opinion(TransactionSet(text, Delimiters()), ORDER).findings
    assert (remark.scope, remark.code, remark.segment, remark.position) == (Scope.SEGMENT, "3", "BEG", 2)


def test_a_wrong_count_and_a_missing_trailer_are_of_the_set():
    text = "ST*850*0001~BEG*00*SA*1**20260102~PO1**1~SE*9*0001~"
    (count,) = second_opinion(TransactionSet(text, Delimiters()), ORDER).findings
    (trailer,) = asked(LINE, ended=False).findings
    assert (count.scope, count.code, trailer.scope, trailer.code) == (Scope.SET, "4", Scope.SET, "2")


@pytest.mark.parametrize("marks", [Delimiters("|", "^", "$"), Delimiters("\x1d", "\x1f", "\x1c"), Delimiters(segment="\n")])
def test_delimiters_are_those_of_the_set(marks):
    assert asked(LINE, "MEA**WT*1*EA", delimiters=marks).accepts


def test_line_ends_behind_segments_are_no_part_of_it():
    assert asked(LINE, delimiters=Delimiters(line_end="\r\n")).accepts is True


def test_the_basic_character_set_can_be_asked_for():
    small = a_set("850", "REF*DP*abc", LINE)
    assert second_opinion(small, ORDER).accepts is True
    assert second_opinion(small, ORDER, characters="basic").accepts is False


def test_it_has_no_opinion_where_pyx12_stops_before_the_end():
    text = "ST*850*0001~BEG*00*SA*1**20260102~~PO1**1*EA*2.5~SE*4*0001~"
    opinion = second_opinion(TransactionSet(text, Delimiters()), ORDER)
    assert (opinion.accepts, opinion.why) == (None, "pyx12 stopped reading behind segment 2")


def test_it_has_no_opinion_of_a_segment_longer_than_pyx12_reads():
    opinion = asked("MSG*" + "A" * 20_000, LINE)
    assert (opinion.accepts, opinion.why) == (None, "pyx12 stopped reading behind segment 2")


def test_an_exception_of_pyx12_is_no_opinion():
    opinion = asked(LINE, "MEA**WT*1*" + ">".join(["EA"] * 20))
    assert opinion.accepts is None
    assert opinion.why.startswith("pyx12 raised IndexError")


def test_a_segment_of_the_envelope_inside_the_set_is_no_opinion():
    assert asked(LINE, "GE*1*1").why == "GE stands inside the set"


def test_without_an_opinion_there_is_nothing_to_compare():
    broken = a_set("850", "ZZZ*1", "GE*1*1")
    agreement = compare(checker(ORDER).check(broken), second_opinion(broken, ORDER))
    assert (agreement.same, agreement.explained, agreement.unexplained) == (False, (), ())


def test_pyx12_is_imported_only_when_it_is_asked():
    code = "import sys, edi_gateway.x12.second_opinion, edi_gateway.cli.x12.commands; sys.exit('pyx12' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_same_definition_makes_the_same_maps(tmp_path):
    written = []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        write_maps(ORDER, tmp_path / name)
        written.append({file.name: file.read_bytes() for file in (tmp_path / name).iterdir()})
    assert written[0] == written[1]


@pytest.mark.parametrize("definition", DEFINITIONS, ids=str)
def test_every_definition_makes_a_map_that_accepts_what_is_drawn_from_it(definition):
    drawn = as_read(valid_set(definition, Random(1), often=0.3), definition)
    assert second_opinion(drawn, definition).accepts is True
