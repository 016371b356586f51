"""Numbers that nothing can have, and files that cannot be written, are told as what they are."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from typer.testing import CliRunner

from edi_gateway.cli.common import put_file
from edi_gateway.cli.main import app
from edi_gateway.errors import WrongInput

BEYOND = str(1 << 63)


@pytest.mark.parametrize(
    "command",
    [
        "hold show",
        "hold place --because x",
        "hold resume",
        "alert show",
        "approval give",
        "transmission retransmit --because x",
        "replay show",
        "case show",
        "certificate export",
    ],
)
@pytest.mark.parametrize("number", [BEYOND, "0"])
def test_a_number_that_nothing_can_have_is_told_before_anything_is_opened(command: str, number: str, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, [*command.split(), number, "--data", str(tmp_path / "data")])
    assert (done.exit_code, f"{number} is the number of nothing" in done.output) == (2, True)
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("command", ["report figures --days", "report sync --days", "invoice list --most", "as2 list --limit"])
def test_more_than_there_can_be_is_refused(command: str, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, [*command.split(), BEYOND, "--data", str(tmp_path)])
    assert (done.exit_code, "Invalid value for" in done.output) == (2, True)


def test_a_file_that_is_there_is_read_by_nobody_else_once_a_key_is_in_it(tmp_path: Path) -> None:
    there = tmp_path / "ours.p12"
    there.write_bytes(b"before")
    put_file(there, b"key", mode=0o600)
    assert (stat.S_IMODE(there.stat().st_mode), there.read_bytes()) == (0o600, b"key")


@pytest.mark.parametrize("name", [".", "gone/file", "x" * 300])
def test_a_file_that_cannot_be_written_is_named(name: str, tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match="cannot be written"):
        put_file(tmp_path / name, b"")
