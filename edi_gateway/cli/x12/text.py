"""How X12 looks on a terminal. What stands in a document is never taken for markup or for control characters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.text import Text

from edi_gateway.x12.acknowledgment import Verdict
from edi_gateway.x12.finding import Finding, Scope, Severity
from edi_gateway.x12.show import (
    Shown,
    ShownAnswer,
    ShownElement,
    ShownEnd,
    ShownGroup,
    ShownInterchange,
    ShownSegment,
    ShownSet,
    ShownSkipped,
)

_STYLE_OF = {Severity.REJECT: "bold red", Severity.WARN: "yellow", Severity.OFF: "dim"}
_VERDICT_STYLES = {Verdict.ACCEPTED: "green", Verdict.ACCEPTED_WITH_ERRORS: "yellow"}
_LIST_OF = {Scope.INTERCHANGE: "TA105", Scope.GROUP: "AK905", Scope.SET: "AK502", Scope.SEGMENT: "AK304", Scope.ELEMENT: "AK403"}
USAGES = {"P": "production", "T": "test", "I": "information"}


def lines(one: Shown, brief: bool = False) -> Iterator[Text]:
    """One thing that was read, line by line; ``brief`` shows segments as they stand, without their elements."""
    match one:
        case ShownInterchange():
            yield _header(one)
        case ShownGroup():
            yield Text.assemble(
                ("  Group ", "bold"),
                (printable(f"{one.code} {one.control_number}"), "bold cyan"),
                printable(f"  {one.sender} → {one.receiver}  release {one.release}"),
            )
        case ShownSet():
            yield from _set(one, brief)
        case ShownAnswer():
            yield Text.assemble(("  TA1 ", "bold"), printable(one.text), f"  {one.verdict.message}" if one.verdict else "")
        case ShownEnd():
            if one.findings:
                yield Text(printable(f"  End of {one.of} {one.control_number}"), "bold")
            yield from (finding_line(finding, 4) for finding in one.findings)
        case ShownSkipped():
            yield Text(f"Bytes {one.start:,} to {one.end:,} could not be read", "bold")
            yield finding_line(one.finding, 4)


def finding_line(finding: Finding, indent: int) -> Text:
    """A finding with the code it is reported by."""
    mark = "✗" if finding.severity is Severity.REJECT else "!"
    style = _STYLE_OF[finding.severity]
    return Text.assemble(" " * indent, (f"{mark} {printable(finding.message)}", style), (f"  {reported_as(finding)}", "dim"))


def reported_as(finding: Finding) -> str:
    """The code a finding is reported by, where it has one, and its kind: ``AK403 8  element.date``."""
    code = f"{_LIST_OF[finding.scope]} {finding.code}  " if finding.code else ""
    return f"{code}{finding.kind}"


def verdict_text(verdict: Verdict) -> Text:
    """A verdict in its colour."""
    return Text(str(verdict), _VERDICT_STYLES.get(verdict, "bold red"))


def printable(text: str) -> str:
    """The text with control characters written out, so that a document cannot steer a terminal."""
    if text.isprintable():
        return text
    return "".join(mark if mark.isprintable() else f"\\x{ord(mark):02x}" for mark in text)


def _header(one: ShownInterchange) -> Text:
    usage = USAGES.get(one.usage, one.usage or "no usage")
    marks = " ".join(mark for mark in (one.delimiters.element, one.delimiters.component, one.delimiters.segment) if mark)
    told = f"  {one.sender} → {one.receiver}  {one.sent_at}  {usage}  version {one.version}  delimiters {marks}"
    return Text.assemble(("Interchange ", "bold"), (printable(one.control_number), "bold cyan"), printable(told))


def _set(one: ShownSet, brief: bool) -> Iterator[Text]:
    title = Text.assemble(
        "    ", (printable(f"{one.code} {one.name}".strip()), "bold"), " ", (printable(one.control_number), "bold cyan"), "  "
    )
    yield title.append_text(verdict_text(one.verdict)).append(printable(f"  {one.held_against}"), "dim")
    yield from (finding_line(finding, 6) for finding in one.findings)
    for segment in one.segments:
        yield from _segment(segment, brief)


def _segment(one: ShownSegment, brief: bool) -> Iterator[Text]:
    indent = 6 + 2 * one.depth
    if one.turn:
        loop = one.loop.rpartition("/")[2]
        yield Text(" " * (indent - 2) + f"{loop} loop, {one.turn}", "magenta")
    label = printable(one.text) if brief else printable(f"{one.id}  {one.name}")
    yield Text.assemble(" " * indent, (f"{one.position:>3} ", "dim"), (label, "" if brief else "bold"))
    if not brief:
        yield from _elements(one.elements, indent + 4)
    yield from (finding_line(finding, indent + 4) for finding in one.findings)


def _elements(elements: Iterable[ShownElement], indent: int) -> Iterator[Text]:
    for one in elements:
        meaning = f"  {one.meaning}" if one.meaning else ""
        yield Text.assemble(
            " " * indent,
            (f"{printable(one.place):<9}", "dim"),
            (f"{printable(one.name):<44} ", "dim"),
            printable(one.value),
            (printable(meaning), "cyan"),
        )
