"""Every segment of a set gets its place, and one without a place is named and kept."""

from hypothesis import given
from hypothesis import strategies as st

from edi_gateway.x12.standard import load
from edi_gateway.x12.structure import place


def segments(*lines):
    return [line.split("*") for line in lines]


def order(*lines):
    return place(load("850", "004010"), segments("ST*850*0001", "BEG*00*SA*1**20260102", *lines, "SE*9*0001"))


def faults(structure):
    return [(fault.kind, fault.position, fault.segment_id, fault.path) for fault in structure.faults]


def test_segments_get_the_path_of_the_innermost_loop_that_takes_them():
    placed = order("REF*DP*1", "N1*ST", "N3*x", "PO1*1*1*EA", "REF*ZZ*1", "N1*ST", "N3*x", "PO1*2*1*EA", "CTT*2").placed
    assert [(one.segment[0], one.path) for one in placed[2:-1]] == [
        ("REF", ""),
        ("N1", "N1"),
        ("N3", "N1"),
        ("PO1", "PO1"),
        ("REF", "PO1"),
        ("N1", "PO1/N1"),
        ("N3", "PO1/N1"),
        ("PO1", "PO1"),
        ("CTT", "CTT"),
    ]


def test_a_well_formed_order_has_no_faults():
    assert faults(order("PO1*1*1*EA", "CTT*1")) == []


def test_the_tree_holds_each_turn_of_a_loop():
    root = order("PO1*1*1*EA", "N1*ST", "PO1*2*1*EA").root
    lines = list(root.loops("PO1"))
    assert [(line.number, line.head.segment[1]) for line in lines] == [(1, "1"), (2, "2")]
    assert [inner.path for inner in lines[0].loops()] == ["PO1/N1"]
    assert [one.segment[0] for one in root.own()] == ["ST", "BEG", "SE"]


def test_a_mandatory_segment_is_missing_where_the_next_one_was_found():
    found = place(load("850", "004010"), segments("ST*850*1", "REF*DP*1", "PO1*1*1*EA", "SE*4*1"))
    assert faults(found) == [("segment.missing", 2, "BEG", "")]


def test_a_mandatory_loop_is_missing_once_by_its_head():
    assert faults(order("REF*DP*1")) == [("segment.missing", 4, "PO1", "PO1")]


def test_a_mandatory_segment_is_missing_inside_its_loop():
    assert faults(order("PO1*1", "LM*DF", "PO1*2")) == [("segment.missing", 5, "LQ", "PO1/LM")]


def test_what_ends_too_early_misses_its_trailer_behind_the_last_segment():
    found = place(load("850", "004010"), segments("ST*850*1", "BEG*00*SA*1**20260102", "PO1*1"))
    assert faults(found) == [("segment.missing", 4, "SE", "")]


def test_a_segment_over_its_maximum_keeps_its_use():
    found = order("CUR*BY*USD", "CUR*BY*USD", "PO1*1")
    assert faults(found) == [("segment.over_max", 4, "CUR", "")]
    assert found.placed[3].use is found.placed[2].use


def test_a_loop_over_its_maximum_is_opened_all_the_same():
    found = order(*["SAC*C", "CUR*BY*USD"] * 26, "PO1*1")
    assert faults(found) == [("loop.over_max", 53, "SAC", "SAC")]
    assert found.placed[53].path == "SAC"


def test_a_segment_behind_its_place_is_out_of_sequence_and_loses_nothing_after_it():
    assert faults(order("DTM*002*20260102", "REF*DP*1", "N1*ST", "PO1*1")) == [("segment.out_of_sequence", 4, "REF", "")]


def test_two_segments_that_changed_places_are_one_fault():
    found = place(load("850", "004010"), segments("ST*850*1", "REF*DP*1", "BEG*00*SA*1**20260102", "PO1*1", "SE*5*1"))
    assert faults(found) == [("segment.out_of_sequence", 3, "BEG", "")]


def test_a_loop_out_of_sequence_keeps_its_own_segments():
    found = order("PO1*1", "CTT*1", "PO1*2", "PID*F****x")
    assert faults(found) == [("segment.out_of_sequence", 5, "PO1", "")]
    assert found.placed[5].path == "PO1/PID"


def test_a_segment_whose_loop_is_not_open_is_unexpected():
    found = order("PO1*1", "N3*street")
    assert faults(found) == [("segment.unexpected", 4, "N3", "PO1")]
    assert found.placed[3].use is None


def test_a_segment_of_other_sets_and_an_unknown_one_are_told_apart():
    assert faults(order("BSN*00", "ZZZ*1", "PO1*1")) == [
        ("segment.not_in_set", 3, "BSN", ""),
        ("segment.unrecognized", 4, "ZZZ", ""),
    ]


def test_a_full_place_is_passed_by_for_one_further_on():
    found = place(load("850", "004010"), segments("ST*850*1", *["AMT*TT*1"] * 3))
    assert [one.path for one in found.placed] == ["", "AMT", "AMT", "AMT"]


def test_bounded_loops_stand_between_ls_and_le():
    found = order("PO1*1", "LS*LDT", "LDT*AF*1*DA", "LE*LDT", "PO1*2")
    assert faults(found) == []
    assert [one.path for one in found.placed[3:6]] == ["PO1/LS", "PO1/LS/LDT", "PO1/LS"]


def test_a_bounded_loop_that_was_left_before_its_le_is_one_fault():
    for stray in ("N1*ST*X", "PO1*2*1*EA"):
        found = order("PO1*1", "LS*LDT", "LDT*AF*1*DA", stray, "LE*LDT", "PO1*3")
        assert faults(found) == [("segment.out_of_sequence", 7, "LE", "PO1/LS")]


def test_a_bounded_loop_without_le_misses_it_once():
    assert faults(order("PO1*1", "LS*LDT", "LDT*AF*1*DA", "PO1*2")) == [("segment.missing", 6, "LE", "PO1/LS")]


def test_one_too_many_behind_its_full_place_is_over_its_maximum_and_not_out_of_sequence():
    found = order("CUR*BY*USD", "BEG*00*SA*1**20260102", "PO1*1", "CTT*1", "CTT*1")
    assert faults(found) == [("segment.over_max", 4, "BEG", ""), ("loop.over_max", 7, "CTT", "CTT")]


IDS = ["ST", "BEG", "REF", "N1", "N3", "PO1", "PID", "LM", "LQ", "CTT", "AMT", "SE", "ZZZ", "LS", "LE"]


@given(st.lists(st.sampled_from(IDS)))
def test_no_segment_is_ever_lost_from_the_tree(ids):
    given_segments = [[name] for name in ids]
    found = place(load("850", "004010"), given_segments)
    assert [one.segment for one in found.placed] == given_segments
    assert sorted(found.root.walk(), key=lambda one: one.position) == found.placed
