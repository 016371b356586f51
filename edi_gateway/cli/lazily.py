"""Commands that are imported when they are called.

The overview, a completion or a mistyped word needs the names and a sentence of each alone; importing all commands, with the
database, the web framework and the wire behind them, takes seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeAlias

import typer
from typer.core import TyperCommand, TyperGroup

from edi_gateway.cli.catalog import COMMANDS, Entry

Command: TypeAlias = TyperCommand | TyperGroup


class Later(TyperCommand):
    """A command of the catalog: known by name, imported by ``load``."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(name=entry.name, help=entry.says, rich_help_panel=entry.panel)
        self._entry = entry

    def load(self) -> Command:
        """The command itself; what the catalog says of it stands in where it says nothing."""
        module, _, name = self._entry.where.partition(":")
        loaded = _built(getattr(import_module(f"edi_gateway.cli.{module}"), name), self._entry.name)
        loaded.name, loaded.rich_help_panel = self._entry.name, self._entry.panel
        loaded.help = loaded.help or self._entry.says
        return loaded

    def make_context(self, *words: Any, **more: Any) -> Any:
        """The context of the command itself, which is called by it."""
        return self.load().make_context(*words, **more)


class Lazily(TyperGroup):
    """The program: a group of commands that are there when they are called."""

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        for entry in COMMANDS:
            self.add_command(Later(entry))


def whole(app: typer.Typer) -> TyperGroup:
    """A program with every command of it imported: for what describes or checks them all."""
    group = typer.main.get_group(app)
    for name, each in group.commands.items():
        if isinstance(each, Later):
            group.commands[name] = each.load()
    return group


def _built(found: typer.Typer | Callable[..., None], name: str) -> Command:
    if isinstance(found, typer.Typer):
        return typer.main.get_group(found)
    alone = typer.Typer(add_completion=False)
    alone.command(name)(found)
    built = typer.main.get_command(alone)
    assert isinstance(built, TyperCommand)  # noqa: S101  # a Typer with one command and no callback is that command
    return built
