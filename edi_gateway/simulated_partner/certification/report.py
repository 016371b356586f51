"""What came of a certification: steps in scenarios, each with what was expected and what happened."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was expected. ``look`` says where to look when it did not happen: a file, a document, a profile."""

    what: str
    expected: str
    happened: str
    passed: bool
    look: str = ""


class Scenario(msgspec.Struct, frozen=True, kw_only=True):
    """A scenario as it went. ``name`` is how the command calls it, ``title`` what the partner does in it."""

    name: str
    title: str
    steps: tuple[Step, ...]

    @property
    def passed(self) -> bool:
        """Whether it has steps, and all of them passed."""
        return bool(self.steps) and all(step.passed for step in self.steps)


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A certification of one partner, by the version of its profile and the maps it was played with (name → version)."""

    partner: str
    title: str
    usage: str
    profile_version: str
    maps: dict[str, str]
    orders_from: str
    played_at: datetime
    scenarios: tuple[Scenario, ...]

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps of all scenarios."""
        return tuple(step for scenario in self.scenarios for step in scenario.steps)

    @property
    def passed(self) -> bool:
        """Whether every scenario passed."""
        return all(scenario.passed for scenario in self.scenarios)
