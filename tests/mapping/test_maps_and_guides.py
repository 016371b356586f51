"""A map held against a guide: what it writes and the guide does not use is told at the map's line."""

from __future__ import annotations

from pathlib import Path

import pytest

from edi_gateway.mapping.library import Library
from edi_gateway.x12.guide import loads

MAPS = Path(__file__).parents[2] / "maps"


@pytest.fixture(scope="module")
def library() -> Library:
    return Library.load(MAPS)


def told(library: Library, map_name: str, set_code: str, rule: str) -> list[str]:
    guide = loads(f'guide: acme\nset: "{set_code}"\nreleases: ["004010"]\nsegments:\n  {rule}\n')
    return [each.what for each in (*library.against(map_name, guide), *library.lacks(map_name, guide))]


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        ("REF*DP: unused", "REF*DP"),
        ("BIG05: unused", "BIG05"),
        ("IT1/SAC: unused", "SAC01"),
        ("N1*ST/REF: unused", "REF01"),
        ("N1*ST/N302: unused", "N302"),
        ("N1*RE: unused", "N101"),
        ("IT101: unused", "IT101"),
    ],
)
def test_what_is_written_and_unused_is_told(library, rule, line):
    assert told(library, "invoice-810", "810", rule) == [f"{line} is written, and guide acme has {rule.partition(':')[0]} unused"]


@pytest.mark.parametrize("rule", ["REF*ZZ: unused", "BIG08: unused", "CTT: required", "IT1/SLN: unused", "N1*BY/N2: unused"])
def test_what_is_not_written_or_not_unused_is_not_told(library, rule):
    assert told(library, "invoice-810", "810", rule) == []


def test_levels_of_a_ship_notice_are_told_apart(library):
    assert told(library, "ship-notice-856", "856", "HL*P/MAN: unused") != []
    assert told(library, "ship-notice-856", "856", "HL*O/MAN: unused") == []


def test_the_line_is_that_of_the_map(library):
    guide = loads('guide: acme\nset: "810"\nreleases: ["004010"]\nsegments:\n  BIG05: unused\n')
    [note] = library.against("invoice-810", guide)
    file, line = str(note.where).rsplit(":", 1)
    assert "BIG05" in Path(file).read_text(encoding="utf-8").splitlines()[int(line) - 1]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("BIG08: required", ["BIG/BIG08", "BIG08 is required, and nothing makes it"]),
        ("REF*ZZ: required", []),  # any reference may be that one
        ("AMT: required", ["AMT is required, and nothing makes it"]),
        ("IT1/SDQ: required", ["IT1/SDQ is required, and nothing makes it"]),
        ("BIG01: required", []),
        ("N1*ST: {required, N104: required}", []),
        ("N1*ST: {N106: required}", ["N1*ST/N106 is required, and nothing makes it"]),
        ("IT1: {IT1*IN: required}", []),  # all item ids are written
        ("LM: {LM01: required}", []),  # nothing is said of the loop itself, which is not there
        ("CAD07: {codes: [CN]}", ["CAD07 is always 'BM', and guide acme takes CN"]),
        ("CAD07: {codes: [BM, CN]}", []),
    ],
)
def test_what_is_required_and_not_made_and_constants_not_taken_are_told(library, rule, said):
    assert told(library, "invoice-810", "810", rule) == said[-1:]


def test_a_map_that_reads_is_told_what_always_comes_and_is_not_read(library):
    guide = loads(
        'guide: acme\nset: "850"\nreleases: ["004010"]\nsegments:\n  CSH: {required, CSH01: required}\n  REF*DP: required\n'
    )

    assert [note.what for note in library.reads_against("850-order", guide)] == ["CSH is required, and nothing reads it"]
