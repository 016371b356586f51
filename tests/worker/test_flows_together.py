"""How many flows go together follows how long those before took."""

from __future__ import annotations

from edi_gateway.pipeline.tools import MOST_TOGETHER, TOGETHER
from edi_gateway.pipeline.way import LaneKind
from edi_gateway.worker.batches import FEWEST, LONG, Batches


def after(*batches: tuple[int, float]) -> int:
    """How many go together after batches of so many that took so many seconds."""
    learned = Batches()
    for flows, seconds in batches:
        learned.took(LaneKind.BUSINESS, flows, seconds)
    return learned.most(LaneKind.BUSINESS)


def test_where_nothing_is_known_it_is_the_usual_number() -> None:
    assert after() == TOGETHER


def test_many_more_go_together_where_that_is_quick_and_never_more_than_the_most() -> None:
    assert after((TOGETHER, 0.01)) == 2 * TOGETHER
    assert after(*((MOST_TOGETHER, 0.01) for _ in range(9))) == MOST_TOGETHER


def test_fewer_go_together_where_that_takes_long_and_never_fewer_than_the_fewest() -> None:
    assert after((TOGETHER, 2 * LONG)) == TOGETHER // 2
    assert after(*((TOGETHER, 2 * LONG) for _ in range(9))) == FEWEST


def test_a_batch_of_few_says_nothing_unless_it_took_long() -> None:
    assert after((1, 0.001)) == TOGETHER
    assert after((1, 2 * LONG)) == TOGETHER // 2


def test_what_takes_long_in_one_kind_of_lane_says_nothing_of_another() -> None:
    learned = Batches()
    learned.took(LaneKind.ERP, TOGETHER, 60.0)
    assert learned.most(LaneKind.BUSINESS) == TOGETHER
