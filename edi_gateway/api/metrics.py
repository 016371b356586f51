"""Figures as Prometheus reads them (text format 0.0.4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from edi_gateway import __version__
from edi_gateway.store.database import Database
from edi_gateway.views.counters import figures


def metrics_text(store: Database) -> str:
    """All of them, at this moment."""
    found, now = figures(store), store.clock.now()
    waits = max(0.0, (now - found.oldest_ready).total_seconds()) if found.oldest_ready else 0.0
    return "".join(
        [
            *_told("info", "gauge", "The version that runs.", {f'version="{__version__}"': 1}),
            *_told(
                "flows", "gauge", "Flows by state.", {f'state="{each}"': count for each, count in sorted(found.flows.items())}
            ),
            *_told("events_total", "counter", "Events on record.", {"": found.events}),
            *_told("sets_total", "counter", "Transaction sets on record, in and out.", {"": found.newest_set}),
            *_told("lanes_down", "gauge", "Lanes whose circuit is open.", {"": found.lanes_down}),
            *_told("answers_overdue", "gauge", "Answers we owe and have not given in time.", {"": found.answers_overdue}),
            *_told("acknowledgments_overdue", "gauge", "Groups not acknowledged in time.", {"": found.acknowledgments_overdue}),
            *_told("ready_oldest_seconds", "gauge", "How long the oldest flow that is ready has been due.", {"": waits}),
        ]
    )


def _told(name: str, kind: str, about: str, values: Mapping[str, float]) -> Iterator[str]:
    full = f"edi_gateway_{name}"
    yield f"# HELP {full} {about}\n# TYPE {full} {kind}\n"
    for labels, value in values.items():
        yield f"{full}{{{labels}}} {value:g}\n" if labels else f"{full} {value}\n"
