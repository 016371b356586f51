"""The stored tests of the maps, and that they would notice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from map_scenes import PROJECT, library

from edi_gateway.errors import WrongInput
from edi_gateway.mapping import trials
from edi_gateway.mapping.library import Library

ORDER = """\
map: order
reads: {set: 850, releases: [004010]}
writes: order
order:
  number: BEG03
  purpose: BEG01
  type: BEG02
  ordered_on: BEG05
  department: REF*DP
  lines: {each: PO1, fields: {number: PO101, quantity: PO102, unit: PO103}}
"""
SET = "ST*850*1~\nBEG*00*SA*77**20260105~\nPO1*1*5*EA~\nSE*4*1~\n"
DOCUMENT = {
    "number": "77",
    "purpose": "00",
    "type": "SA",
    "ordered_on": "2026-01-05",
    "lines": [{"number": "1", "quantity": "5", "unit": "EA"}],
}
ANSWER = """\
map: answer
reads: order acknowledgment
writes: {set: 855, releases: [004010]}
855:
  BAK01: {default: "00"}
  BAK02: {default: AD}
  BAK03: number
  BAK04: ordered_on
  BAK09: acknowledged_on
"""


@pytest.mark.parametrize("trial", trials.trials(library()), ids=lambda trial: trial.name)
def test_stored_test(trial: trials.Trial) -> None:
    result = trials.run(library(), trial)

    assert result.differences == []
    assert result.crashes == []
    assert result.mutations > 20


def test_every_map_has_a_stored_test_that_uses_nearly_all_its_lines() -> None:
    stored = trials.trials(library())
    covered = trials.coverage(library(), [trials.run(library(), trial) for trial in stored])

    assert {trial.map for trial in stored} == set(library().names())
    assert [str(one) for one in covered if one.missing and "/" not in one.map] == []
    assert [str(one) for one in covered if len(one.missing) > one.lines * 0.08] == []


def stored(folder: Path, name: str, text: str, edi: str, document: object) -> Library:
    tests = folder / name / "tests"
    tests.mkdir(parents=True)
    (folder / f"{name}.yaml").write_text(text)
    (tests / "plain.edi").write_text(edi)
    (tests / "plain.json").write_text(json.dumps(document))
    return Library.load(folder)


def test_a_difference_is_told_by_what_it_means(tmp_path: Path) -> None:
    other = {**DOCUMENT, "department": "042", "lines": [{"number": "1", "quantity": "6", "unit": "EA"}]}
    maps = stored(tmp_path, "order", ORDER, SET, other)

    [trial] = trials.trials(maps)
    assert trials.run(maps, trial).differences == [
        "reading: department: expected 042, is missing",
        "reading: lines[0].quantity: expected 6, is 5",
    ]


def test_the_same_number_written_otherwise_is_no_difference(tmp_path: Path) -> None:
    same = {**DOCUMENT, "lines": [{"number": "1", "quantity": "5.00", "unit": "EA"}]}
    maps = stored(tmp_path, "order", ORDER, SET, same)

    assert trials.run(maps, trials.trials(maps)[0]).good


def test_lines_that_no_test_uses_are_told(tmp_path: Path) -> None:
    maps = stored(tmp_path, "order", ORDER, SET, DOCUMENT)

    [covered] = trials.coverage(maps, [trials.run(maps, trials.trials(maps)[0])])
    assert list(covered.missing.values()) == ["department"]
    assert str(covered) == "order: 5 of 6 lines used"


def test_a_map_that_writes_has_to_write_the_stored_set_and_to_carry_all(tmp_path: Path) -> None:
    document = {
        "number": "77",
        "decision": "accepted",
        "ordered_on": "2026-01-05",
        "acknowledged_on": "2026-01-06",
        "department": "042",
    }
    edi = "ST*855*1~\nBAK*00*AD*78*20260105*****20260106~\nCTT*0~\nSE*3*1~\n"
    maps = stored(tmp_path, "answer", ANSWER, edi, document)

    told = trials.run(maps, trials.trials(maps)[0]).differences
    assert [one for one in told if one.startswith("writing")] == [
        "writing: segment 2, BAK03: expected 78, is 77",
        "writing: segment 3: expected CTT*0, is missing",
        "writing: decision is not carried",
        "writing: department is not carried",
    ]


def test_a_set_without_its_document_is_told(tmp_path: Path) -> None:
    maps = stored(tmp_path, "order", ORDER, SET, DOCUMENT)
    (tmp_path / "order" / "tests" / "plain.json").unlink()

    with pytest.raises(WrongInput, match=r"has no document beside it — write plain\.json"):
        trials.trials(maps)


def test_a_set_with_only_what_it_is_read_as_is_only_read() -> None:
    [trees] = [trial for trial in trials.trials(library(), "ship-notice-856") if trial.document is None]
    result = trials.run(library(), trees)

    assert result.differences == []
    assert any(":211" in where for where in result.seen)  # a line for packs below items, which this map never writes
    assert trees.back is not None


def test_the_stored_sets_are_our_own() -> None:
    """Invented names only: everything in them is of firms that do not exist."""
    texts = [path.read_text(encoding="utf-8") for path in (PROJECT / "maps").rglob("tests/*.edi")]

    assert texts
    assert all("EXAMPLE" in text for text in texts if "@" in text)
