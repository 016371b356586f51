"""A whole store, ready to be looked at."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from benchmarks.million.bulk import bulk
from benchmarks.million.partners import partners, put_in_force
from benchmarks.million.rows import Traffic
from edi_gateway.store.database import Database
from edi_gateway.store.migrate import migrate
from edi_gateway.store.tables import event_chain, profile_version

PARTNERS = 40


def make(store: Database, folder: Path, documents: int, now: datetime, *, count: int = PARTNERS) -> int:
    """Migrates, puts the partners in force and fills in about as many documents; returns how many there are.

    What an attempt that was broken off left of the partners' files is written anew.
    """
    migrate(store)
    shutil.rmtree(folder / "partners", ignore_errors=True)
    put_in_force(store, partners(count), folder / "partners")
    return fill(store, documents, now, count=count)


def fill(store: Database, documents: int, now: datetime, *, count: int = PARTNERS) -> int:
    """Fills documents into a migrated store, behind the events it has."""
    with store.engine.begin() as connection:
        head = connection.execute(sa.select(event_chain)).one()
        connection.execute(event_chain.delete())
        query = sa.select(profile_version.c.name, profile_version.c.version).where(profile_version.c.kind == "map")
        versions = {row.name: row.version for row in connection.execute(query)}
    with bulk(store) as into:
        traffic = Traffic(into, partners(count), now, first_event=(int(head.events), str(head.hash)))
        traffic.fill(documents, versions)
    return traffic.documents
