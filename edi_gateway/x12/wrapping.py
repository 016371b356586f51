"""Lines cut at a width, as files from and for mainframes have them: found, put together again, and written.

The line ends are no part of the document then: they stand inside elements, and only a reader who knows the width can leave them
out. The reader says that a payload is like this (``interchange.wrapped``); ``unwrapped`` makes one that can be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from edi_gateway.errors import WrongInput
from edi_gateway.x12.header import parse_header

LOOKED_AT = 4096  # characters that tell whether lines are cut
_FEWEST_LINES = 3
_NARROWEST = 20
_BLANKS = " \t\r\n\x00"


def width_of(beginning: str) -> int | None:
    """The width at which lines are cut in a text that begins with an ISA; None where they are not.

    They are if at least three lines are of one width and some line ends in the middle of a segment.
    """
    beginning = beginning[:LOOKED_AT]
    lines = [line.removesuffix("\r") for line in beginning.split("\n")[:-1]]
    if len(lines) < _FEWEST_LINES:
        return None
    header = parse_header("".join(lines), 0)
    if header is None:
        return None
    width = len(lines[0])
    if width < _NARROWEST or any(len(line) != width for line in lines[:-1]) or len(lines[-1]) > width:
        return None
    return width if any(not line.rstrip(" ").endswith(header.delimiters.segment) for line in lines) else None


def unwrapped(source: BinaryIO, width: int) -> Iterator[bytes]:
    """The payload without the line ends that cut it. Raises WrongInput at a line that is not as wide and not the last."""
    short = 0
    for number, line in enumerate(source, 1):
        bare = line.removesuffix(b"\n").removesuffix(b"\r")
        if short and bare.strip(_BLANKS.encode()):
            raise WrongInput(f"line {short} is not {width} characters wide as the others", do="put the lines together by hand")
        if len(bare) != width:
            short = short or number
        yield bare


def wrapped(pieces: Iterable[bytes], width: int) -> Iterator[bytes]:
    """The payload cut into lines of a width; ``pieces`` must have no line ends of their own."""
    if width < _NARROWEST:
        raise WrongInput(f"lines of {width} characters are too narrow", do=f"cut at {_NARROWEST} or more; 80 is usual")
    rest = b""
    for piece in pieces:
        rest += piece
        while len(rest) >= width:
            yield rest[:width] + b"\n"
            rest = rest[width:]
    if rest:
        yield rest + b"\n"
