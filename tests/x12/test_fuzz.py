"""A short run of what ``make fuzz`` does at length: nothing crashes, and three ways to check a set agree."""

from __future__ import annotations

import fuzz
import pytest
import three_ways
from three_ways import ask
from valid_documents import MARKS, valid_set

from edi_gateway.x12.envelope import TransactionSet
from edi_gateway.x12.standard import load

ORDER = [["ST", "850", "0001"], ["BEG", "00", "SA", "4711", "", "20260301"], ["PO1", "1", "12", "EA"], ["SE", "4", "0001"]]


@pytest.mark.parametrize("seed", range(4))
def test_nothing_crashes_is_accepted_wrongly_or_judged_differently(seed):
    told: list[str] = []
    result = fuzz.run(100, seed, told)
    assert result.is_good, "\n".join([*told, str(result)])


def test_the_last_line_says_what_came_of_it():
    assert str(fuzz.Result(40_000, 0, 0, 0)) == "40000 tried, 0 crashes, 0 false accepts, 0 disagreements"


def test_the_same_seed_tries_the_same_documents():
    assert fuzz.drawn(fuzz.Random("7 1")) == fuzz.drawn(fuzz.Random("7 1"))
    assert fuzz.drawn(fuzz.Random("7 1")) != fuzz.drawn(fuzz.Random("7 2"))


@pytest.mark.parametrize("definition", fuzz.DEFINITIONS, ids=str)
def test_all_agree_that_a_drawn_set_is_right(definition):
    segments = valid_set(definition, fuzz.Random(str(definition)), often=0.15, most=40)
    asked = ask(definition, TransactionSet.of(segments, MARKS[definition.release]))
    assert asked.right
    assert asked.difference == ""


def test_a_checker_that_misses_a_fault_is_found_out(monkeypatch):
    wrong = [*ORDER[:2], ["PO1", "1", "12", "E"], ORDER[3]]
    assert ask(load("850", "004010"), TransactionSet.of(wrong)).difference == ""
    monkeypatch.setattr(three_ways.Checker, "check", lambda self, transaction_set: ())
    assert "only the naive [(3, 3, 0, '4')]" in ask(load("850", "004010"), TransactionSet.of(wrong)).difference


def test_a_fast_path_that_takes_too_much_is_found_out(monkeypatch):
    monkeypatch.setattr(three_ways.FastPath, "accepts", lambda self, text: True)
    wrong = [*ORDER[:2], ["PO1", "1", "12", "E"], ORDER[3]]
    assert ask(load("850", "004010"), TransactionSet.of(wrong)).is_false_accept
    assert not ask(load("850", "004010"), TransactionSet.of(ORDER)).is_false_accept


def test_a_crash_is_counted_and_told(monkeypatch):
    def crash(payload):
        raise RuntimeError("no")

    monkeypatch.setattr(fuzz, "go_the_whole_way", crash)
    told: list[str] = []
    assert fuzz.run(3, 0, told).crashes == 3
    assert "RuntimeError: no" in told[0]
