"""A guide begun from samples: what all of them have in common, each line with its evidence.

Only what a few samples can show is said: codes that were used, segments that were always there. What was never there is not
said to be unused, and no length is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from edi_gateway.errors import Collected, WrongInput
from edi_gateway.operations.onboard_samples import SeenSet
from edi_gateway.x12 import guide, standard
from edi_gateway.x12.envelope import Segment
from edi_gateway.x12.place import PAIRS_FROM

_LINES = {"850": "PO1", "860": "POC", "855": "PO1", "810": "IT1"}  # the segment a line begins with
_LOOPS = ("N1", "N9", "SAC", "HL", "LM", "SPI", "ADV", "ENT", "LIN", *_LINES.values())  # heads of loops: the heading ends here
_QUALIFIED = ("REF", "DTM")
_COMMENT_AT = 44

T = TypeVar("T")


class _Line(NamedTuple):
    """A line of the guide, or of a place in it."""

    text: str
    evidence: str


def guide_text(partner: str, code: str, seen: Sequence[SeenSet]) -> str | None:
    """The guide of a set, from its samples; None where we have no definition of it. A line our own check refuses is left open."""
    nearest = standard.nearest(code, seen[0].group.release)
    if nearest is None:
        return None
    sets = [[segment for segment in one.set.segments if segment[0] not in ("ST", "SE")] for one in seen]
    release = nearest.definition.release
    lines = [*_first(sets, release), *_heading(sets), *_parties(sets), *_line_items(code, sets)]
    count = f"{len(sets)} samples" if len(sets) > 1 else "1 sample"
    head = [
        f"# What {count} of {partner} have in common. It is a beginning: hold it against their own guide, and mend it.",
        f'guide: "{code}"',
        f"title: {partner}, {code}",
        f"source: {', '.join(dict.fromkeys(one.sample for one in seen))}",
        f'set: "{code}"',
        f'releases: ["{release}"]',
    ]
    chains = _hierarchies(sets) if code == "856" else []
    head += [f"hierarchies: [{', '.join(chains)}]"] if chains else []
    return _checked([*head, "", "segments:", *(_said(line) for line in lines)])


def _first(sets: Sequence[Sequence[Segment]], release: str) -> Iterator[_Line]:
    """Codes of the segment every set begins with, and the currency."""
    begin = sets[0][0][0]
    for element in standard.segment(release, begin).elements if begin in standard.segment_ids(release) else ():
        used = sorted({value for one in sets if (value := _value(one[0], element.position))})
        if used and element.codes is not None:
            yield _Line(f"  {begin}{element.position:02d}: {{codes: [{_listed(used)}]}}", element.name)
    currencies = sorted({value for one in sets for segment in one if segment[0] == "CUR" and (value := _value(segment, 2))})
    if currencies:
        yield _Line(f"  CUR02: {{codes: [{_listed(currencies)}]}}", "")


def _heading(sets: Sequence[Sequence[Segment]]) -> Iterator[_Line]:
    """References and dates that every sample has in its heading."""
    headings = [_until(one, lambda segment: segment[0] in _LOOPS) for one in sets]
    for key in _in_all([(segment[0], _value(segment, 1)) for segment in one if segment[0] in _QUALIFIED] for one in headings):
        yield _Line(f"  {key[0]}*{key[1]}: required", _all(sets))


def _parties(sets: Sequence[Sequence[Segment]]) -> Iterator[_Line]:
    """Parties that every sample names before its lines, and what kind of number each has."""
    headings = [_until(one, lambda segment: segment[0] in (*_LINES.values(), "HL", "LIN")) for one in sets]
    parties = [[segment for segment in one if segment[0] == "N1"] for one in headings]
    for role in _in_all([_value(segment, 1) for segment in one] for one in parties):
        mine = [segment for one in parties for segment in one if _value(segment, 1) == role]
        kinds = sorted({_value(segment, 3) for segment in mine})
        if all(kinds):
            text = f"  N1*{role}: {{required, N103: {{required, codes: [{_listed(kinds)}]}}, N104: required}}"
            yield _Line(text, _all(sets))
        else:
            yield _Line(f"  N1*{role}: required", _all(sets))


def _line_items(code: str, sets: Sequence[Sequence[Segment]]) -> Iterator[_Line]:
    """What every line has: its number, a unit, ids by their qualifiers."""
    head = _LINES.get(code)
    items = [segment for one in sets for segment in one if segment[0] == head]
    if head is None or not items:
        return
    yield _Line(f"  {head}:", f"{len(items)} lines")
    if all(_value(item, 1) for item in items):
        yield _Line(f"    {head}01: required", "every line is numbered")
    units = sorted({value for item in items if (value := _value(item, 3))})
    if units and code != "860":
        yield _Line(f"    {head}03: {{codes: [{_listed(units)}]}}", "")
    start = PAIRS_FROM.get(head)
    if start is None:
        return
    pairs = [[_value(item, at) for at in range(start, len(item), 2) if _value(item, at + 1)] for item in items]
    used = sorted({qualifier for item in pairs for qualifier in item if qualifier})
    if used:
        yield _Line(f"    {head}*: {{codes: [{_listed(used)}]}}", "")
    for qualifier in _in_all(pairs):
        yield _Line(f"    {head}*{qualifier}: required", "in every line")


def _hierarchies(sets: Sequence[Sequence[Segment]]) -> list[str]:
    """The chains of levels there are, from the shipment down."""
    found: dict[str, None] = {}
    for one in sets:
        levels = {_value(segment, 1): segment for segment in one if segment[0] == "HL"}
        parents = {_value(segment, 2) for segment in levels.values()}
        for id in levels.keys() - parents:
            chain: list[str] = []
            at = id
            while at in levels and len(chain) < len(levels):
                chain.insert(0, _value(levels[at], 3))
                at = _value(levels[at], 2)
            found[" ".join(chain)] = None
    return sorted(found)


def _checked(lines: list[str]) -> str:
    """The text, with every line that the definition contradicts left open as a comment."""
    for _ in range(len(lines)):
        text = "\n".join(lines) + "\n"
        try:
            guide.loads(text, "guide")
        except WrongInput as error:
            mistakes = error.mistakes if isinstance(error, Collected) else (error,)
            said = [(one.where or "").rpartition(":")[2] for one in mistakes]
            numbers = {int(text) for text in said if text.isdigit()}
            open_lines = [number for number in numbers if not lines[number - 1].startswith("#")]
            if not open_lines:
                raise
            for number in open_lines:
                lines[number - 1] = f"# open, the standard says otherwise: {lines[number - 1].strip()}"
            continue
        return text
    return "\n".join(lines) + "\n"


def _said(line: _Line) -> str:
    return f"{line.text.ljust(_COMMENT_AT)}  # {line.evidence}" if line.evidence else line.text


def _in_all(groups: Iterable[Iterable[T]]) -> list[T]:
    """What stands in every group, in the order of the first."""
    listed = [list(dict.fromkeys(group)) for group in groups]
    return [one for one in listed[0] if one and all(one in group for group in listed)] if listed else []


def _until(segments: Sequence[Segment], ends: Callable[[Segment], bool]) -> list[Segment]:
    found: list[Segment] = []
    for segment in segments:
        if ends(segment):
            break
        found.append(segment)
    return found


def _all(sets: Sequence[object]) -> str:
    return f"in all {len(sets)} samples" if len(sets) > 1 else "in the sample"


def _value(segment: Segment, element: int) -> str:
    return segment[element].strip() if element < len(segment) else ""


def _listed(values: Iterable[str]) -> str:
    return ", ".join(f'"{value}"' if value.isdigit() else value for value in values)
