"""The reference of commands says what the program has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from edi_gateway.cli.catalog import COMMANDS
from edi_gateway.cli.main import app
from edi_gateway.cli.reference import page

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PAGE = ROOT / "docs" / "reference" / "commands.md"


def test_the_page_is_what_the_commands_are() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(app), "run tools/document_commands"


def test_the_table_of_the_readme_has_every_command_and_none_that_is_not() -> None:
    table = README.read_text(encoding="utf-8").partition("| you want to | command |")[2].partition("\n\n")[0]
    named = re.findall(r"`([a-z][a-z0-9 -]*)`", table)
    assert {name.split()[0] for name in named} == {entry.name for entry in COMMANDS}
    assert [name for name in named if f"## edi-gateway {name}\n" not in PAGE.read_text(encoding="utf-8")] == []


def test_a_command_is_shown_with_its_arguments_options_and_defaults() -> None:
    one = typer.Typer()

    @one.callback()
    def common() -> None: ...

    @one.command()
    def look(name: str, often: int = typer.Option(3, help="How often.")) -> None:
        """Look at it; exits 1 if it is not there."""

    said = page(one)
    assert "### edi-gateway look\n\nLook at it; exits 1 if it is not there.\n" in said
    assert "edi-gateway look NAME\n" in said
    assert "| `--often OFTEN` | How often. Default: `3`. |" in said


@pytest.mark.parametrize("words", ["### edi-gateway plan", "#### edi-gateway partner apply", "| `--force` |"])
def test_commands_of_every_depth_are_there(words: str) -> None:
    assert words in page(app)
