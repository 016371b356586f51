"""What a ready flow waits behind: an earlier one of its order, by the very condition by which the engine leaves it alone."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from edi_gateway.store.among import Among
from edi_gateway.store.connection import Connection
from edi_gateway.store.flows import STOPPED, holds_back, keeps_order
from edi_gateway.store.outstanding import flows_in
from edi_gateway.store.tables import flow

_earlier = flow.alias("earlier")
_IS_STOPPED = _earlier.c.state.in_(STOPPED)
_BEHIND = Among(
    sa.select(flow.c.id.label("of"), *(_earlier.c[name] for name in ("id", "state", "stage", "because")))
    .select_from(flow)
    .join(_earlier, holds_back(_earlier))
    .where(flow.c.state == "ready", keeps_order())
    .order_by(flow.c.id, _IS_STOPPED.desc(), _earlier.c.id),
    flow.c.id,
)


def waits_behind(connection: Connection | sa.Connection, ids: Collection[int]) -> dict[int, str]:
    """Which earlier flow of its order each of these flows waits behind, first of all one that is stopped, and why that one is."""
    found: dict[int, str] = {}
    for row in _BEHIND.rows(connection, ids):
        found.setdefault(row.of, is_behind(row))
    return found


def is_behind(earlier: sa.Row[Any]) -> str:
    """How it is said that a flow waits for an earlier one of its order."""
    because = f": {earlier.because}" if earlier.because else ""
    return f"waits behind flow {earlier.id} of its order, {earlier.state} at '{earlier.stage}'{because}"


def behind_what_is_stopped() -> sa.ColumnElement[bool]:
    """Ready flows that nothing but a person lets go on: one of their order before them is held or dead."""
    return sa.and_(flows_in(("ready",)), keeps_order(), sa.exists().where(holds_back(_earlier), _IS_STOPPED))
