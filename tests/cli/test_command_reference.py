"""The reference of commands says what the program has."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from edi_gateway.cli.main import app
from edi_gateway.cli.reference import page

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "commands.md"


def test_the_page_is_what_the_commands_are() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(app), "run tools/document_commands"


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
