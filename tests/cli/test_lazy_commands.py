"""The program is there at once: a command is imported when it is called."""

from __future__ import annotations

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from edi_gateway.cli.catalog import COMMANDS
from edi_gateway.cli.main import app

HEAVY = ("sqlalchemy", "fastapi", "paramiko", "edi_gateway.bootstrap")


@pytest.mark.parametrize("words", [["--help"], ["x12", "--help"], ["x12", "show", "--help"]])
def test_what_needs_nothing_set_up_imports_no_database_and_no_wire(words: list[str]) -> None:
    code = "import sys\nfrom typer.testing import CliRunner\nfrom edi_gateway.cli.main import app\n"
    code += f"CliRunner().invoke(app, {words})\nprint([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_overview_names_every_command_under_its_panel() -> None:
    shown = CliRunner().invoke(app, ["--help"]).output
    for entry in COMMANDS:
        assert entry.panel in shown
        assert f"│ {entry.name} " in shown


def test_a_mistyped_command_is_answered_with_the_nearest_one() -> None:
    result = CliRunner().invoke(app, ["partnr", "list"])
    assert result.exit_code == 2
    assert "Did you mean 'partner'" in result.output
