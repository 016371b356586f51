"""How a judgment looks on a terminal: a row for each finding as it comes, a line for each set, and what it comes to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from rich.text import Text

from edi_gateway.cli.common import out
from edi_gateway.cli.x12.text import finding_line, printable, verdict_text
from edi_gateway.wording import count
from edi_gateway.x12.acknowledgment import Verdict
from edi_gateway.x12.examination import Judged
from edi_gateway.x12.finding import Finding, Severity

CLEAN_SHOWN = 20  # sets without a finding that are named; then they are only counted
_WIDTHS = (16, 26)


def print_judgment(told: Iterable[Judged], strict: bool = False) -> bool:
    """Prints it, holding none of it; True where nothing would be rejected (``strict``: nothing was found at all)."""
    verdicts: Counter[Verdict] = Counter()
    severities: Counter[Severity] = Counter()
    for one in told:
        if one.findings and not severities:
            out.print(_row("set", "segment", Text("finding")), style="bold")
        name = f"{one.code} {one.control_number}" if one.verdict else ""
        for finding in one.findings:
            severities[finding.severity] += 1
            out.print(_row(name, _place(finding), finding_line(finding, 0)), soft_wrap=True)
        if one.verdict:
            verdicts[one.verdict] += 1
            if one.findings or verdicts.total() <= CLEAN_SHOWN:
                out.print(_verdict(one, one.verdict), soft_wrap=True)
    _print_sum(verdicts, severities.total())
    return not (severities.total() if strict else severities[Severity.REJECT])


def _print_sum(verdicts: Counter[Verdict], findings: int) -> None:
    if not verdicts:
        out.print("there is no transaction set in it")
    elif verdicts.total() > 1:
        each = ", ".join(f"{number:,} {verdict}" for verdict, number in verdicts.most_common())
        out.print(f"{count(verdicts.total(), 'set')}: {each}; {count(findings, 'finding')}")


def _row(name: str, place: str, text: Text) -> Text:
    cells = (printable(cell).ljust(width) for cell, width in zip((name, place), _WIDTHS, strict=True))
    return Text.assemble(*(f"{cell} " for cell in cells), text)


def _verdict(one: Judged, verdict: Verdict) -> Text:
    said = Text.assemble(printable(f"{one.code} {one.control_number}: "), verdict_text(verdict))
    return said.append(f", {count(len(one.findings), 'finding')}").append(f"  ({printable(one.held_against)})", "dim")


def _place(finding: Finding) -> str:
    return finding.place if finding.position else finding.segment or str(finding.scope)
