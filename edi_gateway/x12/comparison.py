"""Two payloads compared by what they say: ``differences(one, other)``.

Envelopes, control numbers, delimiters, line ends, counts in trailers and padding are how a document travels, not what it says,
and are left out. Numbers are the same if their values are. Sets are matched by kind and business number, then by their order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from difflib import SequenceMatcher
from typing import BinaryIO, Literal, TypeAlias

import msgspec

from edi_gateway.errors import WrongInput
from edi_gateway.wording import count
from edi_gateway.x12 import standard
from edi_gateway.x12.envelope import Segment, TransactionSet
from edi_gateway.x12.reader import Reader
from edi_gateway.x12.standard import ElementUse

# The element that names the business document, by set.
BUSINESS_NUMBER = {
    "810": ("BIG", 2), "812": ("BCD", 2), "820": ("TRN", 2), "824": ("BGN", 2), "846": ("BIA", 3), "850": ("BEG", 3),
    "855": ("BAK", 3), "856": ("BSN", 2), "860": ("BCH", 3), "864": ("MIT", 1), "865": ("BCA", 3), "997": ("AK1", 2),
    "999": ("AK1", 2),
}  # fmt: skip
_TRAVELS = {"ST", "SE"}
Side: TypeAlias = Literal["changed", "only in the first", "only in the second"]


class Difference(msgspec.Struct, frozen=True):
    """One difference: in a set (``850 4711``), at a segment or element with its name, with both values.

    A whole set or segment that only one of them has has its text on that side and nothing on the other. Positions count
    segments of the set from ST as 1; None on the side that has none.
    """

    set: str
    what: Side
    place: str = ""
    name: str = ""
    one: str = ""
    other: str = ""
    position: int | None = None
    other_position: int | None = None


class _Told(msgspec.Struct, frozen=True):
    """A set as it is compared: what it is called, and its segments with positions, raw and as they are meant."""

    code: str
    number: str
    release: str
    segments: tuple[tuple[int, Segment], ...]
    meant: tuple[tuple[str, ...], ...]

    @property
    def called(self) -> str:
        return f"{self.code} {self.number}".strip()


def differences(one: bytes | BinaryIO, other: bytes | BinaryIO) -> Iterator[Difference]:
    """What two payloads say differently, set by set in the order of the first; nothing where they say the same.

    Raises WrongInput where neither holds a transaction set: they are not the same for that.
    """
    first, second = _sets(one), _sets(other)
    if not first and not second:
        raise WrongInput("neither holds a transaction set", do="'edi-gateway x12 show' tells what could not be read")
    for left, right in _pairs(first, second):
        if right is None and left is not None:
            yield Difference(left.called, "only in the first", one=count(len(left.segments), "segment"))
        elif left is None and right is not None:
            yield Difference(right.called, "only in the second", other=count(len(right.segments), "segment"))
        elif left is not None and right is not None:
            yield from _in_set(left, right)


def _sets(source: bytes | BinaryIO) -> list[_Told]:
    return [_told(event) for event in Reader(source) if isinstance(event, TransactionSet)]


def _told(transaction_set: TransactionSet) -> _Told:
    nearest = standard.nearest(transaction_set.code, transaction_set.release)
    release = nearest.definition.release if nearest else standard.releases()[0]
    marks = transaction_set.delimiters
    swap = {ord(mark): into for mark, into in ((marks.component, ">"), (marks.repetition or "", "^")) if mark}
    body = [(at, segment) for at, segment in enumerate(transaction_set.segments, 1) if segment[0] not in _TRAVELS]
    shown = tuple((at, _trimmed([value.translate(swap) for value in segment])) for at, segment in body)
    meant = tuple(_meant(segment, release) for _, segment in shown)
    segment_id, element = BUSINESS_NUMBER.get(transaction_set.code, ("", 0))
    number = next((segment[element] for _, segment in shown if segment[0] == segment_id and len(segment) > element), "")
    return _Told(transaction_set.code, number.strip(), release, shown, meant)


def _pairs(first: list[_Told], second: list[_Told]) -> Iterator[tuple[_Told | None, _Told | None]]:
    """Sets of one kind and number belong together in their order; what is left of a kind, in its order."""
    waiting: dict[tuple[str, str], list[_Told]] = defaultdict(list)
    for told in second:
        waiting[told.code, told.number].append(told)
    matched = [(told, waiting[told.code, told.number].pop(0) if waiting[told.code, told.number] else None) for told in first]
    left = [told for told in second if any(told is one for rest in waiting.values() for one in rest)]
    for told, found in matched:
        if found is None:
            found = next((one for one in left if one.code == told.code), None)
            left = [one for one in left if one is not found]
        yield told, found
    yield from ((None, told) for told in left)


def _in_set(left: _Told, right: _Told) -> Iterator[Difference]:
    matcher = SequenceMatcher(None, left.meant, right.meant, autojunk=False)
    for _, start, stop, begin, end in (block for block in matcher.get_opcodes() if block[0] != "equal"):
        for one, other in _aligned(left.segments[start:stop], right.segments[begin:end]):
            yield from _in_segment(one, other, left)


_At: TypeAlias = tuple[int, Segment]


def _aligned(ours: Iterable[_At], theirs: Iterable[_At]) -> Iterator[tuple[_At | None, _At | None]]:
    """Segments that belong together: of one id and first element, else of one id; what is left stands alone."""
    left = list(theirs)
    for one in ours:
        same = [other for other in left if other[1][0] == one[1][0]]
        found = next((other for other in same if other[1][1:2] == one[1][1:2]), same[0] if same else None)
        left = [other for other in left if other is not found]
        yield one, found
    yield from ((None, other) for other in left)


def _in_segment(one: _At | None, other: _At | None, told: _Told) -> Iterator[Difference]:
    """The elements that differ; the whole segment where only one side has it."""
    if one is not None and other is not None:
        yield from _in_elements(one, other, told)
    elif one is not None:
        name = _segment_name(one[1][0], told.release)
        yield Difference(told.called, "only in the first", one[1][0], name, one="*".join(one[1]), position=one[0])
    elif other is not None:
        name = _segment_name(other[1][0], told.release)
        yield Difference(told.called, "only in the second", other[1][0], name, other="*".join(other[1]), other_position=other[0])


def _in_elements(one: _At, other: _At, told: _Told) -> Iterator[Difference]:
    uses = _uses(one[1][0], told.release)
    for element in range(1, max(len(one[1]), len(other[1]))):
        ours, theirs = (segment[element] if element < len(segment) else "" for _, segment in (one, other))
        use = uses[element - 1] if element <= len(uses) else None
        if _value(use, ours) != _value(use, theirs):
            place, name = f"{one[1][0]}{element:02d}", use.name if use else ""
            yield Difference(told.called, "changed", place, name, ours, theirs, one[0], other[0])


def _meant(segment: Segment, release: str) -> tuple[str, ...]:
    uses = _uses(segment[0], release)
    values = (_value(uses[at] if at < len(uses) else None, value) for at, value in enumerate(segment[1:]))
    return (segment[0], *values)


def _value(use: ElementUse | None, value: str) -> str:
    """A value as it compares: numbers without zeros that say nothing, text without blanks at its end."""
    if use is not None and (use.type == "R" or use.type[0] == "N"):
        try:
            return format(Decimal(value).normalize(), "f")
        except InvalidOperation:
            return value
    return value.rstrip(" ")


def _trimmed(segment: Segment) -> Segment:
    while len(segment) > 1 and not segment[-1].strip(" "):
        segment = segment[:-1]
    return segment


def _uses(segment_id: str, release: str) -> tuple[ElementUse, ...]:
    return standard.segment(release, segment_id).elements if segment_id in standard.segment_ids(release) else ()


def _segment_name(segment_id: str, release: str) -> str:
    return standard.segment(release, segment_id).name if segment_id in standard.segment_ids(release) else ""
