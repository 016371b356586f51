"""A payload as a person reads it: every element with its name and meaning, loops in their depth, findings where they belong.

``shown`` tells it as values, one for each event of the reader; the command line and the pages put them on a screen.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import BinaryIO, TypeAlias

import msgspec

from edi_gateway.x12 import standard
from edi_gateway.x12.acknowledgment import InterchangeVerdict, Verdict, read_ta1
from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.envelope import (
    Event,
    FunctionalGroup,
    GroupEnd,
    Interchange,
    InterchangeAcknowledgment,
    InterchangeEnd,
    Segment,
    Skipped,
    TransactionSet,
)
from edi_gateway.x12.examination import Examination, examine
from edi_gateway.x12.finding import Finding, Severity
from edi_gateway.x12.reader import Reader
from edi_gateway.x12.standard import ElementUse
from edi_gateway.x12.structure import Placed, place
from edi_gateway.x12.validation import Policy

_INTEGER = re.compile(r"-?[0-9]+")


class ShownElement(msgspec.Struct, frozen=True):
    """One value: its place (``PO103``, ``REF04-2``), the element's name, the value and what it means where that is known."""

    place: str
    name: str
    value: str
    meaning: str = ""


class ShownSegment(msgspec.Struct, frozen=True):
    """One segment: ``depth`` loops around it, the path of its loop, and which turn of the loop it begins (0: none)."""

    position: int
    id: str
    name: str
    text: str
    depth: int = 0
    loop: str = ""
    turn: int = 0
    elements: tuple[ShownElement, ...] = ()
    findings: tuple[Finding, ...] = ()


class ShownSet(msgspec.Struct, frozen=True, tag="set"):
    """One set. ``held_against`` says which definition it was read by, and why where it is another release's."""

    code: str
    name: str
    control_number: str
    release: str
    held_against: str
    verdict: Verdict
    segments: tuple[ShownSegment, ...]
    findings: tuple[Finding, ...]  # of the set as such; the others are on their segments


class ShownInterchange(msgspec.Struct, frozen=True, tag="interchange"):
    sender: str
    receiver: str
    control_number: str
    sent_at: str
    usage: str
    version: str
    delimiters: Delimiters


class ShownGroup(msgspec.Struct, frozen=True, tag="group"):
    code: str
    sender: str
    receiver: str
    control_number: str
    release: str


class ShownEnd(msgspec.Struct, frozen=True, tag="end"):
    """The end of a group or an interchange, how much it held, and what is wrong with it."""

    of: str
    control_number: str
    held: int
    findings: tuple[Finding, ...]


class ShownAnswer(msgspec.Struct, frozen=True, tag="interchange acknowledgment"):
    """A TA1."""

    text: str
    verdict: InterchangeVerdict | None


class ShownSkipped(msgspec.Struct, frozen=True, tag="skipped"):
    start: int
    end: int
    finding: Finding


Shown: TypeAlias = ShownInterchange | ShownGroup | ShownSet | ShownAnswer | ShownEnd | ShownSkipped


def shown(source: bytes | BinaryIO, policy: Policy | None = None) -> Iterator[Shown]:
    """Everything in a payload, in order."""
    return (_shown(event, policy or Policy()) for event in Reader(source))


def shown_set(transaction_set: TransactionSet, examination: Examination) -> ShownSet:
    """One set with the findings of its examination."""
    nearest = examination.nearest
    segments = transaction_set.segments
    by_position: dict[int, list[Finding]] = defaultdict(list)
    for finding in examination.findings:
        by_position[finding.position if finding.position and finding.position <= len(segments) else 0].append(finding)
    if nearest is None:
        base = "005010" if transaction_set.release >= "005" else "004010"
        told = tuple(_segment(n, one, base, transaction_set.delimiters, by_position) for n, one in enumerate(segments, 1))
        name, held_against = "", f"no definition of set {transaction_set.code}"
    else:
        base, name, held_against = nearest.definition.release, nearest.definition.name, nearest.why
        placed = place(nearest.definition, segments).placed
        told = tuple(_placed(one, base, transaction_set.delimiters, by_position) for one in placed)
    return ShownSet(
        transaction_set.code,
        name,
        transaction_set.control_number,
        transaction_set.release,
        held_against,
        examination.verdict,
        told,
        tuple(by_position[0]),
    )


