"""Versions in use: how much was handled under each version of a profile or map."""

from __future__ import annotations

from datetime import datetime

import msgspec
import sqlalchemy as sa

from edi_gateway.store.database import Database
from edi_gateway.store.tables import document, transaction


class Handled(msgspec.Struct, frozen=True):
    """What was handled under one version: how many sets (of a profile) or documents (of a map), the first and the last when."""

    count: int
    first: datetime
    last: datetime


def handled_under(store: Database, kind: str, name: str) -> dict[str, Handled]:
    """By version, for a partner or a map; nothing for what documents do not remember."""
    if kind == "partner":
        version, at, here = transaction.c.profile_version, transaction.c.at, transaction.c.partner == name
    elif kind == "map":
        version, at, here = document.c.map_version, document.c.at, document.c.map == name
    else:
        return {}
    query = sa.select(version, sa.func.count(), sa.func.min(at), sa.func.max(at)).where(here, version != "").group_by(version)
    with store.reading() as connection:
        return {row[0]: Handled(row[1], row[2], row[3]) for row in connection.execute(query)}
