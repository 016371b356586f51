"""A starter map for a partner, made of a sample: every open question is a line that fails the check until it is answered.

Where there is a map for the set already, the draft extends it, and asks only about what that map does not read of the sample (or
would not write of it). Without one, it asks about every element.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from edi_gateway.errors import WrongInput
from edi_gateway.mapping.errors import MapProblem
from edi_gateway.mapping.library import Library
from edi_gateway.mapping.rules import READING
from edi_gateway.mapping.source import MapSource
from edi_gateway.mapping.unread import Unread
from edi_gateway.x12.envelope import TransactionSet
from edi_gateway.x12.place import PAIRS_FROM

_OPEN = "Lines with a question mark are open: `map check` fails until all are answered."
_SHOWN = 30  # characters of a sample's value, in a comment
_QUALIFIED = {"REF", "DTM", "N1", "AMT", "PER", "CUR", "SAC", "QTY", "MAN", "TXI", "N9", "CTP"}  # told apart by element 1


def draft(library: Library, sample: TransactionSet, name: str, base: str | None = None) -> str:
    """The text of a map ``name`` for sets like ``sample``, on top of ``base`` or of the common map for that set.

    Raises WrongInput if ``base`` is for another set.
    """
    extended = base or next((one for one in library.names() if "/" not in one and _code(library, one) == sample.code), None)
    if extended is None:
        return "\n".join(_whole(sample, name)) + "\n"
    source = library.source(extended)
    if source.set_code != sample.code:
        raise WrongInput(f"map {extended} is for {source.set_code}, and the sample is a {sample.code}")
    return "\n".join(_over(library, source, sample, name)) + "\n"


def _code(library: Library, name: str) -> str:
    try:
        return library.source(name).set_code
    except WrongInput:
        return ""


def _over(library: Library, source: MapSource, sample: TransactionSet, name: str) -> Iterator[str]:
    reads = source.form == READING
    questions: Iterable[Unread] = ()
    problem = None
    try:
        questions = library.reading(source.name).unread(sample)
    except MapProblem as found:
        problem = found
    yield f"# {name}: what differs from {source.name}. {_OPEN}"
    yield from (f"map: {name}", f"extends: {source.name}")
    release = sample.release[:6] or source.releases[0]
    ends = f"{{set: {sample.code}, releases: [{release}]}}"
    yield f"reads: {ends}" if reads else f"writes: {ends}"
    yield ""
    yield f"{source.kind if reads else source.set_code}:"
    if problem is not None:
        yield f"  # {source.name} refuses the sample: {problem}"
        yield f"  {_asked(problem.place or 'sample', reads)}"
    for place, values in _grouped(questions, sample).items():
        yield f"  {_asked(place, reads)}   # {values}"
    if problem is None and not list(questions):
        yield "  {}   # nothing of the sample is left over"


def _whole(sample: TransactionSet, name: str) -> Iterator[str]:
    everything = [
        Unread(position, f"{segment[0]}{element:02d}", text, True)
        for position, segment in enumerate(sample.segments, 1)
        if segment[0] not in ("ST", "SE")
        for element, text in enumerate(segment[1:], 1)
        if text.strip() and not (element == 1 and segment[0] in _QUALIFIED)
    ]
    yield f"# {name}: a starter map. {_OPEN}"
    yield f"map: {name}"
    yield f"reads: {{set: {sample.code}, releases: [{sample.release[:6] or '004010'}]}}"
    yield 'writes: "?"                       # which document: order, invoice, …'
    yield ""
    yield '"?":                              # the same word again'
    for place, values in _grouped(everything, sample).items():
        yield f"  {_asked(place, True)}   # {values}"


def _grouped(questions: Iterable[Unread], sample: TransactionSet) -> dict[str, str]:
    """Questions by place, with the values of the sample and where they stand."""
    grouped: dict[str, list[Unread]] = {}
    for one in questions:
        grouped.setdefault(_named(one, sample), []).append(one)
    return {place: _shown(found) for place, found in grouped.items()}


def _named(one: Unread, sample: TransactionSet) -> str:
    """``REF*DP`` rather than REF02, where the sample shows the qualifier; a list of pairs as a whole."""
    segment_id, element = one.place[:-2], int(one.place[-2:])
    if segment_id in PAIRS_FROM and element >= PAIRS_FROM[segment_id]:
        return f"{segment_id}*"
    qualifier = "".join(sample.segments[one.position - 1][1:2])
    if segment_id in _QUALIFIED and element > 1 and qualifier.isalnum():
        return f"{segment_id}*{qualifier}/{element:02d}"
    return one.place


def _shown(found: list[Unread]) -> str:
    values = list(dict.fromkeys(one.value[:_SHOWN] for one in found))
    more = ", …" if len(values) > 3 else ""
    where = f"segment {found[0].position}" if len(found) == 1 else f"{len(found)} times, first in segment {found[0].position}"
    return f"{', '.join(values[:3])}{more}; {where}"


def _asked(place: str, reads: bool) -> str:
    return f'"? {place}": {place}' if reads else f'{place}: "?"'
