"""How EDI people name a place in a set: ``BEG03``, ``REF*DP``, ``PO1*UP``, ``PID*F/05``, ``N1*ST/N301``, ``HL*S``, ``REF04-2``.

A place is written like the beginning of the segment it means:

* ``BEG03`` — element 3 of a BEG; ``REF04-2`` — component 2 of REF04.
* ``REF*DP`` — the REF whose first element is DP; as a value, the element after the last qualifier (REF02).
  ``TD5**2`` leaves an element open (TD502 is 2; the value is TD503); ``MEA*PD*G`` fixes two.
* ``PID*F/05`` — another element of that segment.
* ``N1*ST/N301`` — a segment inside a loop that begins so; ``HL*S`` is the level (HL03).
* ``PO1*UP`` — the id behind a qualifier, wherever the pair stands in the list of pairs; ``PER03*TE`` names where the list
  begins. ``PO1*`` and ``SDQ03*`` are the whole list.
"""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec

from edi_gateway.errors import WrongInput

# Where the list of pairs (qualifier, id) begins in the segments that carry item ids.
PAIRS_FROM = {"PO1": 6, "IT1": 6, "LIN": 2, "POC": 8, "SLN": 9}
_LEVEL = 3  # HL03, the level code, is what HL*S means

_STEP = re.compile(r"(?P<segment>[A-Z][A-Z0-9]{1,2}?)(?P<element>\d\d)?(?:-(?P<component>\d+))?(?P<qualifiers>(?:\*[^*/]*)*)")
_ELEMENT = re.compile(r"(?P<element>\d\d)(?:-(?P<component>\d+))?")


class SegmentRef(msgspec.Struct, frozen=True):
    """A segment by its id and by what must stand in it: ``conditions`` are (element, accepted values; none: anything)."""

    id: str
    conditions: tuple[tuple[int, tuple[str, ...]], ...] = ()

    def __str__(self) -> str:
        if not self.conditions:
            return self.id
        if self.id == "HL":
            return f"HL*{'|'.join(self.conditions[0][1])}"
        wanted = {element: "|".join(values) or "?" for element, values in self.conditions}
        return self.id + "".join(f"*{wanted.get(element, '')}" for element in range(1, max(wanted) + 1))

    def also(self, element: int, values: tuple[str, ...]) -> SegmentRef:
        """This segment with one more condition."""
        return SegmentRef(self.id, tuple(sorted({**dict(self.conditions), element: values}.items())))

    def holds(self, segment: list[str]) -> bool:
        """Whether ``segment`` is one of these."""
        if segment[0] != self.id:
            return False
        return all(
            element < len(segment) and (segment[element] in values if values else bool(segment[element]))
            for element, values in self.conditions
        )


class Place(msgspec.Struct, frozen=True):
    """A place: the loops it lies in, its segment, and what of that segment.

    ``element`` is None where the segment itself (or the loop it begins) is meant. In a list of pairs, ``pairs_from`` is the
    element the list begins at and ``pair`` the qualifier looked for; ``pair`` is empty for the whole list.
    """

    segment: SegmentRef
    loops: tuple[SegmentRef, ...] = ()
    element: int | None = None
    component: int | None = None
    pairs_from: int | None = None
    pair: str = ""

    def __str__(self) -> str:
        path = "".join(f"{loop}/" for loop in self.loops)
        if self.pairs_from is not None:
            begin = "" if PAIRS_FROM.get(self.segment.id) == self.pairs_from else f"{self.pairs_from:02d}"
            return f"{path}{self.segment}{begin}*{self.pair}"
        if self.element is None:
            return f"{path}{self.segment}"
        component = f"-{self.component}" if self.component else ""
        slash = "/" if self.segment.conditions else ""
        return f"{path}{self.segment}{slash}{self.element:02d}{component}"

    @property
    def value_element(self) -> int:
        """The element a value is in: the named one, or the one after the last qualifier."""
        if self.element is not None:
            return self.element
        if not self.segment.conditions:
            raise WrongInput(f"{self} is a segment, not a value", do=f"name an element, such as {self.segment.id}01")
        return max(element for element, _ in self.segment.conditions) + 1

    @property
    def whole_list(self) -> bool:
        """Whether every pair of a list is meant."""
        return self.pairs_from is not None and not self.pair


@lru_cache(maxsize=4096)  # maps say the same few hundred again and again
def parse(text: str) -> Place:
    """The place ``text`` names. Raises WrongInput saying what is odd about it."""
    *loops, last = _steps(text)
    refs = tuple(_loop(step, text) for step in loops)
    within = _ELEMENT.fullmatch(last)
    if within is None:
        return _last(last, refs, text)
    if not refs:
        raise WrongInput(f"'{text}' names no segment", do="write it like BEG03, REF*DP or N1*ST/N104")
    return Place(refs[-1], refs[:-1], int(within["element"]), _number(within["component"]))


def _steps(text: str) -> list[str]:
    """Qualifiers may not hold ``/``; that is the price of the notation."""
    steps = text.strip().split("/")
    if not all(steps):
        raise WrongInput(f"'{text}' is no place", do="write it like BEG03, REF*DP or N1*ST/N104")
    return steps


def _match(step: str, whole: str) -> re.Match[str]:
    match = _STEP.fullmatch(step)
    if match is None:
        raise WrongInput(f"'{whole}' is no place", do="write it like BEG03, REF*DP, PO1*UP, PID*F/05 or N1*ST/N104")
    return match


def _loop(step: str, whole: str) -> SegmentRef:
    match = _match(step, whole)
    if match["element"]:
        raise WrongInput(f"'{step}' in '{whole}' is an element, and nothing lies inside an element")
    return _ref(match)


def _last(step: str, loops: tuple[SegmentRef, ...], whole: str) -> Place:
    match = _match(step, whole)
    segment, qualifiers = match["segment"], match["qualifiers"]
    element = _number(match["element"])
    if qualifiers and (element or segment in PAIRS_FROM):
        if qualifiers.count("*") > 1:
            raise WrongInput(f"'{whole}' has two qualifiers in a list of pairs")
        return Place(SegmentRef(segment), loops, pairs_from=element or PAIRS_FROM[segment], pair=qualifiers[1:])
    return Place(_ref(match), loops, element, _number(match["component"]))


def _ref(match: re.Match[str]) -> SegmentRef:
    segment, written = match["segment"], match["qualifiers"].split("*")[1:]
    first = _LEVEL if segment == "HL" else 1
    return SegmentRef(segment, tuple((number, (value,)) for number, value in enumerate(written, first) if value))


def _number(text: str | None) -> int | None:
    return int(text) if text else None
