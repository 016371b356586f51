"""What has not been answered yet, in the very words of the indexes that find it, since a database uses one only by its words."""

from __future__ import annotations

import sqlalchemy as sa

from edi_gateway.store.tables.traffic import GROUP_OWED, SET_AWAITED


def still_awaited() -> sa.ColumnElement[bool]:
    """A set of ours that its partner has not answered, in time or late."""
    return sa.literal_column(f"transaction_set.{SET_AWAITED}")


def still_owed() -> sa.ColumnElement[bool]:
    """A group of theirs that we have not answered."""
    return sa.literal_column(f"functional_group.{GROUP_OWED}")
