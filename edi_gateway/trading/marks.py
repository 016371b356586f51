"""Delimiters and line ends we write with, and what becomes of a delimiter that stands in data."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from edi_gateway.errors import WrongInput
from edi_gateway.trading.base import Terms
from edi_gateway.trading.scalars import Mark
from edi_gateway.x12.delimiters import Delimiters

NARROWEST = 20  # columns; shorter lines hold no ISA anybody would read


class Marks(Terms):
    """Delimiters we write with: one character, a byte in hex (``0x1C``), or a name.

    Names: newline, return, tab, nak, fs, gs, rs, us, nel. What we read is taken from each ISA, whatever stands here.
    """

    element: Mark = Field("*", min_length=1, max_length=1, description="Element separator.")
    component: Mark = Field(">", min_length=1, max_length=1, description="Component separator, ISA16.")
    segment: Mark = Field("~", min_length=1, max_length=1, description="Segment terminator.")
    repetition: Mark | None = Field(None, min_length=1, max_length=1, description="From release 00402; before, ISA11 is U.")
    line_end: Literal["none", "lf", "crlf"] = Field("none", description="Decoration after each segment terminator.")
    wrap: int | None = Field(
        None,
        ge=NARROWEST,
        description="Cut into lines of as many characters, wherever a segment ends: 80, as mainframes have it.",
    )
    in_data: Literal["replace", "hold", "choose"] = Field(
        "replace",
        description="What becomes of a delimiter that stands in data: it is replaced there (see Repairs); the set is held for a "
        "person; or another delimiter is chosen for that interchange.",
    )

    @model_validator(mode="after")
    def _legal(self) -> Marks:
        try:
            self.delimiters().check()
        except WrongInput as error:
            raise ValueError(str(error)) from None
        if any(mark and ord(mark) > 0xFF for mark in (self.element, self.component, self.segment, self.repetition)):
            raise ValueError("a mark is one byte, a character of latin-1")
        if self.segment in "\r\n" and self.line_end != "none":
            raise ValueError("the segment terminator is a line end already; leave line_end out")
        if self.wrap is not None and (self.segment in "\r\n" or self.line_end != "none"):
            raise ValueError("lines cut at a width have no other line ends; leave line_end out, or wrap")
        return self

    def delimiters(self) -> Delimiters:
        """The same as x12 knows them."""
        end = {"none": "", "lf": "\n", "crlf": "\r\n"}[self.line_end]
        return Delimiters(self.element, self.component, self.segment, self.repetition, end)
