"""``edi-gateway partner test``: the simulated partner plays the other side, and a report says how it went."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from edi_gateway import log, settings
from edi_gateway.cli.common import AsJson, out, print_json
from edi_gateway.cli.partner_test_gateway import PrivateGateway, alone
from edi_gateway.cli.partner_test_orders import begin_of, catalog_for, source_of, usage_of
from edi_gateway.cli.partner_test_report import as_plain, show_scenario, show_verdict, write_report
from edi_gateway.errors import WrongInput
from edi_gateway.mapping.library import Library
from edi_gateway.simulated_partner import Buyer, Habits
from edi_gateway.simulated_partner.certification import (
    HABITS,
    Habit,
    OrderSource,
    Play,
    Report,
    SampleFile,
    Scenario,
    kept_samples,
    order_to_cash,
    read_sample,
)
from edi_gateway.trading import loader
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.profile import Usage
from edi_gateway.trading.versions import profile_version
from edi_gateway.trading.words import did_you_mean

_MAIN = "order-to-cash"
_SAMPLES = "samples"
_FIRST_NUMBER = 900_001  # theirs, above what samples use

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
    habits = _habits(habit or [])
    where = settings.load()
    folder, library = partners or where.partners, Library.load(maps or where.maps)
    directory = loader.load(folder, library.names())
    partner = directory.partner(name)
    library.check(*sorted({each.map for each in partner.agreements}))
    read = [read_sample(path) for path in samples or kept_samples(folder / name / _SAMPLES)]
    chosen = usage_of(partner, read, usage)
    stage = _Stage(alone(directory, name, chosen), library, chosen, read)
    done = []
    for scenario in stage.play(habits):
        done.append(scenario)
        if not as_json:
            show_scenario(scenario)
    told = stage.report(done, profile_version(partner))
    if as_json:
        print_json(as_plain(told))
    else:
        show_verdict(told)
    if report is not None:
        write_report(told, report)
        if not as_json:
            out.print(f"the report is in {report}")
    raise typer.Exit(0 if told.passed else 1)


def _habits(names: Sequence[str]) -> dict[str, Habit]:
    if "all" in names:
        return HABITS
    for name in names:
        if name not in HABITS:
            raise WrongInput(f"there is no habit '{name}'", do=did_you_mean(name, ["all", *HABITS]))
    return {name: HABITS[name] for name in HABITS if name in names}


class _Stage:
    """Everything the scenarios share; each gets a gateway and a buyer of its own."""

    def __init__(self, directory: Directory, maps: Library, usage: Usage, samples: Sequence[SampleFile]) -> None:
        self._directory, self._maps, self._usage = directory, maps, usage
        self._partner = directory.partners[0]
        self._orders: OrderSource = source_of(samples, directory, self._partner, usage)
        self._begin = begin_of(self._orders, self._partner)
        self._catalog = catalog_for(self._orders, self._partner, maps, usage)

    def play(self, habits: dict[str, Habit]) -> Iterator[Scenario]:
        """The scenario everybody plays, then those of the habits."""
        everybody = Habit("orders, is answered, and pays", Habits(), order_to_cash)
        for name, habit in {_MAIN: everybody, **habits}.items():
            with tempfile.TemporaryDirectory(prefix="edi-gateway-test-") as folder:
                yield self._one(name, habit, Path(folder))

    def _one(self, name: str, habit: Habit, folder: Path) -> Scenario:
        gateway = PrivateGateway(folder, self._directory, self._maps, self._catalog, self._begin)
        try:
            play = Play(self._buyer(gateway, habit.switched), gateway, self._orders, self._usage)
            habit.play(play)
        finally:
            gateway.close()
        return Scenario(name=name, title=habit.title, steps=tuple(play.steps))

    def _buyer(self, gateway: PrivateGateway, habits: Habits) -> Buyer:
        guides = {guide: each for (_, guide), each in self._directory.guides.items()}
        return Buyer(
            self._partner,
            self._directory.identity(self._partner.ours),
            self._maps,
            gateway.mailbox,
            gateway.clock,
            habits,
            usage=self._usage,
            first_number=_FIRST_NUMBER,
            guides=guides,
        )

    def report(self, scenarios: Sequence[Scenario], version: str) -> Report:
        """What came of it."""
        agreed = {each.map: each.direction for each in self._partner.agreements if each.usage == self._usage}
        return Report(
            partner=self._partner.name,
            title=self._partner.title,
            usage=self._usage,
            profile_version=version,
            maps={name: self._version(name, direction) for name, direction in sorted(agreed.items())},
            orders_from=self._orders.told,
            played_at=datetime.now(UTC),
            scenarios=tuple(scenarios),
        )

    def _version(self, name: str, direction: str) -> str:
        return self._maps.reading(name).version if direction == "in" else self._maps.writing(name).version
