"""What ``edi-gateway x12`` shows on a terminal and nowhere else: colours, and a bar on long files."""

from __future__ import annotations

import io
import os
import pty
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from rich.console import Console

from edi_gateway.cli.x12 import files as x12_files

SAMPLE = Path(__file__).parents[2] / "sample_docs/northwind-850-plain.edi"


def on_a_terminal(*args: str) -> str:
    """What the command writes when its output is a terminal."""
    terminal, end = pty.openpty()
    command = [sys.executable, "-m", "edi_gateway.cli.main", *args]
    with subprocess.Popen(command, stdout=end, stdin=subprocess.DEVNULL, env={**os.environ, "TERM": "xterm"}) as process:
        os.close(end)
        said = b""
        try:
            while piece := os.read(terminal, 1 << 16):
                said += piece
        except OSError:  # Linux ends a terminal nobody holds with an error
            pass
        process.wait()
    os.close(terminal)
    return said.decode()


def test_verdicts_have_colours_on_a_terminal_and_none_in_a_pipe() -> None:
    assert "\x1b[" in on_a_terminal("x12", "show", str(SAMPLE))
    piped = subprocess.run(
        [sys.executable, "-m", "edi_gateway.cli.main", "x12", "show", str(SAMPLE)], capture_output=True, check=True
    )
    assert b"\x1b[" not in piped.stdout
    assert b"accepted" in piped.stdout


@pytest.mark.parametrize(("size", "shown"), [(1 << 20, True), (100, False)])
def test_a_long_file_shows_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, shown: bool) -> None:
    file, screen = tmp_path / "long.edi", io.StringIO()
    file.write_bytes(b"x" * size)
    monkeypatch.setattr(x12_files, "LONG", 1000)
    monkeypatch.setattr(x12_files, "Console", partial(Console, file=screen, force_terminal=True))
    with x12_files.opened(str(file)) as payload:
        while payload.read(1000):
            pass
    assert ("reading" in screen.getvalue()) is shown
