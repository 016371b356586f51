"""What commands share: the console, the settings, the store."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from pwd import getpwuid
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from edi_gateway import settings as settings_
from edi_gateway.errors import WrongInput
from edi_gateway.settings import Settings

DataFolder = Annotated[Path | None, typer.Option("--data", help="The data folder; default: EDI_GATEWAY_DATA, or data.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]

_PEOPLE = 1000  # the first user of the system that is a person; those before, root among them, are used by several

out = Console(highlight=False, width=None if sys.stdout.isatty() else 140)


def load_settings(data: Path | None = None, **more: object) -> Settings:
    """The settings, with what the command line says on top."""
    given = {name: value for name, value in {"data": data, **more}.items() if value is not None}
    return settings_.load(**given)


def agrees(question: str) -> bool:
    """Whether a person says yes; no is what counts where they only press Enter."""
    with _asking():
        return typer.confirm(question)


def agree_or_leave(question: str) -> None:
    """Goes on only where a person says yes. Raises Exit (130) where they do not, or interrupt it."""
    if not agrees(question):
        out.print("nothing was done")
        raise typer.Exit(130)


def is_at_terminal() -> bool:
    """Whether a person gives the command, and can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def answer(question: str, *, default: str | None = None, unseen: bool = False) -> str:
    """What a person types; ``unseen``, as a password is."""
    with _asking():
        return str(typer.prompt(question, default=default, hide_input=unseen, err=unseen))


@contextmanager
def _asking() -> Iterator[None]:
    """Who interrupts a question interrupts the command. Raises WrongInput where nobody is there to answer it."""
    try:
        yield
    except typer.Abort as error:
        if isinstance(error.__context__, EOFError):
            raise WrongInput("a question was not answered", do="answer it, or give the answer on standard input") from None
        raise typer.Exit(130) from None


def unreadable(error: OSError, path: object) -> WrongInput:
    """What is said of a file that a person named and that cannot be read."""
    return WrongInput(f"cannot be read: {error.strerror}", where=str(path), do="name a file that is there and may be read")


def body_of(path: Path) -> bytes:
    """What is in a file that a person named. Raises WrongInput."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise unreadable(error, path) from error


def text_in(path: Path) -> str:
    """The text of a file that a person named. Raises WrongInput."""
    try:
        return body_of(path).decode()
    except UnicodeDecodeError as error:
        raise WrongInput("is no text in UTF-8", where=str(path), do="save it as UTF-8") from error


def on_record(number: int | None) -> int | None:
    """The number of something on record, as a person gives it. Raises BadParameter for one that nothing can have."""
    if number is not None and not 0 < number < 1 << 63:
        raise typer.BadParameter(f"{number} is the number of nothing")
    return number


def put_file(path: Path, body: bytes, *, mode: int = 0o644) -> None:
    """Writes a file that a person named; one that is there is written over, and only who ``mode`` says may read it.

    Raises WrongInput where that cannot be.
    """
    try:
        path.touch(mode=mode)
        path.chmod(mode)
        path.write_bytes(body)
    except (OSError, ValueError) as error:
        said = error.strerror if isinstance(error, OSError) else str(error)
        raise WrongInput(f"cannot be written: {said}", where=str(path), do="name a file you may write") from error


def who() -> str:
    """Who gives the command, for the record: a user of the system; of root and of the user of a service, who called sudo.

    A person's environment is not asked: it says what that person likes.
    """
    user = os.getuid()
    caller = os.environ.get("SUDO_UID", "") if user < _PEOPLE else ""
    try:
        return getpwuid(int(caller) if caller.isdecimal() else user).pw_name
    except (KeyError, OverflowError):
        return "command line"


def print_json(value: Any) -> None:
    """Prints a value as JSON."""
    typer.echo(json.dumps(msgspec.to_builtins(value), indent=2, ensure_ascii=False))


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]], numbers: Sequence[str] = ()) -> None:
    """Prints rows as a table; ``numbers`` names the columns that stand to the right. What is in a cell is never markup."""
    table = Table(title=title, title_justify="left", header_style="bold")
    for column in columns:
        table.add_column(column, justify="right" if column in numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*("" if cell is None else Text(str(cell)) for cell in row))
    out.print(table)
