"""X12 as one HTML page: complete in itself, without scripts, readable in light and dark. Nothing in a document is markup."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path

from edi_gateway.cli.x12.text import USAGES, printable, reported_as
from edi_gateway.x12.acknowledgment import Verdict
from edi_gateway.x12.finding import Finding
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

_STYLE = Path(__file__).with_name("page.css")
_VERDICTS = {Verdict.ACCEPTED: "accepted", Verdict.ACCEPTED_WITH_ERRORS: "errors"}


def page(told: Iterable[Shown], title: str) -> Iterator[str]:
    """The page, piece by piece: as long as the payload, never in memory as a whole."""
    yield (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{_safe(title)}</title>\n<style>\n{_STYLE.read_text()}</style>\n</head>\n<body>\n<h1>{_safe(title)}</h1>\n"
    )
    for one in told:
        yield from _part(one)
    yield "</body>\n</html>\n"


def _safe(text: str) -> str:
    return escape(printable(text))


def _part(one: Shown) -> Iterator[str]:
    match one:
        case ShownInterchange():
            marks = one.delimiters
            shown = " ".join(mark for mark in (marks.element, marks.component, marks.repetition, marks.segment) if mark)
            yield f"<h2>Interchange {_safe(one.control_number)}</h2>\n"
            yield _facts(
                {
                    "from": one.sender,
                    "to": one.receiver,
                    "sent": one.sent_at,
                    "usage": USAGES.get(one.usage, one.usage),
                    "version": one.version,
                }
                | {"delimiters": shown}
            )
        case ShownGroup():
            yield f"<h2>Group {_safe(f'{one.code} {one.control_number}')}</h2>\n"
            yield _facts({"from": one.sender, "to": one.receiver, "release": one.release})
        case ShownSet():
            yield from _set(one)
        case ShownAnswer():
            means = f"<p>{_safe(one.verdict.message)}</p>\n" if one.verdict else ""
            yield f'<h3>TA1</h3>\n<p class="text">{_safe(one.text)}</p>\n{means}'
        case ShownEnd():
            if one.findings:
                yield f"<h2>End of {one.of} {_safe(one.control_number)}</h2>\n{_findings(one.findings)}"
        case ShownSkipped():
            yield f"<h2>Bytes {one.start:,} to {one.end:,} could not be read</h2>\n{_findings([one.finding])}"


def _facts(facts: dict[str, str]) -> str:
    rows = "".join(f"<dt>{name}</dt><dd>{_safe(value)}</dd>" for name, value in facts.items() if value)
    return f"<dl>{rows}</dl>\n"


def _set(one: ShownSet) -> Iterator[str]:
    title = _safe(f"{one.code} {one.name}".strip())
    verdict = f'<span class="{_VERDICTS.get(one.verdict, "rejected")}">{one.verdict}</span>'
    held_against = f'<span class="note">{_safe(one.held_against)}</span>'
    yield f"<section>\n<h3>{title} {_safe(one.control_number)} — {verdict} {held_against}</h3>\n"
    yield _findings(one.findings)
    for segment in one.segments:
        yield from _segment(segment)
    yield "</section>\n"


def _segment(one: ShownSegment) -> Iterator[str]:
    if one.turn:
        loop = one.loop.rpartition("/")[2]
        yield f'<div class="turn" style="--depth:{max(one.depth - 1, 0)}">{_safe(loop)} loop, {one.turn}</div>\n'
    name = f'<span class="at">{one.position}</span><span class="name">{_safe(f"{one.id}  {one.name}")}</span>'
    head = f'<div class="head">{name}<span class="text">{_safe(one.text)}</span></div>'
    yield f'<div class="segment" style="--depth:{one.depth}">{head}\n'
    if one.elements:
        yield f"<table>{''.join(_element(element) for element in one.elements)}</table>\n"
    yield f"{_findings(one.findings)}</div>\n"


def _element(one: ShownElement) -> str:
    cells = (("place", one.place), ("name", one.name), ("value", one.value), ("meaning", one.meaning))
    row = "".join(f'<td class="{name}">{_safe(text)}</td>' for name, text in cells)
    return f"<tr>{row}</tr>"


def _findings(findings: Iterable[Finding]) -> str:
    rows = "".join(
        f'<li class="{finding.severity}">{_safe(finding.message)} <small>{_safe(reported_as(finding))}</small></li>'
        for finding in findings
    )
    return f'<ul class="findings">{rows}</ul>\n' if rows else ""