def _shown(event: Event, policy: Policy) -> Shown:
    match event:
        case Interchange():
            sent_at = f"{_day(event.isa[9])} {_time(event.isa[10])}"
            return ShownInterchange(
                str(event.sender),
                str(event.receiver),
                event.control_number,
                sent_at,
                event.usage,
                event.version,
                event.delimiters,
            )
        case FunctionalGroup():
            return ShownGroup(event.code, event.sender, event.receiver, event.control_number, event.release)
        case TransactionSet():
            return shown_set(event, examine(event, policy))
        case InterchangeAcknowledgment():
            return ShownAnswer(event.interchange.delimiters.element.join(event.ta1), _ta1(event.ta1))
        case GroupEnd():
            return ShownEnd("group", event.group.control_number, event.received, event.findings)
        case InterchangeEnd():
            return ShownEnd("interchange", event.interchange.control_number, event.groups, event.findings)
        case Skipped():
            return ShownSkipped(event.start, event.end, event.finding)


def _ta1(ta1: tuple[str, ...]) -> InterchangeVerdict | None:
    return read_ta1(ta1) if len(ta1) > 1 and ta1[1].strip() else None


def _placed(one: Placed, release: str, delimiters: Delimiters, findings: Mapping[int, list[Finding]]) -> ShownSegment:
    told = _segment(one.position, one.segment, release, delimiters, findings)
    head = one.loop.head
    turn = one.loop.number if one.path and head is not None and head.position == one.position else 0
    return msgspec.structs.replace(told, depth=one.depth, loop=one.path, turn=turn)


def _segment(
    position: int, segment: Segment, release: str, delimiters: Delimiters, findings: Mapping[int, list[Finding]]
) -> ShownSegment:
    known = segment[0] in standard.segment_ids(release)
    definition = standard.segment(release, segment[0]) if known else None
    uses = definition.elements if definition else ()
    elements: list[ShownElement] = []
    for at, value in enumerate(segment[1:], 1):
        if value:
            use = uses[at - 1] if at <= len(uses) else None
            elements.extend(_element(f"{segment[0]}{at:02d}", use, value, release, delimiters))
    return ShownSegment(
        position,
        segment[0],
        definition.name if definition else "",
        delimiters.element.join(segment),
        elements=tuple(elements),
        findings=tuple(findings.get(position, ())),
    )


def _element(place: str, use: ElementUse | None, value: str, release: str, delimiters: Delimiters) -> Iterator[ShownElement]:
    """A value, or each component of a composite and each repetition of what repeats."""
    if use is None:
        yield ShownElement(place, "", value)
        return
    repeats = delimiters.repetition if delimiters.repetition and use.repeat > 1 else None
    for repetition in value.split(repeats) if repeats else (value,):
        if use.composite is None:
            yield ShownElement(place, use.name, repetition, meaning(use, repetition, release))
            continue
        parts = use.composite.elements
        for number, component in enumerate(repetition.split(delimiters.component), 1):
            part = parts[number - 1] if number <= len(parts) else None
            if component:
                name, means = (part.name, meaning(part, component, release)) if part else ("", "")
                yield ShownElement(f"{place}-{number}", name, component, means)


def meaning(use: ElementUse, value: str, release: str) -> str:
    """What a value means where it does not say so itself: the name of a code, a date, implied decimals."""
    if use.type == "ID":
        return standard.code_name(release, use.reference, value) or ""
    if use.type == "DT":
        return _day(value) if _day(value) != value else ""
    if use.type[0] == "N" and use.type[1:] not in ("", "0") and _INTEGER.fullmatch(value):
        return str(Decimal(value).scaleb(-int(use.type[1:])))
    return ""


def _day(value: str) -> str:
    """A date as ISO 8601 writes it, or what stands there."""
    century = "" if len(value) == 8 else "19" if value >= "50" else "20"
    try:
        return date.fromisoformat(century + value).isoformat() if len(value) in (6, 8) and value.isdecimal() else value
    except ValueError:
        return value


def _time(value: str) -> str:
    return f"{value[:2]}:{value[2:4]}" if len(value) >= 4 and value.isdecimal() else value


def plain(value: object) -> object:
    """What is shown as JSON writes it: ``is`` says what a thing is, a finding has its place, and nothing unknown is written."""
    if isinstance(value, msgspec.Struct):
        tag = value.__struct_config__.tag
        told = {"is": tag} if tag else {}
        told |= {"place": value.place} if isinstance(value, Finding) else {}
        parts = {name: plain(getattr(value, name)) for name in value.__struct_fields__}
        return told | {name: part for name, part in parts.items() if part is not None}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return value


def is_valid(findings: Iterable[Finding]) -> bool:
    """Nothing that rejects."""
    return all(finding.severity is not Severity.REJECT for finding in findings)
