"""The examples of docs/reference/map-language.md, each one run."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from map_scenes import PROJECT, around, written

from edi_gateway.documents.catalog import from_json, to_json
from edi_gateway.mapping.forms import WORDS
from edi_gateway.mapping.library import Library
from edi_gateway.mapping.source import TOP
from edi_gateway.x12.delimiters import Delimiters

PAGE = (PROJECT / "docs" / "reference" / "map-language.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^## (.*?)$|^```(yaml|x12|json)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
SMALL = {"order": "small-order", "855": "small-answer"}


@dataclass
class Example:
    section: str
    name: str  # the map to use
    lines: str  # laid over it
    given: str
    expected: str
    reads: bool


def files() -> dict[str, str]:
    """The whole files on the page, by path."""
    yaml = [text for _, kind, text in BLOCKS if kind == "yaml" and text.startswith("# maps/")]
    return {text.split("\n", 1)[0].removeprefix("# maps/").strip(): text for text in yaml}


def examples() -> list[Example]:
    found, section, name, lines, before = [], "", "small-order", "", None
    for heading, kind, text in BLOCKS:
        if heading:
            section, before = heading, None
        elif kind == "yaml" and text.startswith("# maps/"):
            path = text.split("\n", 1)[0].removeprefix("# maps/").strip()
            name, lines = ("small-order" if path.startswith("codes/") else path.removesuffix(".yaml")), ""
        elif kind == "yaml":
            name, lines = SMALL[text.split(":", 1)[0]], text
        elif before is None:
            before = (kind, text)
        else:
            found.append(Example(section, name, lines, before[1], text, before[0] == "x12"))
            before = None
    return found


def library(folder: Path, example: Example) -> tuple[Library, str]:
    for path, text in files().items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    if not example.lines:
        return Library.load(folder), example.name
    (folder / "example").mkdir()
    (folder / "example" / f"{example.name}.yaml").write_text(f"map: {example.name}\nextends: {example.name}\n{example.lines}")
    return Library.load(folder), f"example/{example.name}"


def whole(code: str, text: str) -> list[list[str]]:
    """The segments of an example; of an order, within the least there must be around them."""
    segments = [line.split("*") for line in text.strip().splitlines()]
    if code != "850":
        return segments
    ids = {segment[0] for segment in segments}
    head = [] if "BEG" in ids else [["BEG", "00", "SA", "1", "", "20260105"]]
    return [*head, *segments, *([] if "PO1" in ids else [["PO1", "1", "1", "EA"]])]


def assert_holds(part: Any, whole: Any) -> None:
    for key, value in part.items():
        assert whole.get(key) == value, key


@pytest.mark.parametrize("example", examples(), ids=lambda example: f"{example.section or 'the beginning'}")
def test_example(example: Example, tmp_path: Path) -> None:
    maps, name = library(tmp_path, example)
    if example.reads:
        code = maps.source(name).set_code
        document = maps.reading(name).read(around(code, whole(code, example.given), Delimiters(repetition="^")))
        assert_holds(json.loads(example.expected), json.loads(to_json(document)))
        return
    writing = maps.writing(name)
    lines = written(writing.write(from_json(writing.kind, example.given.encode())))
    expected = example.expected.strip().splitlines()
    assert "\n".join(expected) in "\n".join(lines)


def test_every_word_has_an_example() -> None:
    shown = {example.section for example in examples()}

    assert {*WORDS, "extends", "turned", "ignores", "Places", "Hierarchical levels"} <= shown


def test_the_grammar_names_every_word_and_no_other() -> None:
    grammar = PAGE.split("## The grammar")[1].split("```")[1]
    words = grammar.split("words       =")[1].split("source      =")[0]
    top = grammar.split("line        =")[0]

    assert set(re.findall(r'"([a-z]+):"', words)) == set(WORDS)
    assert set(re.findall(r'"([a-z]+):"', top)) == {*TOP, "set", "releases"}


def test_the_conversions_on_the_page_are_those_there_are() -> None:
    from edi_gateway.mapping.computed import COMPUTED
    from edi_gateway.mapping.conversions import CONVERSIONS
    from edi_gateway.mapping.packing import LIST_CONVERSIONS

    table = PAGE.split("| `as` |")[1].split("\n\n")[0]
    named = {name for row in table.splitlines()[2:] for name in re.findall(r"`([a-z ]+)`", row.split("|")[1])}

    assert named == {*CONVERSIONS, *LIST_CONVERSIONS, *COMPUTED}
