"""What an EDI operator watches: how long things wait, by partner and stage; when partners and connections were last heard of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from edi_gateway.store.database import Database
from edi_gateway.store.outstanding import flows_in, still_awaited
from edi_gateway.store.schedule import POLL
from edi_gateway.store.tables import breaker, flow, schedule, transaction
from edi_gateway.trading.alert_rules import cause_of
from edi_gateway.views.home import SeenRow, last_seen

POLLS = "collect "  # begins the name of a job that looks into a connection
_UNSENT = ("draft", "check", "compose", "envelope", "send")
_STOPPED = ("held", "dead")
_LONGEST_CAUSE = 100


class OperatorFigures(NamedTuple):
    """Since when the oldest of each waits; what there is none of is not in it."""

    unanswered: dict[str, datetime]  # by partner: the oldest set of ours that it has not answered
    unsent: dict[str, datetime]  # by partner: the oldest document, or event of the ERP that asks for one, that has not left
    stopped: dict[tuple[str, str], int]  # by partner and stage: what waits for a person
    causes: dict[tuple[str, str], int]  # by partner and why, numbers aside: the same
    at_stage: dict[str, datetime]  # by stage: since when the oldest that is due could run there
    seen: dict[str, SeenRow]  # by partner
    polled: dict[str, datetime]  # by connection: when a look into it last went well, or failed for the first time since


def operator_figures(store: Database) -> OperatorFigures:
    """All of them, at this moment."""
    counted = (flow.c.partner, flow.c.stage, flow.c.state)
    could_run = sa.case((flow.c.due_at > flow.c.changed_at, flow.c.due_at), else_=flow.c.changed_at)
    oldest = (
        sa.func.count().label("many"),
        sa.func.min(flow.c.created_at).label("began"),
        sa.func.min(sa.case((flow.c.due_at <= store.clock.now(), could_run))).label("could_run"),
    )
    undone = flows_in(("ready", "attempting", "waiting", *_STOPPED))
    why = (flow.c.partner, flow.c.because)
    causes = sa.select(*why, sa.func.count().label("many")).where(flows_in(_STOPPED)).group_by(*why)
    unanswered = sa.select(transaction.c.partner, sa.func.min(transaction.c.at).label("at")).where(still_awaited())
    fails = breaker.c.lane == sa.literal(POLL) + sa.func.substr(schedule.c.name, len(POLLS) + 1)
    looks = sa.select(schedule.c.name, sa.func.coalesce(breaker.c.since, schedule.c.last_ended).label("at"))
    looks = looks.select_from(schedule.outerjoin(breaker, fails)).where(schedule.c.name.startswith(POLLS))
    with store.reading() as connection:
        rows = connection.execute(sa.select(*counted, *oldest).where(undone).group_by(*counted)).all()
        because = connection.execute(causes).all()
        awaited = connection.execute(unanswered.group_by(transaction.c.partner)).all()
        polled = connection.execute(looks.where(schedule.c.last_ended.is_not(None))).all()
    return OperatorFigures(
        unanswered={row.partner or "": row.at for row in awaited},
        unsent=_oldest((row.partner or "", row.began) for row in rows if row.stage in _UNSENT),
        stopped=_counted(((row.partner or "", row.stage), row.many) for row in rows if row.state in _STOPPED),
        causes=_counted(((row.partner or "", cause_of(row.because)[:_LONGEST_CAUSE]), row.many) for row in because),
        at_stage=_oldest(
            (row.stage, row.could_run) for row in rows if row.state in ("ready", "attempting") and row.could_run is not None
        ),
        seen=last_seen(store),
        polled={row.name.removeprefix(POLLS): row.at for row in polled},
    )


def _counted(counts: Iterable[tuple[tuple[str, str], int]]) -> dict[tuple[str, str], int]:
    found: Counter[tuple[str, str]] = Counter()
    for what, many in counts:
        found[what] += many
    return dict(found)


def _oldest(moments: Iterable[tuple[str, datetime]]) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    for name, at in moments:
        found[name] = min(at, found.get(name, at))
    return found
