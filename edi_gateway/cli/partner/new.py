"""``edi-gateway partner new``: a partner begun from samples of its documents, by questions or by flags."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from edi_gateway import settings
from edi_gateway.cli.common import agrees, answer, body_of, out
from edi_gateway.errors import WrongInput
from edi_gateway.mapping.library import Library
from edi_gateway.operations.onboard import OPEN, OUT, Answers, Sample, scaffold
from edi_gateway.trading.files import read
from edi_gateway.trading.loader import OURSELVES
from edi_gateway.trading.profile import OurIdentity, Ourselves
from edi_gateway.wording import did_you_mean

_KINDS = ("mailbox", "sftp", "folder")
_NOBODY_YET = "answered later"
_NAME = re.compile(r"[a-z][a-z0-9-]*")

Name = Annotated[str, typer.Argument(help="What the partner is to be called: partners/NAME; small letters, digits and hyphens.")]
Samples = Annotated[list[Path], typer.Option("--samples", help="Files they sent, or show what they want from us; several times.")]
Title = Annotated[str | None, typer.Option("--title", help="Their name as people read it.")]
Zone = Annotated[str | None, typer.Option("--time-zone", help="Theirs: America/Chicago.")]
Acknowledge = Annotated[str | None, typer.Option("--acknowledge-within", help="How long our 997 may take: 24h.")]
Confirm = Annotated[str | None, typer.Option("--confirm-within", help="How long our 855 may take: 24h.")]
Kind = Annotated[str | None, typer.Option("--connection", help="mailbox (they come to us), sftp (we go to them), folder.")]
Wants = Annotated[str | None, typer.Option("--wants", help="What they want back: 855,856,810.")]
Pays = Annotated[bool | None, typer.Option("--remits/--no-remits", help="Whether they send an 820.")]
Ask = Annotated[bool | None, typer.Option("--ask/--no-ask", help="Ask what is not given; default: on a terminal.")]
Partners = Annotated[Path | None, typer.Option("--partners", help="Folder of partner files; default: EDI_GATEWAY_PARTNERS.")]
Maps = Annotated[Path | None, typer.Option("--maps", help="Folder of maps; default: EDI_GATEWAY_MAPS.")]


def new(
    name: Name,
    samples: Samples,
    title: Title = None,
    time_zone: Zone = None,
    acknowledge_within: Acknowledge = None,
    confirm_within: Confirm = None,
    connection: Kind = None,
    wants: Wants = None,
    remits: Pays = None,
    ask: Ask = None,
    partners: Partners = None,
    maps: Maps = None,
) -> None:
    """Begin a partner from samples: profile, guides, maps where they differ, connection.

    What samples cannot tell and nobody said is written as "?", and ``partner check`` fails until it is answered. Nothing that is
    there already is written over.
    """
    where = settings.load()
    folder, map_folder = partners or where.partners, maps or where.maps
    _check_name(name, folder)
    questions = _Questions(sys.stdin.isatty() if ask is None else ask)
    answers = Answers(
        title=questions.text("Their name, as people read it", title),
        time_zone=questions.text("Their time zone, such as America/Chicago", time_zone),
        acknowledge_within=questions.text("How long may our 997 take, such as 24h", acknowledge_within),
        confirm_within=questions.text("How long may our 855 take, such as 24h", confirm_within),
        connection=questions.choice("How do documents come and go", connection, _KINDS),
        wanted=_wanted(questions.text("What do they want back", wants, default=",".join(OUT))),
        pays=questions.yes("Do they send an 820 when they pay", remits),
    )
    made = scaffold(
        name,
        [Sample(path.name, body_of(path)) for path in samples],
        answers,
        ourselves=_ourselves(folder),
        library=Library.load(map_folder),
        partners=folder,
        maps=map_folder,
    )
    made.write()
    for file in made.files:
        out.print(f"written: {file.path}", markup=False, soft_wrap=True)
    for question in made.questions:
        out.print(f"open: {question}", markup=False, soft_wrap=True)
    count = len(made.questions)
    out.print(
        f"open questions: {count}; then: edi-gateway partner check" if count else "nothing is open: edi-gateway partner check"
    )


class _Questions:
    """Asks for what was not given, or leaves it open."""

    def __init__(self, asks: bool) -> None:
        self._asks = asks

    def text(self, question: str, given: str | None, default: str = OPEN) -> str:
        if given is not None or not self._asks:
            return given if given is not None else default
        shown = _NOBODY_YET if default == OPEN else default
        said = answer(question, default=shown)
        return default if said == shown else said

    def choice(self, question: str, given: str | None, known: Sequence[str]) -> str:
        said = self.text(f"{question} ({', '.join(known)})", given, default=known[0])
        if said not in known:
            raise WrongInput(f"'{said}' is none of {', '.join(known)}", do=did_you_mean(said, known))
        return said

    def yes(self, question: str, given: bool | None) -> bool:
        if given is not None or not self._asks:
            return bool(given)
        return agrees(question)


def _check_name(name: str, folder: Path) -> None:
    if not _NAME.fullmatch(name):
        raise WrongInput(f"'{name}' cannot be a partner's name", do="use small letters, digits and hyphens, a letter first")
    if (folder / name).exists():
        raise WrongInput(f"there is a partner '{name}' already", where=str(folder / name), do="choose another name")


def _ourselves(folder: Path) -> tuple[OurIdentity, ...]:
    """Who we are; other partners may be as unfinished as this one."""
    if not (folder / OURSELVES).is_file():
        raise WrongInput("says nothing of who we are", where=str(folder), do=f"name the folder with {OURSELVES}: --partners")
    return read(folder / OURSELVES, Ourselves).value.identities


def _wanted(said: str) -> tuple[str, ...]:
    codes = tuple(code for code in said.replace(",", " ").split() if code != "none")
    for code in codes:
        if code not in OUT:
            raise WrongInput(f"'{code}' is nothing we send by itself", do="name any of " + ", ".join(OUT) + ", or none")
    return codes
