"""``edi-gateway status``: how things stand, in one look. Moments are UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

import typer

from edi_gateway.bootstrap import find_store
from edi_gateway.cli.common import AsJson, DataFolder, load_settings, out, print_json, print_table
from edi_gateway.cli.day.alert import print_alerts
from edi_gateway.pipeline.way import STATES
from edi_gateway.store.database import Database
from edi_gateway.store.folder_lock import lock_of
from edi_gateway.store.notices import NoticeRow
from edi_gateway.store.schedule import ScheduleRow
from edi_gateway.views.alerts import alerts, untold
from edi_gateway.views.engines import NO_ENGINE, down, engines
from edi_gateway.views.monitor import Figures, figures
from edi_gateway.views.operator_figures import OperatorFigures, operator_figures
from edi_gateway.views.traffic import flow_counts


class PartnerFigures(NamedTuple):
    """How things stand with a partner; ``held`` counts what waits for a person, None is a moment there is none of."""

    last_came: datetime | None
    last_went: datetime | None
    held: int
    oldest_unsent: datetime | None
    oldest_unanswered: datetime | None


class Overdue(NamedTuple):
    """How much of each is late now."""

    acknowledgments: int
    acknowledgments_owed: int
    answers_owed: int


_OVERDUE = (
    "sets of ours that a partner has not acknowledged in time",
    "groups of theirs that we have not acknowledged in time",
    "answers (855, 856, 810) that we have not given in time",
)


def status(data: DataFolder = None, as_json: AsJson = False) -> None:
    """How many flows are in each state, what is overdue or out of order, which engines run, what waits by partner; alerts.

    Jobs that somebody paused are shown, too. Exits 1 if no engine runs, anything is overdue, dead or out of order, or an
    alert did not get through; what is held or paused waits for a person, and is neither late nor failed. Out of order is
    what failed three times in a row; what failed once or twice is tried again in seconds, and is shown apart.
    """
    settings = load_settings(data)
    store = find_store(settings)
    running = engines(store, lock_of(settings.data))
    found, overdue = operator_figures(store), _overdue(figures(store))
    counts, failing, known, lost = flow_counts(store), down(store), alerts(store), untold(store)
    paused = _paused(store)
    out_of_order, trying = [each for each in failing if each.is_open], [each for each in failing if not each.is_open]
    wrong = not running or any(overdue) or counts.get("dead", 0) or out_of_order or lost
    if as_json:
        partners = {name: _figures(found, name)._asdict() for name in found.seen}
        lanes = {"out_of_order": out_of_order, "tried_again": trying}
        rest = {"engines": running, "paused": paused, **lanes, "alerts": known, "alerts_untold": lost}
        print_json({"flows": counts, "overdue": overdue._asdict(), "partners": partners, **rest})
        raise typer.Exit(1 if wrong else 0)
    cells = [(state, counts.get(state, 0), meaning) for state, meaning in STATES.items()]
    print_table("Flows", ("state", "count", "meaning"), cells, numbers=("count",))
    print_table("Overdue", ("count", "what"), list(zip(overdue, _OVERDUE, strict=True)), numbers=("count",))
    runs = [(each.id, each.name, f"{each.started_at.astimezone(UTC):%Y-%m-%d %H:%M:%S}", each.lanes) for each in running]
    print_table("Engines", ("run", "machine and process", "since, UTC", "lanes"), runs, numbers=("run", "lanes"))
    if not running:
        out.print(NO_ENGINE)
    if found.seen:
        heads = ("partner", *(name.replace("_", " ") for name in PartnerFigures._fields))
        rows = [(name, *map(_cell, _figures(found, name))) for name in found.seen]
        print_table("Partners, times UTC", heads, rows, numbers=("held",))
    if paused:
        print_table(
            "Paused, times UTC", ("job", "when", "last"), [(row.name, row.trigger, _cell(row.last_run)) for row in paused]
        )
    for title, these in (("Out of order", out_of_order), ("Failed, and tried again", trying)):
        if these:
            print_table(title, ("lane", "what"), [(each.lane, each) for each in these])
    if known:
        print_alerts("Alerts", known)
    if lost:
        print_table("Alerts that did not get through", ("alert", "channel", "because"), [_told(each) for each in lost])
    raise typer.Exit(1 if wrong else 0)


def _paused(store: Database) -> list[ScheduleRow]:
    """Jobs that do not run until somebody resumes them."""
    with store.read() as unit:
        return [row for row in unit.schedule.all() if row.paused]


def _overdue(found: Figures) -> Overdue:
    return Overdue(found.acknowledgments_overdue, found.acknowledgments_owed_overdue, found.answers_overdue)


def _figures(found: OperatorFigures, name: str) -> PartnerFigures:
    seen = found.seen[name]
    held = sum(count for (partner, _), count in found.stopped.items() if partner == name)
    return PartnerFigures(seen.came_at, seen.went_at, held, found.unsent.get(name), found.unanswered.get(name))


def _cell(figure: datetime | int | None) -> object:
    return f"{figure.astimezone(UTC):%Y-%m-%d %H:%M}" if isinstance(figure, datetime) else figure


def _told(notice: NoticeRow) -> tuple[int, str, str]:
    return notice.alert_id, notice.channel, f"{notice.state}: {notice.because}"
