"""Why a document of ours has not left: what holds it, or the flow of the same order it waits behind."""

from __future__ import annotations

import sqlalchemy as sa

from edi_gateway.store.flows import STOPPED, UNFINISHED, WAY_IN
from edi_gateway.store.outstanding import flows_in
from edi_gateway.store.tables import flow
from edi_gateway.views.waits_behind import is_behind

_STAGES = ("draft", "check", "compose")  # where a flow carries what the ERP told, or the document made of it


def kept_back(connection: sa.Connection) -> dict[str, str]:
    """Why, by what the flow carries (``document:ab…``, ``erp_event:7``); an empty reason where it only has to have its turn."""
    here = sa.and_(flows_in(("ready", "waiting", "held", "dead")), flow.c.stage.in_(_STAGES))
    undone = connection.execute(sa.select(flow).where(here).order_by(flow.c.id)).all()
    ahead = _unfinished(connection, {row.follows for row in undone if row.follows})
    return {row.subject: _why(row, ahead.get(row.follows, [])) for row in undone}


def _unfinished(connection: sa.Connection, orders: set[str]) -> dict[str, list[sa.Row[tuple[object, ...]]]]:
    """The flows that let nothing of ours by that is of the same order, oldest first, by what they follow."""
    lets_by = sa.and_(flow.c.state.in_(STOPPED), flow.c.stage.in_(WAY_IN))
    here = sa.and_(flows_in(UNFINISHED), flow.c.follows.in_(orders), ~lets_by)
    found: dict[str, list[sa.Row[tuple[object, ...]]]] = {}
    for row in connection.execute(sa.select(flow).where(here).order_by(flow.c.id)):
        found.setdefault(row.follows, []).append(row)
    return found


def _why(row: sa.Row[tuple[object, ...]], of_order: list[sa.Row[tuple[object, ...]]]) -> str:
    if row.state in ("held", "dead"):
        return f"{row.state}: {row.because}"
    first = next((one for one in of_order if one.id < row.id), None)
    if first is None:
        return ""
    return is_behind(first)
