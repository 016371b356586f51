"""Other marks: segments that were written with some delimiters, as they are written with others.

Only components and repetitions are held apart inside an element; elements are apart as they are.
"""

from __future__ import annotations

from edi_gateway.errors import WrongInput
from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.envelope import Segment
from edi_gateway.x12.repair import separators_of


def in_other_marks(segments: list[Segment], before: Delimiters, after: Delimiters, release: str) -> list[Segment]:
    """Segments of ``release`` written with the marks ``before``, as they are written with those ``after``.

    Raises WrongInput for data in a composite that the new marks would part, and for repetitions where there is no mark for them.
    """
    if (before.component, before.repetition) == (after.component, after.repetition):
        return segments
    return [_segment(each, before, after, release) for each in segments]


def _segment(segment: Segment, before: Delimiters, after: Delimiters, release: str) -> Segment:
    written = [segment[0]]
    for at, value in enumerate(segment[1:], 1):
        kept = separators_of(segment[0], at, before, release)
        written.append(_value(value, kept, before, after, f"{segment[0]}{at:02d}") if kept else value)
    return written


def _value(value: str, kept: str, before: Delimiters, after: Delimiters, where: str) -> str:
    """One element in which the marks ``kept`` have a meaning."""
    for mark in (after.component, after.repetition):
        if mark and mark in value and mark not in kept:
            todo = "agree on another separator, or send it anew"
            raise WrongInput(f"{value!r} holds the separator {mark!r}", where=where, do=todo)
    if before.repetition and before.repetition in kept and before.repetition in value and not after.repetition:
        raise WrongInput(f"{value!r} repeats, and no repetition separator is agreed", where=where, do="agree on one")
    others = {before.component: after.component, before.repetition: after.repetition}
    return value.translate({ord(mark): other for mark, other in others.items() if mark and mark in kept})
