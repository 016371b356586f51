"""What the second opinion says, in our own terms: codes of AK502, AK304 and AK403, positions as an acknowledgment counts them."""

from __future__ import annotations

import msgspec

from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.finding import Scope

LIST_OF = {Scope.SET: "AK502", Scope.SEGMENT: "AK304", Scope.ELEMENT: "AK403"}


class Remark(msgspec.Struct, frozen=True):
    """One thing pyx12 finds wrong.

    ``scope`` and ``code`` are those a finding of ours would have. Position, element and component count from 1, ST being
    position 1. ``type`` is that of the data element, ``note`` the positions of the syntax note that is broken. ``about`` is
    empty, or says what the codes do not: ``HL1``, ``HL2`` and ``SEG1`` are pyx12's own codes; ``empty`` and ``reading`` come
    from its reader; ``further out`` is a segment over its maximum that has another place in a loop around; ``repeats`` an
    element that may be repeated.
    """

    scope: Scope
    code: str
    message: str
    segment: str | None = None
    position: int | None = None
    element: int | None = None
    component: int | None = None
    value: str | None = None
    type: str = ""
    note: tuple[int, ...] = ()
    about: str = ""

    @property
    def reported_as(self) -> str:
        """``AK403 7``"""
        return f"{LIST_OF[self.scope]} {self.code}"

    @property
    def place(self) -> str:
        """``segment 7 PO1, PO103``, or the scope where there is no segment."""
        if self.segment is None:
            return str(self.scope)
        at = f"segment {self.position} {self.segment}"
        if self.element is None:
            return at
        return f"{at}, {self.segment}{self.element:02d}" + (f"-{self.component}" if self.component else "")


class Opinion(msgspec.Struct, frozen=True):
    """Whether pyx12 accepts a set, and what it remarks on. ``accepts`` is None where it has no opinion, and ``why`` says why.

    ``segments`` are the ids of the segments it was asked about, ``delimiters`` those of its
    interchange.
    """

    accepts: bool | None
    findings: tuple[Remark, ...] = ()
    why: str = ""
    segments: tuple[str, ...] = ()
    delimiters: Delimiters = Delimiters()
