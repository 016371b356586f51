"""The reference of every command, as a page of Markdown: written from the commands themselves, held current by a test."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import TypeAlias

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from edi_gateway.cli.lazily import Command, whole

_HEAD = """# Commands

`edi-gateway COMMAND --help` says the same on the screen. This page is written by `tools/document_commands` from the commands.

Exit codes, of every command:

| code | means |
|---|---|
| 0 | all is well |
| 1 | it looked, and found what the command's text names: mistakes, differences, something late or failed |
| 2 | it could not be done; what, where and what to do stand on the error stream |
| 130 | interrupted from the keyboard |

Settings are environment variables or lines of `.env`; `--data`, `--partners` and `--maps` take precedence over them. `--json`
writes for programs: on the standard output is nothing else then.
"""


Param: TypeAlias = TyperArgument | TyperOption


def page(app: typer.Typer) -> str:
    """Every command under its panel, with its arguments and options."""
    panels: dict[str, list[Command]] = {}
    for command in _inside(whole(app)):
        panels.setdefault(str(command.rich_help_panel or "Commands"), []).append(command)
    lines = [_HEAD]
    for panel, commands in panels.items():
        lines.append(f"* {panel}: " + ", ".join(f"[{each.name}](#edi-gateway-{each.name})" for each in commands))
    for panel, commands in panels.items():
        lines += ["", f"## {panel}"]
        for command in commands:
            lines += _section(command, "edi-gateway", 3)
    return "\n".join(lines).rstrip() + "\n"


def _inside(group: object) -> list[Command]:
    """The commands of a group that are shown."""
    found = group.commands.values() if isinstance(group, TyperGroup) else ()
    return [each for each in found if isinstance(each, TyperCommand | TyperGroup) and not each.hidden]


def _section(command: Command, before: str, level: int) -> Iterator[str]:
    name = f"{before} {command.name}"
    yield from ("", f"{'#' * level} {name}", "", inspect.cleandoc(command.help or ""))
    if isinstance(command, TyperGroup):
        for each in _inside(command):
            yield from _section(each, name, level + 1)
        return
    params = [each for each in command.params if isinstance(each, TyperArgument | TyperOption) and not each.hidden]
    yield from ("", "```text", " ".join(filter(None, (name, *map(_in_usage, params)))), "```")
    if params:
        yield from ("", "| | |", "|---|---|", *map(_row, params))


def _in_usage(param: Param) -> str:
    if isinstance(param, TyperOption):
        return f"{param.opts[0]} {_called(param)}" if param.required else ""
    shown = _called(param) + ("…" if param.nargs == -1 else "")
    return shown if param.required else f"[{shown}]"


def _row(param: Param) -> str:
    if isinstance(param, TyperArgument):
        name = _called(param)
    else:
        both = ", ".join([*param.opts, *param.secondary_opts])
        name = both if param.is_flag or param.count else f"{both} {_called(param)}"
    notes = [param.help or ""]
    if isinstance(param, TyperOption) and param.multiple:
        notes.append("May be given several times.")
    if (default := _default(param)) and "default" not in notes[0].lower():
        notes.append(f"Default: `{default}`.")
    told = " ".join(filter(None, notes)).replace("\n", " ").replace("|", "\\|")
    return f"| `{name}` | {told} |"


def _called(param: Param) -> str:
    return str(param.metavar or param.name or "").upper().replace("_", "-").strip("[].")


def _default(param: Param) -> str:
    value = param.default
    if value is None or callable(value) or isinstance(value, bool) or value in ("", (), []):
        return ""
    return str(getattr(value, "value", value))
