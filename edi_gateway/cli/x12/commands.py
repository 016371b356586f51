"""``edi-gateway x12``: look at X12 files, check, answer, lay out and compare them. Needs nothing set up: no partner, no store."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from edi_gateway.cli.common import AsJson, out, print_json
from edi_gateway.cli.x12.differences import print_differences
from edi_gateway.cli.x12.files import opened
from edi_gateway.cli.x12.findings import print_judgment
from edi_gateway.cli.x12.page import page
from edi_gateway.cli.x12.second_opinion import as_json as second_opinion_json
from edi_gateway.cli.x12.second_opinion import second_opinion_lines
from edi_gateway.cli.x12.text import lines
from edi_gateway.clock import SystemClock
from edi_gateway.errors import WrongInput
from edi_gateway.x12 import guide as guides
from edi_gateway.x12.acknowledgment import Form
from edi_gateway.x12.answers import answers_in_parts
from edi_gateway.x12.comparison import differences
from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.envelope import Interchange
from edi_gateway.x12.examination import Judged, judged
from edi_gateway.x12.finding import Severity
from edi_gateway.x12.layout import Layout, laid_out
from edi_gateway.x12.second_opinion import second_opinions
from edi_gateway.x12.show import Shown, ShownSkipped, is_valid, plain, shown

app = typer.Typer(no_args_is_help=True, help="Look at X12 documents; needs nothing set up.")

File = Annotated[str, typer.Argument(help="An X12 file; - reads the standard input.")]
Brief = Annotated[bool, typer.Option("--brief", "-b", help="Show segments as they stand, without their elements.")]
Strict = Annotated[bool, typer.Option("--strict", help="Take warnings for mistakes.")]
Second = Annotated[bool, typer.Option("--second-opinion", help="Ask pyx12 as well, and tell where it differs and why.")]


ByGuide = Annotated[Path | None, typer.Option("--guide", help="A partner's guide that sets are held against as well.")]


class LineEnds(StrEnum):
    LF = "lf"
    CRLF = "crlf"
    NONE = "none"


_LINE_ENDS = {LineEnds.LF: "\n", LineEnds.CRLF: "\r\n", LineEnds.NONE: ""}


@app.command()
def show(
    file: File,
    brief: Brief = False,
    html: Annotated[Path | None, typer.Option("--html", help="Write it as an HTML page to this file; - prints it.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show a file with the names and meanings of its elements, loops indented, findings where they belong.

    Exits 1 if parts of it are no X12 and so could not be shown.
    """
    unread: list[ShownSkipped] = []
    with opened(file) as source:
        told = _noting(shown(source), unread)
        if as_json:
            print_json(plain(list(told)))
        elif html:
            _write_page(page(told, "the standard input" if file == "-" else Path(file).name), html)
        else:
            for one in told:
                for line in lines(one, brief):
                    out.print(line, soft_wrap=True)
    if unread:
        raise typer.Exit(1)


@app.command()
def validate(
    file: File, guide: ByGuide = None, strict: Strict = False, second_opinion: Second = False, as_json: AsJson = False
) -> None:
    """Check a file against the standard and list what is wrong; exits 1 if anything in it would be rejected.

    With --guide, sets of the guide's kind are held against it too; what breaks it is a warning.
    What pyx12 says with --second-opinion is told and does not change the exit code. It takes some 6 seconds a megabyte.
    """
    with opened(file) as source:
        content = source.read() if second_opinion else source
        told = judged(content, guide=guides.load(guide) if guide else None)
        valid = _print_json_judgment(told, strict, content) if as_json else print_judgment(told, strict)
        if isinstance(content, bytes) and not as_json:
            for one in second_opinions(content):
                for line in second_opinion_lines(one):
                    out.print(line, soft_wrap=True)
    if not valid:
        raise typer.Exit(1)


@app.command()
def acknowledge(
    file: File,
    form: Annotated[str, typer.Option(help="997 or 999.")] = "997",
    release: Annotated[str, typer.Option(help="GS08 of the answer; default: 004010 or 005010, as the group.")] = "",
    detail: Annotated[str, typer.Option(help="sets, or group: accepted sets are only counted.")] = "sets",
    warnings: Annotated[bool, typer.Option(help="Whether warnings are told; they make the verdict E.")] = True,
    ta1: Annotated[bool, typer.Option("--ta1", help="Answer with a TA1 too, even if ISA14 does not ask.")] = False,
    number: Annotated[int, typer.Option(help="The first control number.", min=1)] = 1,
) -> None:
    """Print the acknowledgments that would be sent for a file: a 997 or 999 for each group, a TA1 where it is asked for."""
    if form not in ("997", "999") or detail not in ("sets", "group"):
        raise WrongInput(f"there is no acknowledgment {form!r} with detail {detail!r}", do="write 997 or 999, and sets or group")
    asked = Form("999" if form == "999" else "997", release, "group" if detail == "group" else "sets", warnings)
    answered = True
    with opened(file) as source:
        for answer in answers_in_parts(source, asked, SystemClock().now(), first_number=number, always_ta1=ta1):
            if isinstance(answer, WrongInput):
                typer.echo(f"not answered: {answer}", err=True)
                answered = False
            else:
                for part in answer:
                    typer.echo(part.decode("latin-1"), nl=False)
    if not answered:
        raise typer.Exit(1)


