"""What was written with some delimiters is written with others: composites and repetitions are put together anew."""

from __future__ import annotations

import pytest

from edi_gateway.errors import WrongInput
from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.other_marks import in_other_marks

USUAL, COLON = Delimiters(), Delimiters(component=":")
OLD = "004010"


def test_components_are_held_apart_by_the_other_separator():
    assert in_other_marks([["REF", "CO", "77", "", "IA>55"]], USUAL, COLON, OLD) == [["REF", "CO", "77", "", "IA:55"]]


def test_the_same_mark_in_plain_data_stays():
    assert in_other_marks([["N1", "ST", "A > B"]], USUAL, COLON, OLD) == [["N1", "ST", "A > B"]]


def test_repetitions_too_and_marks_may_change_places():
    before, after = Delimiters(component=":", repetition="^"), Delimiters(component="^", repetition=":")
    assert in_other_marks([["XYZ", "1:2^3"]], before, after, "005010") == [["XYZ", "1^2:3"]]


def test_data_that_would_be_read_as_two_components_is_refused():
    with pytest.raises(WrongInput, match=r"REF04: 'IA>5:5' holds the separator ':'"):
        in_other_marks([["REF", "CO", "77", "", "IA>5:5"]], USUAL, COLON, OLD)


def test_repetitions_are_refused_where_none_are_agreed():
    with pytest.raises(WrongInput, match="repeats"):
        in_other_marks([["XYZ", "1^3"]], Delimiters(repetition="^"), USUAL, "005010")
