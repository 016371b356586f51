"""Opening what a person names: a file or the standard input, with a progress bar on long ones."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from edi_gateway.cli.common import unreadable

LONG = 8 << 20  # bytes from which on a bar says how far it is


@contextmanager
def opened(file: str) -> Iterator[BinaryIO]:
    """The payload to read. Raises WrongInput where the file cannot be read."""
    if file == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = Path(file).open("rb")  # noqa: SIM115  # only opening it is tried; it is closed below
        size = Path(file).stat().st_size
    except OSError as error:
        raise unreadable(error, file) from None
    with stream, _watched(stream, size) as source:
        yield source


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