@app.command("format")
def format_(
    file: File,
    line_ends: Annotated[LineEnds, typer.Option("--lines", help="What stands behind each segment.")] = LineEnds.LF,
    wrap: Annotated[int | None, typer.Option(help="Cut everything into lines of this many characters.", min=20)] = None,
    delimiters: Annotated[str, typer.Option(help="Element, component, terminator, and repetition if any: '*>~^'.")] = "",
    check: Annotated[bool, typer.Option("--check", help="Print nothing; exit 1 if it is laid out otherwise.")] = False,
) -> None:
    """Lay a file out anew: a segment a line, all on one line, cut at a width, with other delimiters. What it says stays.

    Exits 1 if there is no interchange in it, which is then passed on as it is.
    """
    layout = Layout("" if wrap else _LINE_ENDS[line_ends], delimiters_of(delimiters) if delimiters else None, wrap)
    found: list[Interchange] = []
    with opened(file) as source:
        original = source.read() if check else b""
        pieces = laid_out(original if check else source, layout, found)
        if not check:
            for piece in pieces:
                typer.echo(piece, nl=False)
        elif b"".join(pieces) != original:
            typer.echo("it is laid out otherwise", err=True)
            raise typer.Exit(1)
    if not found:
        typer.echo("there is no interchange in it: nothing was laid out", err=True)
        raise typer.Exit(1)


@app.command()
def diff(
    one: Annotated[str, typer.Argument(help="An X12 file; - reads the standard input.")],
    other: Annotated[str, typer.Argument(help="Another.")],
    as_json: AsJson = False,
) -> None:
    """Compare two files by what they say; envelopes, control numbers and delimiters are left out. Exits 1 if they differ."""
    with opened(one) as first, opened(other) as second:
        found = list(differences(first, second))
    if as_json:
        print_json(found)
    else:
        print_differences(found)
    if found:
        raise typer.Exit(1)


def delimiters_of(text: str) -> Delimiters:
    """Delimiters as a person types them: three or four characters, ``\\x1d`` among them. Raises WrongInput."""
    marks = re.sub(r"\\x([0-9a-fA-F]{2})", lambda found: chr(int(found[1], 16)), text).replace("\\n", "\n").replace("\\r", "\r")
    if len(marks) not in (3, 4):
        raise WrongInput(f"{text!r} are not three or four delimiters", do="write element, component and terminator: '*>~'")
    return Delimiters(marks[0], marks[1], marks[2], marks[3] if len(marks) == 4 else None)


def _noting(told: Iterator[Shown], unread: list[ShownSkipped]) -> Iterator[Shown]:
    for one in told:
        if isinstance(one, ShownSkipped):
            unread.append(one)
        yield one


def _write_page(pieces: Iterator[str], to: Path) -> None:
    if str(to) == "-":
        for piece in pieces:
            typer.echo(piece, nl=False)
        return
    try:
        with to.open("w", encoding="utf-8") as file:
            file.writelines(pieces)
    except OSError as error:
        raise WrongInput(f"it cannot be written: {error.strerror}", where=str(to)) from None


def _print_json_judgment(told: Iterator[Judged], strict: bool, content: object) -> bool:
    everything = list(told)
    found = [finding for one in everything for finding in one.findings]
    valid = not found if strict else is_valid(found)
    answer = {"valid": valid, "sets": [_summary(one) for one in everything if one.verdict], "findings": plain(found)}
    if isinstance(content, bytes):
        answer["second_opinion"] = [second_opinion_json(one) for one in second_opinions(content)]
    print_json(answer)
    return valid


def _summary(one: Judged) -> dict[str, object]:
    return {
        "set": one.code,
        "control_number": one.control_number,
        "held_against": one.held_against,
        "verdict": one.verdict,
        "rejecting": sum(1 for finding in one.findings if finding.severity is Severity.REJECT),
        "warnings": sum(1 for finding in one.findings if finding.severity is Severity.WARN),
    }
