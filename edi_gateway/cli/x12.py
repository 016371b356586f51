"""``edi-gateway x12``: show, validate and acknowledge X12 files. Needs nothing set up: no partner, no store."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, BinaryIO

import typer
from rich.table import Table
from rich.text import Text

from edi_gateway.cli.common import AsJson, out, print_json
from edi_gateway.cli.x12_second_opinion import as_json as second_opinion_json
from edi_gateway.cli.x12_second_opinion import second_opinion_lines
from edi_gateway.cli.x12_text import finding_line, lines, printable, verdict_text
from edi_gateway.clock import SystemClock
from edi_gateway.errors import WrongInput
from edi_gateway.x12.acknowledgment import Form
from edi_gateway.x12.answers import answers_to
from edi_gateway.x12.finding import Finding, Severity
from edi_gateway.x12.second_opinion import second_opinions
from edi_gateway.x12.show import Shown, ShownEnd, ShownSet, ShownSkipped, findings_of, is_valid, plain, shown

app = typer.Typer(no_args_is_help=True, help="Look at X12 documents; needs nothing set up.")

File = Annotated[str, typer.Argument(help="An X12 file; - reads the standard input.")]
Brief = Annotated[bool, typer.Option("--brief", "-b", help="Show segments as they stand, without their elements.")]
Strict = Annotated[bool, typer.Option("--strict", help="Take warnings for mistakes.")]
Second = Annotated[bool, typer.Option("--second-opinion", help="Ask pyx12 as well, and tell where it differs and why.")]


@app.command()
def show(file: File, brief: Brief = False, as_json: AsJson = False) -> None:
    """Show a file with the names and meanings of its elements, loops indented, findings where they belong."""
    with _opened(file) as source:
        if as_json:
            print_json(plain(list(shown(source))))
            return
        for one in shown(source):
            for line in lines(one, brief):
                out.print(line, soft_wrap=True)


@app.command()
def validate(file: File, strict: Strict = False, second_opinion: Second = False, as_json: AsJson = False) -> None:
    """Check a file against the standard and list what is wrong; exits 1 if anything in it would be rejected.

    What pyx12 says with --second-opinion is told and does not change the exit code. It takes some 6 seconds a megabyte.
    """
    with _opened(file) as source:
        content = source.read() if second_opinion else source
        told = [one for one in shown(content) if isinstance(one, ShownSet | ShownEnd | ShownSkipped)]
        opinions = list(second_opinions(content)) if isinstance(content, bytes) else []
    found = [finding for one in told for finding in findings_of(one)]
    valid = not found if strict else is_valid(found)
    if as_json:
        print_json(
            {"valid": valid, "sets": [_summary(one) for one in told if isinstance(one, ShownSet)], "findings": plain(found)}
            | ({"second_opinion": [second_opinion_json(one) for one in opinions]} if second_opinion else {})
        )
    else:
        _print_findings(told)
        for one in opinions:
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
    with _opened(file) as source:
        for answer in answers_to(source, asked, SystemClock().now(), first_number=number, always_ta1=ta1):
            if isinstance(answer, WrongInput):
                typer.echo(f"not answered: {answer}", err=True)
                answered = False
            else:
                typer.echo(answer.decode("latin-1"), nl=False)
    if not answered:
        raise typer.Exit(1)


@contextmanager
def _opened(file: str) -> Iterator[BinaryIO]:
    """The file, or the standard input. Raises WrongInput where it cannot be read."""
    if file == "-":
        yield sys.stdin.buffer
        return
    try:
        stream = Path(file).open("rb")  # noqa: SIM115  # only opening it is tried; it is closed below
    except OSError as error:
        raise WrongInput(f"it cannot be read: {error.strerror}", where=file) from None
    with stream:
        yield stream


def _print_findings(told: Sequence[Shown]) -> None:
    table = Table("set", "segment", "finding", box=None, header_style="bold", pad_edge=False)
    for one in told:
        name = printable(f"{one.code} {one.control_number}") if isinstance(one, ShownSet) else ""
        for finding in findings_of(one):
            table.add_row(name, printable(_place(finding)), finding_line(finding, 0))
    if table.row_count:
        out.print(table)
    for one in told:
        if isinstance(one, ShownSet):
            count = len(list(findings_of(one)))
            said = Text.assemble(printable(f"{one.code} {one.control_number}: "), verdict_text(one.verdict))
            out.print(
                said.append(f", {count} findings" if count != 1 else ", 1 finding").append(f"  ({one.held_against})", "dim")
            )
    if not any(isinstance(one, ShownSet) for one in told):
        out.print("there is no transaction set in it")


def _place(finding: Finding) -> str:
    return finding.place if finding.position else finding.segment or str(finding.scope)


def _summary(one: ShownSet) -> dict[str, object]:
    found = list(findings_of(one))
    return {
        "set": one.code,
        "control_number": one.control_number,
        "held_against": one.held_against,
        "verdict": one.verdict,
        "rejecting": sum(1 for finding in found if finding.severity is Severity.REJECT),
        "warnings": sum(1 for finding in found if finding.severity is Severity.WARN),
    }
