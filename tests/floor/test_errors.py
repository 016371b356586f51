"""Errors say what happened, where, and what to do."""

from __future__ import annotations

import copy

import pytest

from edi_gateway import errors
from edi_gateway.errors import Collected, Defect, GatewayError, NeedsPerson, TryAgain, WrongInput


def test_an_error_reads_where_what_and_what_to_do():
    error = WrongInput("'colour' is no field of an order", where="maps/850-order.yaml:12", do="take it out")

    assert str(error) == "maps/850-order.yaml:12: 'colour' is no field of an order — take it out"


def test_an_error_without_place_or_advice_is_just_its_sentence():
    assert str(TryAgain("the partner's server does not answer")) == "the partner's server does not answer"


def test_every_error_raised_on_purpose_is_one_of_four_kinds():
    kinds = (WrongInput, NeedsPerson, TryAgain, Defect)
    ours = [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, GatewayError)]

    assert all(issubclass(each, kinds) for each in ours if each is not GatewayError)
    assert not any(issubclass(one, other) for one in kinds for other in kinds if one is not other)


def test_collected_mistakes_are_read_one_a_line_and_kept_one_by_one():
    first, second = WrongInput("no such map", where="a.yaml:3"), WrongInput("no such guide", where="a.yaml:9")

    both = Collected([first, second])

    assert str(both) == "a.yaml:3: no such map\na.yaml:9: no such guide"
    assert both.mistakes == (first, second)


@pytest.mark.parametrize(
    "error", [NeedsPerson("which one?", where="ISA13 000000007", do="decide"), Collected([WrongInput("bad")])]
)
def test_a_copied_error_still_says_the_same(error: GatewayError):
    assert str(copy.copy(error)) == str(error)
