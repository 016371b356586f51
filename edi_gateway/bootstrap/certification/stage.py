"""The stage of a certification: everything its scenarios share; each gets a gateway and a buyer of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from edi_gateway.bootstrap.certification.gateway import PrivateGateway, alone
from edi_gateway.bootstrap.certification.orders import begin_of, catalog_for, source_of, usage_of
from edi_gateway.clock import Clock, SystemClock
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
    order_to_cash,
)
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.versions import profile_version
from edi_gateway.wording import did_you_mean

MAIN = "order-to-cash"
_FIRST_NUMBER = 900_001  # theirs, above what samples use


def chosen_habits(names: Sequence[str]) -> dict[str, Habit]:
    """The bad habits of these names, in the order in which they are played; ``all`` for all. Raises WrongInput."""
    if "all" in names:
        return dict(HABITS)
    for name in names:
        if name not in HABITS:
            raise WrongInput(f"there is no habit '{name}'", do=did_you_mean(name, ["all", *HABITS]))
    return {name: HABITS[name] for name in HABITS if name in names}


class Stage:
    """One partner's stage. ``asked`` is the usage to play, None for that of the samples, or of the agreements.

    ``clock`` tells when it is played; in the play a clock of its own runs.

    Raises WrongInput where there is no 850 to play, and what is wrong with the maps.
    """

    def __init__(
        self,
        directory: Directory,
        name: str,
        maps: Library,
        samples: Sequence[SampleFile] = (),
        asked: str | None = None,
        *,
        clock: Clock | None = None,
    ) -> None:
        self._clock = clock or SystemClock()
        now = self._clock.now()
        partner = directory.partner(name)
        self.version = profile_version(partner)
        self._usage = usage_of(partner, samples, asked)
        self._directory, self._maps = alone(directory, name, self._usage), maps
        self._partner = self._directory.partners[0]
        self._orders: OrderSource = source_of(samples, self._directory, self._partner, self._usage, now)
        self._begin = begin_of(self._orders, self._partner, now)
        self._catalog = catalog_for(self._orders, self._partner, maps, self._usage)

    def play(self, habits: Mapping[str, Habit]) -> Iterator[Scenario]:
        """The scenario everybody plays, then those of the habits."""
        everybody = Habit("orders, is answered, and pays", Habits(), order_to_cash)
        for name, habit in {MAIN: everybody, **habits}.items():
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

    def report(self, scenarios: Sequence[Scenario]) -> Report:
        """What came of it."""
        agreed = {each.map: each.direction for each in self._partner.agreements if each.usage == self._usage}
        return Report(
            partner=self._partner.name,
            title=self._partner.title,
            usage=self._usage,
            profile_version=self.version,
            maps={name: self._version(name, direction) for name, direction in sorted(agreed.items())},
            orders_from=self._orders.told,
            played_at=self._clock.now(),
            scenarios=tuple(scenarios),
        )

    def _version(self, name: str, direction: str) -> str:
        return self._maps.reading(name).version if direction == "in" else self._maps.writing(name).version
