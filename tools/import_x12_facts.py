"""Writes edi_gateway/x12/standard/<release>/ from a folder of X12 facts: ``python tools/import_x12_facts.py FOLDER``.

The folder holds, for each release, ``sets/<set>.json``, ``segments.json``, ``composites.json``, ``elements.json``, ``codes.json``
and ``code-names.json`` in the form "x12facts/1". What is written is described in edi_gateway/x12/standard/README.md. Taken are
only what the sets use: their segments, those of the envelope, the elements in them, bare code values, and names of common codes
that are short enough to be names. Running it twice writes the same bytes.

The 864 is in no such folder: ``x12_text_message.json`` beside this file adds it to both releases, in the same form.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parents[1] / "edi_gateway" / "x12" / "standard"
RELEASES = ("004010", "005010")
ENVELOPE = ("ISA", "GS", "GE", "IEA", "TA1")
MARKS = {"M": "!", "X": "?", "O": ""}
LONGEST_NAME = 60
ADDED = Path(__file__).with_name("x12_text_message.json")


def use(of: dict[str, Any], name: str) -> str:
    """``BEG! 1 @020``: mandatory BEG, once, table position 020; ``>1`` where there is no limit."""
    limit = ">1" if of["max"] is None else str(of["max"])
    place = f" @{of['pos']}" if of.get("pos") else ""
    return f"{name}{MARKS[of['req']]} {limit}{place}"


def items(of: list[dict[str, Any]]) -> list[Any]:
    """Segment uses as strings; loops as lists that begin with the loop's own use."""
    written: list[Any] = []
    for item in of:
        if "seg" in item:
            written.append(use(item, item["seg"]))
            continue
        marks = "".join(f" {word}" for word, key in (("bounded", "bounded"), ("hierarchical", "hl")) if item.get(key))
        written.append([use(item, item["loop"]) + marks, *items(item["items"])])
    return written


def segments_in(of: list[dict[str, Any]]) -> set[str]:
    inner = [segments_in(item["items"]) for item in of if "items" in item]
    return {item["seg"] for item in of if "seg" in item}.union(*inner)


def parts(of: dict[str, Any]) -> list[str]:
    """Name, elements (``353!`` mandatory, ``330?`` conditional, ``C998*10`` repeated) and syntax notes."""
    elements = [f"{e['id']}{MARKS[e['req']]}" + (f"*{e['rep']}" if e.get("rep", 1) > 1 else "") for e in of["elements"]]
    return [of["name"], " ".join(elements), " ".join(of["notes"])]


def set_file(facts: dict[str, Any]) -> dict[str, Any]:
    areas = {area["area"]: items(area["items"]) for area in facts["areas"]}
    return {"set": facts["set"], "name": facts["name"], "group_code": facts["fg"], **areas}


def add(read: dict[str, Any], sets: list[dict[str, Any]], more: dict[str, Any], *, four_digits: bool) -> None:
    """Adds a set with the segments and elements only it has; positions have four digits from 005010 on."""
    for table in ("segments", "elements"):
        read[table] |= more[table]
    read["elements"] = dict(sorted(read["elements"].items(), key=lambda one: one[0].zfill(4)))
    sets.append(json.loads(json.dumps(more["set"]), object_hook=with_four_digits if four_digits else None))


def with_four_digits(of: dict[str, Any]) -> dict[str, Any]:
    """``020`` is ``0200``."""
    return of | {"pos": of["pos"] + "0"} if "pos" in of else of


def dump_lines(path: Path, table: dict[str, Any]) -> None:
    """One entry a line, so that a change is one line of a diff."""
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in table.items()]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")


def import_release(source: Path, target: Path) -> None:
    """Raises OSError or KeyError when the folder is not what it should be; nothing is guessed."""
    read = {
        name: json.loads((source / f"{name}.json").read_text())
        for name in ("segments", "composites", "elements", "codes", "code-names")
    }
    sets = [json.loads(path.read_text()) for path in sorted((source / "sets").glob("*.json"))]
    add(read, sets, json.loads(ADDED.read_text()), four_digits=target.name >= "005010")
    ids = segments_in([item for facts in sets for area in facts["areas"] for item in area["items"]]).union(ENVELOPE)
    segments = {key: parts(read["segments"][key]) for key in sorted(ids)}
    referred = {e["id"] for key in ids for e in read["segments"][key]["elements"]}
    composites = {key: parts(value) for key, value in sorted(read["composites"].items()) if key in referred}
    elements = referred | {e["id"] for key in composites for e in read["composites"][key]["elements"]}
    used = {key: value for key, value in read["elements"].items() if key in elements}

    (target / "sets").mkdir(parents=True, exist_ok=True)
    for facts in sets:
        (target / "sets" / f"{facts['set']}.json").write_text(json.dumps(set_file(facts), indent=1) + "\n")
    dump_lines(target / "segments.json", segments)
    dump_lines(target / "composites.json", composites)
    dump_lines(
        target / "elements.json",
        {key: f"{'N0' if e['type'] == 'N' else e['type']} {e['min']} {e['max']} {e['name']}" for key, e in used.items()},
    )
    codes = {key: value for key, value in read["codes"].items() if key in used}
    dump_lines(target / "codes.json", {key: None if value is None else " ".join(value) for key, value in codes.items()})
    dump_lines(target / "code-names.json", short_names(read["code-names"], codes))


def short_names(names: dict[str, dict[str, str]], codes: dict[str, list[str] | None]) -> dict[str, dict[str, str]]:
    short = {
        element: {code: name for code, name in of.items() if len(name) <= LONGEST_NAME and code in (codes[element] or of)}
        for element, of in names.items()
        if element in codes
    }
    return {element: of for element, of in short.items() if of}


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        sys.stderr.write("usage: import_x12_facts.py FOLDER\n")
        return 2
    for release in RELEASES:
        import_release(Path(arguments[0]) / release, TARGET / release)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
