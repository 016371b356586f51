"""Every kind of fault has a document that is named for it, has that fault and no other, and gets the answer beside it.

``python tests/sample_docs/test_faults.py`` writes the answers anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from edi_gateway.errors import WrongInput
from edi_gateway.x12.acknowledgment import Form
from edi_gateway.x12.acknowledgment.form import REPORTED_LEVELS
from edi_gateway.x12.answers import answers_to
from edi_gateway.x12.envelope import InterchangeAcknowledgment, Skipped, TransactionSet
from edi_gateway.x12.examination import examine
from edi_gateway.x12.finding import Finding, Level, Scope
from edi_gateway.x12.reader import read
from edi_gateway.x12.validation import KINDS, Policy

FOLDER = Path(__file__).parents[2] / "sample_docs" / "faults"
FILES = sorted(FOLDER.glob("*.edi"))
# No TA1 was asked for; there is no group to answer.
UNTOLD = {"interchange-acknowledgment_requested", "set-outside_group"}
SILENT = {"interchange-sender", "interchange-receiver", "interchange-no_header", "interchange-encoding"}
ANSWERED = [path for path in FILES if path.stem not in UNTOLD | SILENT]
AT = datetime(2026, 11, 17, 10, 0, tzinfo=UTC)
UNFAULTY = "interchange-nothing_wrong"
# What cannot stand alone: a set without a known code is not supported either, an empty ST02 is a missing element too, a set
# without GS08 is held against some release, and its group has none that is supported.
ALSO = {
    "set-st01": {"set.unsupported"},
    "set-st02": {"element.missing"},
    "set-outside_group": {"set.release_nearest", "interchange.content"},
    "group-header": {"set.release_nearest", "group.release_unsupported"},
    "group-unsupported": {"set.unsupported"},
    "group-release_unsupported": {"set.release_nearest"},
}
# Written where others are found; found only in what is too large for a sample.
WITHOUT_FILE = {"set.has_segment_errors", "segment.has_element_errors", "set.findings_cut", "set.too_large"}
_LISTS = {Scope.INTERCHANGE: "TA1", Scope.GROUP: "AK9", Scope.SET: "AK5", Scope.SEGMENT: "AK3", Scope.ELEMENT: "AK4"}


def kind_of(path: Path) -> str:
    return path.stem.replace("-", ".", 1)


def findings(payload: bytes) -> Iterator[Finding]:
    for event in read(payload):
        if isinstance(event, TransactionSet):
            yield from examine(event, Policy()).findings
        elif isinstance(event, Skipped):
            yield event.finding
        elif not isinstance(event, InterchangeAcknowledgment):
            yield from getattr(event, "findings", ())


def answer(path: Path) -> str:
    """The TA1 and 997 a document gets, or why it gets none."""
    told = list(answers_to(path.read_bytes(), Form(release=""), AT))
    return "".join(f"not answered: {one}\n" if isinstance(one, WrongInput) else one.decode("latin-1") for one in told)


def expected(path: Path) -> str:
    return path.with_suffix(".997").read_bytes().decode("latin-1")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_document_has_the_fault_it_is_named_for_and_no_other(path):
    wanted = set() if path.stem == UNFAULTY else {kind_of(path)} | ALSO.get(path.stem, set())
    assert {finding.kind for finding in findings(path.read_bytes())} == wanted


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_document_gets_the_answer_beside_it(path):
    assert answer(path) == expected(path)


@pytest.mark.parametrize("path", ANSWERED, ids=lambda path: path.stem)
def test_what_there_is_a_code_for_is_told_by_it(path):
    lines = [line.split("*") for line in re.split(r"~\n?", expected(path))]
    for finding in findings(path.read_bytes()):
        if finding.code and finding.level in REPORTED_LEVELS:
            told = [line for line in lines if line[0] == _LISTS[finding.scope]]
            assert any(finding.code in line[1:] for line in told), finding


def test_every_kind_of_fault_has_a_document():
    kinds = {name for name, kind in KINDS.items() if kind.level is not Level.GUIDE} | {"set.release_nearest"}
    assert {kind_of(path) for path in FILES if path.stem != UNFAULTY} == kinds - WITHOUT_FILE


def test_the_table_lists_every_document():
    listed = set(re.findall(r"^\| `([a-z_0-9-]+)`", (FOLDER / "README.md").read_text(), re.MULTILINE))
    assert listed == {path.stem for path in FILES}


if __name__ == "__main__":
    for each in FILES:
        each.with_suffix(".997").write_bytes(answer(each).encode("latin-1"))
