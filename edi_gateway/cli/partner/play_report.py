"""The report of ``partner test``: as tables on a screen, as Markdown, as a page, as JSON."""

from __future__ import annotations

import html
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from rich.markup import escape
from rich.table import Table

from edi_gateway.cli.common import out
from edi_gateway.simulated_partner.certification import Report, Scenario, Step

_HEAD = ("step", "expected", "what happened", "")


def show_scenario(scenario: Scenario) -> None:
    """One scenario as a table, as soon as it was played."""
    table = Table(title=f"{scenario.name}: the partner {scenario.title}", title_justify="left", header_style="bold")
    for name, ratio in zip(_HEAD[:3], (3, 4, 5), strict=True):
        table.add_column(name, overflow="fold", ratio=ratio)
    table.add_column("", no_wrap=True)
    for step in scenario.steps:
        happened = escape(step.happened) + (f"\n[dim]look: {escape(step.look)}[/dim]" if step.look else "")
        mark = "[green]passed[/green]" if step.passed else "[red]FAILED[/red]"
        table.add_row(escape(step.what), escape(step.expected), happened, mark)
    out.print(table)


def show_verdict(report: Report) -> None:
    """How it ended, in a line or two."""
    for line in _summary(report):
        out.print(line, soft_wrap=True, markup=False)


def as_plain(report: Report) -> dict[str, Any]:
    """The report for programs."""
    plain: dict[str, Any] = msgspec.to_builtins(report)
    return {"passed": report.passed, **plain}


def write_report(report: Report, path: Path) -> None:
    """The report as a file, in the form its suffix names; what was there is written over."""
    forms = {".json": _as_json, ".html": _as_page, ".md": _as_markdown}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(forms[path.suffix](report), encoding="utf-8")


def _summary(report: Report) -> Iterator[str]:
    failed = [step for step in report.steps if not step.passed]
    verdict = "PASSED" if report.passed else "FAILED"
    yield f"{report.title} ({report.partner}), usage {report.usage}: {verdict}"
    yield f"scenarios: {len(report.scenarios)}, steps: {len(report.steps)}, failed: {len(failed)}"
    yield f"orders: {report.orders_from}"
    yield f"profile version {report.profile_version[:12]}; maps: " + ", ".join(
        f"{name} {version[:12]}" for name, version in report.maps.items()
    )


def _as_json(report: Report) -> str:
    return msgspec.json.format(msgspec.json.encode(as_plain(report)), indent=2).decode() + "\n"


def _as_markdown(report: Report) -> str:
    lines = [f"# Certification of {report.title}", ""]
    lines += [f"* {line}" for line in (*_summary(report), f"played {report.played_at:%Y-%m-%d %H:%M} UTC")]
    for scenario in report.scenarios:
        lines += ["", f"## {scenario.name}: the partner {scenario.title}", ""]
        lines += ["| step | expected | what happened | result |", "|---|---|---|---|"]
        lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in _cells(step)) + " |" for step in scenario.steps]
    return "\n".join(lines) + "\n"


def _as_page(report: Report) -> str:
    title = html.escape(f"Certification of {report.title}")
    body = [f"<h1>{title}</h1>", "<ul>"]
    body += [f"<li>{html.escape(line)}</li>" for line in (*_summary(report), f"played {report.played_at:%Y-%m-%d %H:%M} UTC")]
    body.append("</ul>")
    for scenario in report.scenarios:
        body.append(f"<h2>{html.escape(scenario.name)}: the partner {html.escape(scenario.title)}</h2>")
        body.append("<table><thead><tr><th>step<th>expected<th>what happened<th>result</tr></thead><tbody>")
        for step in scenario.steps:
            cells = "".join(f"<td>{html.escape(cell)}</td>" for cell in _cells(step))
            body.append(f'<tr class="{"passed" if step.passed else "failed"}">{cells}</tr>')
        body.append("</tbody></table>")
    return _PAGE.format(title=title, body="\n".join(body))


def _cells(step: Step) -> tuple[str, str, str, str]:
    happened = step.happened + (f" (look: {step.look})" if step.look else "")
    return step.what, step.expected, happened, "passed" if step.passed else "FAILED"


_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>{title}</title>
<style>
body {{ font: 15px/1.5 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem; }}
table {{ border-collapse: collapse; width: 100%; }}
th, td {{ text-align: left; vertical-align: top; padding: .35rem .6rem; border-bottom: 1px solid #ccc; }}
tr.passed td:last-child {{ color: #0a6b2d; }}
tr.failed td:last-child {{ color: #b00020; font-weight: bold; }}
</style>
{body}
</html>
"""
