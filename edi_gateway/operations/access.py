"""Access: who is there, and what they may do.

People sign in with a password and get a session; programs come with an API key (``operations.keys``). The token of a session is
known to the browser alone: the store keeps its SHA-256. A form that changes anything carries ``csrf_of(token)``.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Literal, NamedTuple, TypeAlias, cast

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from edi_gateway.errors import TryAgain, WrongInput
from edi_gateway.store.database import Database
from edi_gateway.store.people import PersonRow, SessionRow
from edi_gateway.store.unit import Unit

Role: TypeAlias = Literal["viewer", "analyst", "operator", "admin"]
What: TypeAlias = Literal["read", "try", "configure", "operate", "administer"]

ROLES: dict[Role, frozenset[What]] = {
    "viewer": frozenset({"read"}),
    "analyst": frozenset({"read", "try", "configure"}),  # partners, certificates, cross-references
    "operator": frozenset({"read", "try", "operate"}),  # holds, replays, sending again, the schedule
    "admin": frozenset({"read", "try", "configure", "operate", "administer"}),  # and people, keys, webhooks
}

LASTS = timedelta(hours=12)
IDLE = timedelta(hours=2)
WINDOW = timedelta(minutes=15)  # in which failures count
MOST_OF_BOTH, MOST_OF_ADDRESS, MOST_OF_NAME = 5, 20, 30  # failures in it: of a name at an address, of an address, of a name

_NOTED_EVERY = timedelta(minutes=1)  # use is noted no finer than this
_hasher = PasswordHasher()  # argon2id with RFC 9106's second recommended parameters


class NotSignedIn(WrongInput):
    """Nobody is there by that name and password, or by that link."""


class TooManyTries(TryAgain):
    """Sign-ins failed too often; ``after`` says when it may be tried again."""

    def __init__(self, after: timedelta) -> None:
        self.after = after
        super().__init__("too many sign-ins failed", do=f"wait {int(after.total_seconds()) // 60} minutes")


class Person(NamedTuple):
    """Somebody who is signed in."""

    name: str
    role: Role


class Session(NamedTuple):
    """``token`` is for the browser's cookie and is shown this once."""

    token: str
    person: Person
    ends_at: datetime


def may(role: Role, what: What) -> bool:
    """Whether a role is allowed something."""
    return what in ROLES[role]


def sign_in(store: Database, name: str, password: str, address: str) -> Session:
    """Begins a session. Raises NotSignedIn for a wrong name or password, TooManyTries where that happened too often.

    ``address`` is the browser's. It takes the same time whether or not there is anybody of that name.
    """
    name, address = name.strip().lower()[:80], address[:64]  # as ``people.checked_name`` has it
    with store.read() as unit:
        _check_tries(unit, name, address)
        row = unit.people.named(name)
    is_right = _matches(row.password if row else _nobody(), password)
    if row is None or not is_right or row.disabled_at is not None:
        with store.write() as unit:
            unit.people.note_failure(name, address)
            unit.events.tell("access.refused", f"person:{name}", f"a sign-in from {address} failed", actor=name or "nobody")
        raise NotSignedIn("the name or the password is wrong")
    with store.write() as unit:
        return begin(unit, unit.people.get(row.id), address)


def begin(unit: Unit, row: PersonRow, address: str) -> Session:
    """A session for somebody who has shown who they are."""
    token, now = secrets.token_urlsafe(32), unit.clock.now()
    unit.people.begin(SessionRow(digest_of(token), row.id, address, now, now, now + LASTS))
    unit.people.forget_failures(row.name, address, before=now - WINDOW)
    unit.people.change(row.id, last_seen_at=now)
    unit.events.tell("access.signed_in", f"person:{row.name}", f"{row.name} signed in from {address}", actor=row.name)
    return Session(token, Person(row.name, cast(Role, row.role)), now + LASTS)


def who(store: Database, token: str) -> Person | None:
    """Who has this session; None where it has ended, was idle too long, or its person may no longer come."""
    if not token:
        return None
    digest = digest_of(token)
    with store.read() as unit:
        found, now = unit.people.session(digest), unit.clock.now()
        if found is None or found.ends_at <= now or found.used_at + IDLE <= now:
            return None
        row = unit.people.get(found.person_id)
    if row.disabled_at is not None:
        return None
    if found.used_at + _NOTED_EVERY <= now:
        with store.write() as unit:
            unit.people.use(digest, row.id)
    return Person(row.name, cast(Role, row.role))


def sign_out(store: Database, token: str) -> None:
    """Ends a session; harmless where there is none."""
    person = who(store, token)
    with store.write() as unit:
        unit.people.end(digest_of(token))
        if person is not None:
            unit.events.tell("access.signed_out", f"person:{person.name}", f"{person.name} signed out", actor=person.name)


def csrf_of(token: str) -> str:
    """What a form has to carry beside the session's cookie; compare it with ``secrets.compare_digest``."""
    return sha256(b"csrf " + token.encode()).hexdigest()


def digest_of(token: str) -> str:
    """How a token is kept: it is 256 random bits, so a plain hash does."""
    return sha256(token.encode()).hexdigest()


def hashed(password: str) -> str:
    """The hash of a password, argon2id."""
    return _hasher.hash(password)


def _check_tries(unit: Unit, name: str, address: str) -> None:
    tries = unit.people.failures(unit.clock.now() - WINDOW)
    of_both = tries.count((name, address))
    of_address = sum(each[1] == address for each in tries)
    of_name = sum(each[0] == name for each in tries)
    if of_both >= MOST_OF_BOTH or of_address >= MOST_OF_ADDRESS or of_name >= MOST_OF_NAME:
        raise TooManyTries(WINDOW)


def _matches(kept: str, password: str) -> bool:
    try:
        return _hasher.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    return hashed(secrets.token_urlsafe(16))
