"""The examples in docs/reference/guides.md are run: guides load, sets show the findings beside them, mistakes are told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from guides import checker_with, guide, mistakes, name

from edi_gateway.x12.acknowledgment import Form
from edi_gateway.x12.envelope import TransactionSet
from edi_gateway.x12.finding import Finding, Level
from edi_gateway.x12.guide.read import CODES, TOP, WORDS
from edi_gateway.x12.validation import KINDS

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "guides.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(yaml|edi|mistakes)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
PAIRS = [(BLOCKS[at - 1][1], text) for at, (kind, text) in enumerate(BLOCKS) if kind == "edi"]
WRONG = [(BLOCKS[at - 1][1], text) for at, (kind, text) in enumerate(BLOCKS) if kind == "mistakes"]
GOOD = [
    text
    for at, (kind, text) in enumerate(BLOCKS)
    if kind == "yaml" and BLOCKS[at + 1 : at + 2] not in ([("mistakes", WRONG[0][1])],)
]
STANDARD = (Level.ENVELOPE, Level.STRUCTURE, Level.ELEMENT, Level.SYNTAX_NOTE, Level.GUIDE)


@pytest.mark.parametrize("text", GOOD)
def test_an_example_is_a_guide(text):
    assert guide(text).rules


@pytest.mark.parametrize(("text", "edi"), PAIRS)
def test_an_example_finds_what_stands_beside_it(text, edi):
    lines = [re.split(r"\s+<- ", line) for line in edi.splitlines()]
    segments = [line[0].split("*") for line in lines]
    expected = {(position, note) for position, line in enumerate(lines, 2) for note in line[1:]}
    one = guide(text)
    whole = [["ST", one.set, "0001"], *segments, ["SE", str(len(segments) + 2), "0001"]]
    found = [
        finding for finding in checker_with(one).check(TransactionSet.of(whole)) if finding.level in STANDARD or _ours(finding)
    ]
    assert {(finding.position, f"{finding.kind} {name(finding)}") for finding in found} == expected


def _ours(finding: Finding) -> bool:
    return finding.kind.startswith("guide.")


def test_two_ways_to_write_places_are_one_guide():
    start = PAGE.index("## Places inside places")
    one, other = re.findall(r"^```yaml\n(.*?)^```", PAGE[start:], re.MULTILINE | re.DOTALL)[:2]
    said = [{(rule.place, rule.words, rule.length) for rule in guide(text).rules} for text in (one, other)]
    split = {(rule[0], word) for rule in said[0] for word in rule[1]}
    assert split >= {(rule[0], word) for rule in said[1] for word in rule[1]}


@pytest.mark.parametrize(("text", "told"), WRONG)
def test_the_mistakes_shown_are_the_ones_told(text, told):
    assert mistakes(text) == told.splitlines()


def test_every_word_has_an_example():
    shown = " ".join(text for kind, text in BLOCKS if kind == "yaml")
    for word in (*TOP, *WORDS, *CODES):
        assert re.search(rf"\b{word}\b", shown), word


def test_every_kind_is_in_the_table_with_its_codes():
    told = dict(re.findall(r"^\| `(guide\.\w+)` \| AK\d+ (\w+) \|", PAGE, re.MULTILINE))
    in_999 = dict(re.findall(r"^\| `(guide\.\w+)` \| AK\d+ \w+ \| (\w+) \|", PAGE, re.MULTILINE))
    kinds = {kind: entry for kind, entry in KINDS.items() if kind.startswith("guide.") and entry.level is Level.GUIDE}
    assert told == {kind: entry.code_in("004010") for kind, entry in kinds.items()}
    assert in_999 == {kind: entry.code_in("005010") for kind, entry in kinds.items()}


def test_in_a_997_of_005010_the_plain_codes_stand():
    for kind, entry in KINDS.items():
        if entry.level is Level.GUIDE:
            finding = Finding(kind, entry.scope, entry.level, entry.code_in("005010"), "")
            assert Form("997", "005010").code(finding) == entry.code_in("004010")
            assert Form("999", "005010").code(finding) == entry.code
