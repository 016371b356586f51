"""People, their sessions, the one-time links that let them set a password, and sign-ins that failed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from edi_gateway.clock import Clock
from edi_gateway.store.connection import Connection
from edi_gateway.store.prepared import new_row, rows_by
from edi_gateway.store.rows import as_row
from edi_gateway.store.tables import invitation, person, session, sign_in_failure


class PersonRow(msgspec.Struct, frozen=True):
    """``password`` is an argon2id hash and leaves the store only to be compared."""

    id: int
    name: str
    role: str
    password: str
    disabled_at: datetime | None
    created_at: datetime
    last_seen_at: datetime | None


class SessionRow(msgspec.Struct, frozen=True):
    digest: str
    person_id: int
    address: str
    began_at: datetime
    used_at: datetime
    ends_at: datetime


class InvitationRow(msgspec.Struct, frozen=True):
    """``name`` is empty for the first admin, who chooses one."""

    digest: str
    name: str
    role: str
    made_by: str
    ends_at: datetime


class People:
    """The people of one unit of work."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection, self._clock = connection, clock

    def add(self, name: str, role: str, password: str) -> int:
        """Records a person with the hash of a password; returns the number."""
        values = {"name": name, "role": role, "password": password, "created_at": self._clock.now()}
        return int(self._connection.execute(new_row(person), values).scalar_one())

    def named(self, name: str) -> PersonRow | None:
        row = self._connection.execute(sa.select(person).where(person.c.name == name)).first()
        return as_row(PersonRow, row) if row else None

    def get(self, id: int) -> PersonRow:
        return as_row(PersonRow, self._connection.execute(rows_by(person, "id"), {"id": id}).one())

    def all(self) -> list[PersonRow]:
        """Everybody, by name."""
        return [as_row(PersonRow, row) for row in self._connection.execute(sa.select(person).order_by(person.c.name))]

    def change(self, id: int, **values: Any) -> None:
        self._connection.execute(person.update().where(person.c.id == id).values(**values))

    # -- sessions --------------------------------------------------------------------------------

    def begin(self, row: SessionRow) -> None:
        self._connection.execute(session.insert().values(msgspec.structs.asdict(row)))

    def session(self, digest: str) -> SessionRow | None:
        row = self._connection.execute(sa.select(session).where(session.c.digest == digest)).first()
        return as_row(SessionRow, row) if row else None

    def use(self, digest: str, person_id: int) -> None:
        """Notes that a session, and so its person, is there."""
        now = self._clock.now()
        self._connection.execute(session.update().where(session.c.digest == digest).values(used_at=now))
        self.change(person_id, last_seen_at=now)

    def end(self, digest: str) -> None:
        self._connection.execute(session.delete().where(session.c.digest == digest))

    def end_all(self, person_id: int) -> None:
        """Signs a person out everywhere."""
        self._connection.execute(session.delete().where(session.c.person_id == person_id))

    # -- one-time links --------------------------------------------------------------------------

    def invite(self, row: InvitationRow) -> None:
        """Records a one-time link; an earlier one for the same name holds no longer."""
        self._connection.execute(invitation.delete().where(invitation.c.name == row.name))
        self._connection.execute(invitation.insert().values(msgspec.structs.asdict(row)))

    def uninvite(self, name: str) -> None:
        """No one-time link of this name holds any longer."""
        self._connection.execute(invitation.delete().where(invitation.c.name == name))

    def invitation(self, digest: str) -> InvitationRow | None:
        row = self._connection.execute(sa.select(invitation).where(invitation.c.digest == digest)).first()
        return as_row(InvitationRow, row) if row else None

    def take_invitation(self, digest: str) -> bool:
        """Uses a one-time link up: True for exactly one of all who try."""
        return self._connection.execute(invitation.delete().where(invitation.c.digest == digest)).rowcount == 1

    # -- sign-ins that failed --------------------------------------------------------------------

    def note_failure(self, name: str, address: str) -> None:
        self._connection.execute(sign_in_failure.insert().values(name=name, address=address, at=self._clock.now()))

    def failures(self, since: datetime) -> list[tuple[str, str]]:
        """Names and addresses of the sign-ins that failed since a moment; what is older is forgotten on the next write."""
        query = sa.select(sign_in_failure.c.name, sign_in_failure.c.address).where(sign_in_failure.c.at > since)
        return [(row.name, row.address) for row in self._connection.execute(query)]

    def forget_failures(self, name: str, address: str, before: datetime) -> None:
        """Forgets those of one who is in now, and those of everybody that are old."""
        theirs = sa.and_(sign_in_failure.c.name == name, sign_in_failure.c.address == address)
        self._connection.execute(sign_in_failure.delete().where(sa.or_(theirs, sign_in_failure.c.at <= before)))
        self._connection.execute(session.delete().where(session.c.ends_at <= self._clock.now()))
