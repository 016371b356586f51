"""Applied versions of profiles, connections and maps: every one is kept, and a document names the ones it was handled under."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from edi_gateway.clock import Clock
from edi_gateway.store import known
from edi_gateway.store.connection import Connection
from edi_gateway.store.prepared import new_rows
from edi_gateway.store.tables import profile_version

_LATEST = sa.select(profile_version).where(
    profile_version.c.id.in_(
        sa.select(sa.func.max(profile_version.c.id)).group_by(profile_version.c.kind, profile_version.c.name)
    )
)


class Version(NamedTuple):
    """One version as it was put in force; an empty ``version`` says that it was taken away."""

    version: str
    body: str
    applied_at: datetime
    applied_by: str


class Versions:
    """The versions of one unit of work."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection, self._clock = connection, clock

    def current(self) -> dict[tuple[str, str], str]:
        """The version in force of every (kind, name)."""
        rows = self._connection.execute(_LATEST)
        return {(row.kind, row.name): row.version for row in rows}

    def in_force(self, kind: str) -> list[str]:
        """What is in force of a kind, in the order in which it was applied."""
        rows = self._connection.execute(_LATEST.where(profile_version.c.kind == kind).order_by(profile_version.c.id))
        return [row.body for row in rows if row.version]

    def last_bodies(self, kind: str) -> dict[str, str]:
        """What everything of a kind said last, by name, whether it is in force or was taken away."""
        said = sa.and_(profile_version.c.kind == kind, profile_version.c.version != "")
        last = sa.select(sa.func.max(profile_version.c.id)).where(said).group_by(profile_version.c.name)
        rows = self._connection.execute(sa.select(profile_version).where(profile_version.c.id.in_(last)))
        return {row.name: row.body for row in rows}

    def check_partner(self, name: str) -> None:
        """Raises WrongInput, with the nearest name, for a partner that was never in force; nothing where none ever was."""
        known.check_partner(self._connection, name)

    def elsewhere(self) -> dict[tuple[str, str], Version]:
        """What is in force, or was taken away, by the console or the API, and has not been in the files since."""
        rows = self._connection.execute(_LATEST.where(profile_version.c.from_files.is_(False)))
        return {(row.kind, row.name): Version(row.version, row.body, row.applied_at, row.applied_by) for row in rows}

    def is_in_files(self, kind: str, name: str) -> None:
        """Notes that the files say what is in force, whoever put it there."""
        newest = sa.select(sa.func.max(profile_version.c.id)).where(
            profile_version.c.kind == kind, profile_version.c.name == name
        )
        here = profile_version.c.id == newest.scalar_subquery()
        self._connection.execute(profile_version.update().where(here).values(from_files=True))

    def apply(self, kind: str, name: str, version: str, body: str, *, by: str, from_files: bool = False) -> bool:
        """Puts a version in force; False when it is already."""
        if self.current().get((kind, name)) == version:
            return False
        values = {
            "kind": kind,
            "name": name,
            "version": version,
            "body": body,
            "applied_at": self._clock.now(),
            "applied_by": by,
            "from_files": from_files,
        }
        self._connection.execute(new_rows(profile_version), values)
        return True

    def newest(self) -> int:
        """The number of the newest change that a running gateway has to take up."""
        return int(self._connection.execute(sa.select(sa.func.max(profile_version.c.id))).scalar() or 0)

    def history(self, kind: str, name: str) -> list[Version]:
        """Every version that was put in force, oldest first."""
        query = sa.select(profile_version).where(profile_version.c.kind == kind, profile_version.c.name == name)
        rows = self._connection.execute(query.order_by(profile_version.c.id))
        return [Version(row.version, row.body, row.applied_at, row.applied_by) for row in rows]

    def body(self, kind: str, name: str, version: str) -> str:
        """What a version says."""
        here = sa.and_(profile_version.c.kind == kind, profile_version.c.name == name, profile_version.c.version == version)
        return str(self._connection.execute(sa.select(profile_version.c.body).where(here).limit(1)).scalar_one())
