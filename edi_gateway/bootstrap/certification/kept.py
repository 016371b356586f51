"""A certification that is kept: it plays behind a page, and the store says how far it is and how it went."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import msgspec

from edi_gateway import log
from edi_gateway.bootstrap.certification.stage import Stage
from edi_gateway.errors import GatewayError, TryAgain
from edi_gateway.simulated_partner.certification import Habit, Report, Scenario
from edi_gateway.store.database import Database
from edi_gateway.wording import count

STILL = timedelta(minutes=5)
"""One that has not got on for so long is taken for one whose process has ended."""


def begin(store: Database, stage: Stage, partner: str, habits: Mapping[str, Habit], *, by: str) -> int:
    """Records that it is played; returns its number. Raises TryAgain while another one is: they share the machine."""
    with store.write() as unit:
        for other in unit.certifications.running(store.clock.now() - STILL):
            raise TryAgain(f"the simulated partner plays {other.partner} now, begun by {other.by}", do="begin when it is done")
        id = unit.certifications.begin(partner, stage.version, len(habits) + 1, by=by)
        text = f"the simulated partner's certification was begun, of {count(len(habits) + 1, 'scenario')}"
        unit.events.tell("certification.begun", f"partner:{partner}", text, partner=partner, actor=by)
        return id


def play(store: Database, id: int, stage: Stage, habits: Mapping[str, Habit]) -> None:
    """Plays it, scenario by scenario; it always ends in a state, and is told as an event."""
    done: list[Scenario] = []
    try:
        with log.bind(certification=id):
            for scenario in stage.play(habits):
                done.append(scenario)
                _note(store, id, stage.report(done), done=len(done))
    except Exception as error:
        because = str(error) if isinstance(error, GatewayError) else f"a defect of the gateway: {error!r} — please report it"
        log.logger(__name__).error("certification broken", certification=id, exc_info=not isinstance(error, GatewayError))
        _end(store, id, "broken", because)
        return
    report = stage.report(done)
    failed = sum(not step.passed for step in report.steps)
    told = f"{count(len(report.scenarios), 'scenario')}, {count(len(report.steps), 'step')}, failed: {failed}"
    _end(store, id, "passed" if report.passed else "failed", told)


def _note(store: Database, id: int, report: Report, done: int) -> None:
    with store.write() as unit:
        unit.certifications.note(id, report=msgspec.json.encode(report).decode(), done=done)


def _end(store: Database, id: int, state: str, told: str) -> None:
    with store.write() as unit:
        unit.certifications.note(id, state=state, because=told if state == "broken" else "")
        row = unit.certifications.get(id)
        assert row is not None  # noqa: S101  # begin() has recorded it
        text = f"the simulated partner's certification {state}: {told}"
        unit.events.tell("certification.played", f"partner:{row.partner}", text, partner=row.partner, actor=row.by)
