"""Plays the script in a process of its own that kills itself at a named point: run as a program, a line of JSON a play.

It imports the gateway once and forks for each play, so that a kill costs a tenth of a second and not two.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from desk import Desk
from play import clock_of, play
from world_stages import AtTheWorld

from edi_gateway.pipeline.outcome import Outcome
from edi_gateway.pipeline.stages import STAGES, WORLD_STAGES
from edi_gateway.pipeline.tools import Deed, Detour, Question, Record
from edi_gateway.store.unit import Unit


class Death:
    """Kills this process the nth time it passes the point it was given."""

    def __init__(self, where: str) -> None:
        self.point, self._stage, nth = where.split(":")
        self._left = int(nth)

    def comes(self, point: str, stage: str) -> None:
        """This point is passed."""
        if (point, stage) == (self.point, self._stage):
            self._left -= 1
            if not self._left:
                os.kill(os.getpid(), signal.SIGKILL)

    def after(self, record: Record, stage: str) -> Record:
        """The record of a stage, with the point behind its effects and before the commit."""

        def recorded(unit: Unit) -> Outcome:
            outcome = record(unit)
            self.comes("recorded", stage)
            return outcome

        return recorded

    def stage(self, name: str) -> Callable[..., Record | Question]:
        """A stage of our own store with its points."""

        def computed(record: Record) -> Record:
            self.comes("computed", name)
            return self.after(record, name)

        def stage(flow: Any, tools: Any) -> Record | Question:
            made = STAGES[name](flow, tools)
            if isinstance(made, Question):
                return Question(lambda: computed(made.ask()), is_instant=made.is_instant)
            return computed(made)

        return stage


class World(AtTheWorld):
    """A stage that touches the world with its points."""

    def __init__(self, death: Death, name: str) -> None:
        super().__init__(name)
        self._death, self._name = death, name

    def key(self, flow: Any, unit: Unit) -> str:
        key = self.stage.key(flow, unit)
        self._death.comes("announcing", self._name)
        return key

    def does(self, _flow: Any, _tools: Any, prepared: Deed) -> Record | Detour:
        self._death.comes("announced", self._name)
        made = prepared()
        self._death.comes("touched", self._name)
        return made if isinstance(made, Detour) else self._death.after(made, self._name)

    def ask(self, flow: Any, tools: Any) -> Record:
        record = self.stage.ask(flow, tools)
        self._death.comes("asked", self._name)
        return self._death.after(record, self._name)


class Erp:
    """The ERP, with the point between our record of its events and our word to it."""

    def __init__(self, death: Death, erp: Any) -> None:
        self._death, self._erp = death, erp

    def __getattr__(self, name: str) -> Any:
        return getattr(self._erp, name)

    def confirm(self, ids: list[str]) -> None:
        self._death.comes("recorded", "collect events")
        self._erp.confirm(ids)
        self._death.comes("confirmed", "collect events")


class Inbox:
    """A partner's inbox, with a point after the claim of a file and one before it is taken away."""

    def __init__(self, death: Death, source: Any) -> None:
        self._death, self._source = death, source

    def __getattr__(self, name: str) -> Any:
        return getattr(self._source, name)

    def fetch(self, file: Any) -> Any:
        self._death.comes("claimed", "collect")
        return self._source.fetch(file)

    def finish(self, file: Any) -> None:
        self._death.comes("recorded", "collect")
        self._source.finish(file)
        self._death.comes("finished", "collect")


def play_until_killed(folder: Path, partners: Path, database: str, where: str) -> None:
    death = Death(where)
    world = {name: World(death, name) for name in WORLD_STAGES}
    desk = Desk(
        folder, partners, clock_of(folder), database=database, stages={name: death.stage(name) for name in STAGES}, world=world
    )
    desk.erps["simulator"] = Erp(death, desk.erp)
    sources = {name: Inbox(death, desk.connections.source(name)) for name in desk.polled()}
    desk.connections.source = sources.__getitem__  # type: ignore[method-assign]  # this process's own
    play(desk, folder)


def main() -> None:
    for line in sys.stdin:
        play_ = json.loads(line)
        child = os.fork()
        if not child:
            play_until_killed(Path(play_["folder"]), Path(play_["partners"]), play_["database"], play_["where"])
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
