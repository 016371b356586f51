"""Lines cut at a width, as files from and for mainframes have them: found, put together again, and written.

The line ends are no part of the document then: they stand inside elements, and only a reader who knows the width can leave them
out. ``Reader`` does so where lines are regular, and says it (``interchange.wrapped``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import takewhile

from edi_gateway.errors import WrongInput
from edi_gateway.x12.cut_lines import CutLines
from edi_gateway.x12.header import parse_header

LOOKED_AT = 4096  # characters that tell whether lines are cut
_FEWEST_LINES = 3
_NARROWEST = 20


def width_of(beginning: str) -> int | None:
    """The width at which lines are cut in a text that begins with an ISA; None where they are not.

    They are if at least the first three are of one width, or two and a shorter last one, and some line of them ends in the middle
    of a segment.
    """
    lines = [line.removesuffix("\r") for line in beginning[:LOOKED_AT].split("\n")[:-1]]
    if len(lines) < _FEWEST_LINES:
        return None
    width = len(lines[0])
    alike = list(takewhile(lambda line: len(line) == width, lines))
    is_last = len(alike) == len(lines) - 1 and len(lines[-1]) < width
    if width < _NARROWEST or len(alike) < _FEWEST_LINES - is_last:
        return None
    header = parse_header("".join(lines), 0)
    if header is None:
        return None
    return width if any(not line.rstrip(" ").endswith(header.delimiters.segment) for line in alike) else None


def cut_of(beginning: str, offset: int) -> CutLines | None:
    """How lines are cut in a text that begins with an ISA at this offset; None where they are not."""
    width = width_of(beginning)
    if width is None:
        return None
    return CutLines(width, "\r\n" if beginning.startswith("\r\n", width) else "\n", offset)


def wrapped(pieces: Iterable[bytes], width: int, line_end: bytes = b"\n") -> Iterator[bytes]:
    """The payload cut into lines of a width; ``pieces`` must have no line ends of their own."""
    if width < _NARROWEST:
        raise WrongInput(f"lines of {width} characters are too narrow", do=f"cut at {_NARROWEST} or more; 80 is usual")
    rest = b""
    for piece in pieces:
        rest += piece
        while len(rest) >= width:
            yield rest[:width] + line_end
            rest = rest[width:]
    if rest:
        yield rest + line_end
