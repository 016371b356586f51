"""``edi-gateway status``: how things stand, in one look."""

from __future__ import annotations

from datetime import datetime

from edi_gateway.bootstrap import find_store
from edi_gateway.cli.common import AsJson, DataFolder, load_settings, print_json, print_table
from edi_gateway.cli.day.alert import print_alerts
from edi_gateway.pipeline.way import STATES
from edi_gateway.store.notices import NoticeRow
from edi_gateway.views.alerts import alerts, untold
from edi_gateway.views.engines import down, engines
from edi_gateway.views.operator_figures import OperatorFigures, operator_figures
from edi_gateway.views.traffic import flow_counts


def status(data: DataFolder = None, as_json: AsJson = False) -> None:
    """How many flows are in each state, which engines run, what waits by partner, what is out of order, and what to know."""
    store = find_store(load_settings(data))
    counts = flow_counts(store)
    if as_json:
        print_json(counts)
        return
    cells = [(state, counts.get(state, 0), meaning) for state, meaning in STATES.items()]
    print_table("Flows", ("state", "count", "meaning"), cells, numbers=("count",))
    running = [(each.id, each.name, f"{each.started_at.astimezone():%Y-%m-%d %H:%M:%S}", each.lanes) for each in engines(store)]
    print_table("Engines", ("run", "machine and process", "since", "lanes"), running, numbers=("run", "lanes"))
    found = operator_figures(store)
    if found.seen:
        heads = ("partner", "last came", "last went", "held", "oldest unsent", "oldest unanswered")
        print_table("Partners", heads, _partners(found), numbers=("held",))
    if failing := down(store):
        print_table("Out of order", ("lane", "what"), [(each.lane, each) for each in failing])
    if known := alerts(store):
        print_alerts("Alerts", known)
    if lost := untold(store):
        print_table("Alerts that did not get through", ("alert", "channel", "because"), [_told(each) for each in lost])


def _partners(found: OperatorFigures) -> list[tuple[object, ...]]:
    return [
        (
            name,
            _moment(each.came_at),
            _moment(each.went_at),
            sum(count for (partner, _), count in found.stopped.items() if partner == name),
            _moment(found.unsent.get(name)),
            _moment(found.unanswered.get(name)),
        )
        for name, each in found.seen.items()
    ]


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M}" if at else ""


def _told(notice: NoticeRow) -> tuple[int, str, str]:
    return notice.alert_id, notice.channel, f"{notice.state}: {notice.because}"
