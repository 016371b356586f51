"""A database as it was before a migration."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import command

from edi_gateway.store.database import Database
from edi_gateway.store.migrate import config


@contextmanager
def downgraded(store: Database, revision: str) -> Iterator[sa.Connection]:
    """Takes the schema back to a revision, and gives a connection for what was on record in it."""
    settings = config()
    with store.engine.begin() as connection:
        settings.attributes["connection"] = connection
        command.downgrade(settings, revision)
        yield connection
