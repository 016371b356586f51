"""What has not been answered yet, in the very words of the indexes that find it, since a database uses one only by its words."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from edi_gateway.store.tables import flow
from edi_gateway.store.tables.traffic import GROUP_OWED, SET_AWAITED
from edi_gateway.store.tables.work import UNDONE


def still_awaited() -> sa.ColumnElement[bool]:
    """A set of ours that its partner has not answered, in time or late."""
    return sa.literal_column(f"transaction_set.{SET_AWAITED}")


def still_owed() -> sa.ColumnElement[bool]:
    """A group of theirs that we have not answered."""
    return sa.literal_column(f"functional_group.{GROUP_OWED}")


def flows_in(states: Collection[str]) -> sa.ColumnElement[bool]:
    """Flows in one of these states."""
    here = flow.c.state.in_([sa.literal(state) for state in states])
    return here if "done" in states else sa.and_(here, sa.literal_column(f"flow.{UNDONE}"))
