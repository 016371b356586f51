"""The table of the way: whole, drawn as it is, and what a flow is seen to do is in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import ROOT

from edi_gateway.errors import Defect
from edi_gateway.pipeline.picture import LANES, page
from edi_gateway.pipeline.stages import STAGES, WORLD_STAGES
from edi_gateway.pipeline.way import MOVES, STATES, WAY, LaneKind, check_step, kind_of, lane_of, priority_at
from edi_gateway.store.flows import FIRST, USUAL


def test_the_page_of_states_is_current() -> None:
    assert (ROOT / "docs/state.md").read_text(encoding="utf-8") == page(), "run tools/document_states"


def test_every_stage_of_the_way_is_there_and_no_other() -> None:
    assert set(WAY) == {*STAGES, *WORLD_STAGES}
    assert {stage for stage, step in WAY.items() if step.attempts} == set(WORLD_STAGES)


def test_every_stage_has_a_file_of_its_own() -> None:
    files = {path.stem for path in Path(ROOT / "edi_gateway/pipeline").glob("*bound/*.py")}
    assert {"awaiting" if stage == "await" else stage for stage in WAY} <= files


def test_what_follows_a_stage_is_a_stage() -> None:
    assert {following for step in WAY.values() for following in step.next} <= set(WAY)


def test_every_state_is_explained_and_every_move_is_between_states() -> None:
    assert set(MOVES) == set(STATES)
    assert {after for all_ in MOVES.values() for after in all_} <= set(STATES)


def test_every_kind_of_lane_is_used_and_explained() -> None:
    assert {step.lane for step in WAY.values()} == set(LaneKind) == set(LANES)


def test_a_lane_says_of_which_kind_it_is() -> None:
    assert kind_of(lane_of("send", partner="a", connection="b", connector="c")) is LaneKind.WIRE


def test_only_the_wire_goes_by_numbers_and_what_has_left_goes_by_no_urgency() -> None:
    assert priority_at("envelope", "transaction:7", FIRST) == FIRST
    assert priority_at("send", "transmission:12", FIRST) == 12
    assert priority_at("await", "transaction:7", 12) == USUAL


def test_a_flow_that_does_not_say_whose_lane_it_is_in_is_a_defect() -> None:
    with pytest.raises(Defect, match="does not say whose wire lane"):
        lane_of("send", partner="a", connection=None, connector=None)


def test_a_step_that_is_not_in_the_table_is_a_defect() -> None:
    with pytest.raises(Defect, match="'send' does not follow 'read'"):
        check_step("read", "send")


@pytest.mark.parametrize(("stage", "again"), [("envelope", "check"), ("apply", "apply"), ("await", "translate")])
def test_what_goes_again_goes_from_where_it_is_or_before(stage: str, again: str) -> None:
    check_step(stage, again, back=True)
    with pytest.raises(Defect, match=f"'{again}' does not follow '{stage}'"):
        check_step(stage, again)


def test_nothing_goes_back_to_where_it_never_was() -> None:
    with pytest.raises(Defect, match="'read' does not follow 'check'"):
        check_step("check", "read", back=True)
