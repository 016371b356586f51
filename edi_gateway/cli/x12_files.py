"""Opening what a person names: a file or the standard input, with a progress bar on long ones, unwrapped where lines are cut."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Protocol, cast, runtime_checkable

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from edi_gateway.errors import WrongInput
from edi_gateway.x12.wrapping import LOOKED_AT, unwrapped, width_of

LONG = 8 << 20  # bytes from which on a bar says how far it is


@contextmanager
def opened(file: str, *, as_it_is: bool = False) -> Iterator[BinaryIO]:
    """The payload to read, its lines put together where they were cut at a width (``as_it_is``: not even then).

    Raises WrongInput where the file cannot be read.
    """
    if file == "-":
        source = sys.stdin.buffer
        readable = source if hasattr(source, "peek") else BytesIO(source.read())
        yield readable if as_it_is else put_together(readable)
        return
    try:
        stream = Path(file).open("rb")  # noqa: SIM115  # only opening it is tried; it is closed below
        size = Path(file).stat().st_size
    except OSError as error:
        raise WrongInput(f"it cannot be read: {error.strerror}", where=file) from None
    with stream, _watched(stream, size) as source:
        yield source if as_it_is else put_together(source)


@contextmanager
def _watched(stream: BinaryIO, size: int) -> Iterator[BinaryIO]:
    """The stream, with a bar on the standard error if that is a terminal and the file is long."""
    console = Console(stderr=True)
    if size < LONG or not console.is_terminal:
        yield stream
        return
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    progress = Progress(*columns, console=console, transient=True, redirect_stdout=sys.stdout.isatty())
    with progress, progress.wrap_file(stream, total=size, description="reading") as watched:
        yield watched


def put_together(source: BinaryIO) -> BinaryIO:
    """The payload without the line ends that cut it at a width, which is told on the standard error; any other as it is."""
    beginning = source.peek(LOOKED_AT) if isinstance(source, _Peeks) else _beginning(source)
    width = width_of(beginning[:LOOKED_AT].decode("latin-1"))
    if width is None:
        return source
    typer.echo(f"its lines are cut at {width} characters; they are put together again", err=True)
    return cast(BinaryIO, _Pieces(unwrapped(source, width)))


@runtime_checkable
class _Peeks(Protocol):
    def peek(self, size: int, /) -> bytes: ...


def _beginning(source: BinaryIO) -> bytes:
    at = source.tell()
    beginning = source.read(LOOKED_AT)
    source.seek(at)
    return beginning


class _Pieces:
    """Pieces read like a file."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""

    def read(self, size: int = -1) -> bytes:
        kept = [self._rest]
        length = len(self._rest)
        while size < 0 or length < size:
            piece = next(self._pieces, None)
            if piece is None:
                break
            kept.append(piece)
            length += len(piece)
        whole = b"".join(kept)
        end = len(whole) if size < 0 else size
        self._rest = whole[end:]
        return whole[:end]

    def seekable(self) -> bool:
        return False
