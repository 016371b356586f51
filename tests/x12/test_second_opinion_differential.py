"""Our checker and pyx12 on the same documents: nothing one of them says is without its like or its explanation.

Good, seeded and mutated documents of the six main sets in both releases. ``differential.py`` compares any number of them.
"""

from random import Random

import msgspec
import pytest
from differential import DEFINITIONS, both_on, differ, mutated_sets, valid_sets
from seeded_documents import seeded

from edi_gateway.x12.second_opinion import RULES, compare

SEEDED = [(definition, one) for definition in DEFINITIONS for one in seeded(definition, Random(str(definition)))]
BY_CODE = {(one.scope, one.code): (definition, one) for definition, one in SEEDED}
of_every_set = pytest.mark.parametrize("definition", DEFINITIONS, ids=str)


@of_every_set
def test_both_accept_every_valid_set_and_say_nothing_more(definition):
    told = differ(definition, valid_sets(definition, 15))
    assert told.unexplained == []
    assert set(told.rules) <= {"forms of DTP03"}  # a text drawn for one of those that neither of us knows
    assert told.silent.total() <= 2


@pytest.mark.parametrize(("definition", "planted"), SEEDED, ids=[f"{definition} {one.name}" for definition, one in SEEDED])
def test_a_seeded_error_is_found_where_it_was_put_and_explained_where_pyx12_differs(definition, planted):
    ours, theirs, agreement = both_on(planted.segments, definition)
    wanted = (planted.scope, planted.code, planted.position, planted.element)
    assert wanted in [(one.scope, one.code, one.position if planted.position else None, one.element) for one in ours]
    assert theirs.accepts is False
    assert agreement.unexplained == ()


def test_every_code_of_ak304_and_ak403_and_those_of_ak502_about_one_set_are_seeded():
    codes = {scope: sorted(code for at, code in BY_CODE if at == scope) for scope, _ in BY_CODE}
    assert codes == {
        "set": ["2", "3", "4"],
        "segment": ["1", "2", "3", "4", "5", "6", "7"],
        "element": ["1", "10", "12", "2", "3", "4", "5", "6", "7", "8", "9"],
    }


@pytest.mark.parametrize(("definition", "planted"), BY_CODE.values(), ids=[f"{scope} {code}" for scope, code in BY_CODE])
def test_a_checker_that_overlooks_a_kind_of_error_is_caught(definition, planted):
    ours, theirs, _ = both_on(planted.segments, definition)
    overlooked = [one for one in ours if (one.scope, one.code) != (planted.scope, planted.code)]
    assert len(overlooked) < len(ours)
    assert compare(overlooked, theirs).unexplained


@pytest.mark.parametrize(("definition", "planted"), BY_CODE.values(), ids=[f"{scope} {code}" for scope, code in BY_CODE])
def test_a_checker_that_reports_a_wrong_place_is_caught(definition, planted):
    ours, theirs, _ = both_on(planted.segments, definition)
    moved = [
        msgspec.structs.replace(one, position=1, element=one.element and one.element + 40) if one.position else one
        for one in ours
    ]
    assert planted.position is None or compare(moved, theirs).unexplained


@of_every_set
def test_every_difference_on_a_mutated_set_is_explained(definition):
    told = differ(definition, mutated_sets(definition, 80))
    assert told.unexplained == []
    assert told.silent.total() <= 4, told.silent
    assert set(told.rules) <= {rule.name for rule in RULES}
