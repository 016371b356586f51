"""``edi-gateway partner test``: the simulated partner plays the other side, and a report says how it went."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from edi_gateway import log, settings
from edi_gateway.bootstrap.certification import Stage, chosen_habits
from edi_gateway.cli.common import AsJson, out, print_json
from edi_gateway.cli.partner.play_report import as_plain, show_scenario, show_verdict, write_report
from edi_gateway.errors import WrongInput
from edi_gateway.mapping.library import Library
from edi_gateway.simulated_partner.certification import HABITS, kept_samples, read_sample
from edi_gateway.trading import loader

_SAMPLES = "samples"

Name = Annotated[str, typer.Argument(help="The partner's name, as in partners/NAME.")]
Partners = Annotated[Path | None, typer.Option("--partners", help="Folder of partner files; default: EDI_GATEWAY_PARTNERS.")]
Maps = Annotated[Path | None, typer.Option("--maps", help="Folder of maps; default: EDI_GATEWAY_MAPS.")]
Samples = Annotated[
    list[Path] | None,
    typer.Option("--samples", help="Files with their 850s; default: partners/NAME/samples; none there: orders are invented."),
]
HabitNames = Annotated[list[str] | None, typer.Option("--habit", help=f"Play a bad habit as well: all, {', '.join(HABITS)}.")]
UsageOf = Annotated[str | None, typer.Option("--usage", help="production or test; default: that of the samples.")]
ReportFile = Annotated[Path | None, typer.Option("--report", help="Write the report too: a .md, .html or .json file.")]


def play_partner(
    name: Name,
    habit: HabitNames = None,
    samples: Samples = None,
    report: ReportFile = None,
    usage: UsageOf = None,
    partners: Partners = None,
    maps: Maps = None,
    as_json: AsJson = False,
) -> None:
    """Play the partner's side against a private gateway, and hold every answer against its guide; exits 1 if a step failed.

    Nothing outside is touched: no store, no connection, no ERP. What the profile, guides and maps in the files say is tested.
    """
    if report is not None and report.suffix not in (".md", ".html", ".json"):
        raise WrongInput(f"a report is a .md, .html or .json file, not '{report.suffix}'", where=str(report))
    log.configure("error")
    habits = chosen_habits(habit or [])
    where = settings.load()
    folder, library = partners or where.partners, Library.load(maps or where.maps)
    directory = loader.load(folder, library.names())
    partner = directory.partner(name)
    library.check(*sorted({each.map for each in partner.agreements}))
    read = [read_sample(path) for path in samples or kept_samples(folder / name / _SAMPLES)]
    stage = Stage(directory, name, library, read, usage)
    done = []
    for scenario in stage.play(habits):
        done.append(scenario)
        if not as_json:
            show_scenario(scenario)
    told = stage.report(done)
    if as_json:
        print_json(as_plain(told))
    else:
        show_verdict(told)
    if report is not None:
        write_report(told, report)
        if not as_json:
            out.print(f"the report is in {report}")
    raise typer.Exit(0 if told.passed else 1)
