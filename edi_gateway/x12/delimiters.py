"""The characters that hold an interchange apart, read from its ISA and used to write one."""

from __future__ import annotations

import msgspec

from edi_gateway.errors import WrongInput


class Delimiters(msgspec.Struct, frozen=True):
    """Element, component and repetition separators and the segment terminator (X12.5: bytes 4, 105, ISA11 and 106 of the ISA).

    ``repetition`` is None where there is none: before release 00402, ISA11 is the standards id ``U``.
    ``line_end`` is decoration after each terminator (``"\\n"``, ``"\\r\\n"`` or nothing), not part of the standard.
    All text is the payload's bytes decoded as latin-1, so that one character is one byte and no byte is lost.
    """

    element: str = "*"
    component: str = ">"
    segment: str = "~"
    repetition: str | None = None
    line_end: str = ""

    def check(self) -> None:
        """Raises WrongInput if two separators are the same or one is a letter, digit or blank."""
        marks = [mark for mark in (self.element, self.component, self.segment, self.repetition) if mark]
        if len(set(marks)) != len(marks):
            raise WrongInput(f"delimiters must differ: {marks!r}")
        for mark in marks:
            if len(mark) != 1 or mark.isalnum() or mark == " ":
                raise WrongInput(f"{mark!r} cannot be a delimiter", do="use one character that is no letter, digit or blank")
