"""Figures as Prometheus reads them (text format 0.0.4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from edi_gateway import __version__
from edi_gateway.store.database import Database
from edi_gateway.views.engines import died, engines
from edi_gateway.views.monitor import figures
from edi_gateway.views.operator_figures import OperatorFigures, operator_figures
from edi_gateway.worker.stage_times import StageTimes


def metrics_text(store: Database, times: StageTimes) -> str:
    """All of them, at this moment; ``times`` are those of this process."""
    found, now = figures(store), store.clock.now()
    theirs, ours = found.acknowledgments_overdue, found.acknowledgments_owed_overdue
    waits = max(0.0, (now - found.oldest_ready).total_seconds()) if found.oldest_ready else 0.0
    return "".join(
        [
            *_told("info", "gauge", "The version that runs.", {f'version="{__version__}"': 1}),
            *_told(
                "flows", "gauge", "Flows by state.", {f'state="{each}"': count for each, count in sorted(found.flows.items())}
            ),
            *_told("events_total", "counter", "Events on record.", {"": found.events}),
            *_told("sets_total", "counter", "Transaction sets on record, in and out.", {"": found.newest_set}),
            *_told("engines", "gauge", "Engines that run.", {"": len(engines(store))}),
            *_told("engines_died_total", "counter", "Engines that ended without a word.", {"": died(store)}),
            *_told("lanes_down", "gauge", "Lanes whose circuit is open.", {"": found.lanes_down}),
            *_told("answers_overdue", "gauge", "Answers we owe and have not given in time.", {"": found.answers_overdue}),
            *_told("acknowledgments_overdue", "gauge", "Sets of ours that a partner has not acknowledged in time.", {"": theirs}),
            *_told("acknowledgments_owed_overdue", "gauge", "Groups that we have not acknowledged in time.", {"": ours}),
            *_told("ready_oldest_seconds", "gauge", "How long the oldest flow that is ready has been due.", {"": waits}),
            *_of_operator(operator_figures(store), now),
            *_of_stages(times),
        ]
    )


def _of_operator(found: OperatorFigures, now: datetime) -> Iterator[str]:
    """How long, in seconds, by partner, stage or connection; and what waits for a person."""

    def ages(label: str, moments: Mapping[str, datetime]) -> dict[str, float]:
        return {_label(label, name): max(0.0, (now - at).total_seconds()) for name, at in sorted(moments.items())}

    came = {name: each.came_at for name, each in found.seen.items() if each.came_at}
    held = {f"{_label('partner', who)},{_label('at', stage)}": many for (who, stage), many in sorted(found.stopped.items())}
    why = {f"{_label('partner', who)},{_label('cause', cause)}": many for (who, cause), many in sorted(found.causes.items())}
    yield from _told(
        "acknowledgment_age_seconds", "gauge", "Age of the oldest set not answered yet.", ages("partner", found.unanswered)
    )
    yield from _told(
        "unsent_age_seconds", "gauge", "Age of the oldest document that has not left.", ages("partner", found.unsent)
    )
    yield from _told("holds", "gauge", "What waits for a person, by partner and the stage that stopped it.", held)
    yield from _told("hold_causes", "gauge", "What waits for a person, by partner and why, numbers aside.", why)
    yield from _told(
        "stage_age_seconds",
        "gauge",
        "How long the oldest that is due at a stage could run already.",
        ages("stage", found.at_stage),
    )
    yield from _told("partner_silence_seconds", "gauge", "Since a partner last sent something.", ages("partner", came))
    yield from _told(
        "poll_age_seconds", "gauge", "Since a connection was last looked into well.", ages("connection", found.polled)
    )


def _of_stages(times: StageTimes) -> Iterator[str]:
    """What a stage takes on average is the one by the other, and how busy it is the one over time."""
    full = "edi_gateway_stage_seconds"
    yield f"# HELP {full} Seconds at a stage, and flows that had their turn at it, in the engine of this process.\n"
    yield f"# TYPE {full} summary\n"
    for stage, time in times.all().items():
        yield f"{full}_sum{{{_label('stage', stage)}}} {time.seconds}\n{full}_count{{{_label('stage', stage)}}} {time.flows}\n"


def _label(name: str, value: str) -> str:
    quoted = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'{name}="{quoted}"'


def _told(name: str, kind: str, about: str, values: Mapping[str, float]) -> Iterator[str]:
    full = f"edi_gateway_{name}"
    yield f"# HELP {full} {about}\n# TYPE {full} {kind}\n"
    for labels, value in values.items():
        yield f"{full}{{{labels}}} {value:g}\n" if labels else f"{full} {value}\n"
