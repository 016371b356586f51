"""API keys: made, shown once, scoped, revoked. A key is ``egw_ID_SECRET``; the store keeps its SHA-256."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from typing import Literal, NamedTuple, TypeAlias, cast, get_args

from edi_gateway.errors import WrongInput
from edi_gateway.operations.access import ROLES, Role, digest_of
from edi_gateway.store.api_keys import ApiKeyRow
from edi_gateway.store.database import Database
from edi_gateway.store.unit import Unit

Scope: TypeAlias = Literal["read", "operate", "admin", "mailbox"]

AS_ROLE: dict[Scope, Role] = {"read": "viewer", "operate": "operator", "admin": "admin"}  # a mailbox key allows none of it

_KEY = re.compile(r"egw_([0-9a-f]{12})_[\w-]{43}")
_SIGNED = re.compile(r"key ([0-9a-f]{12}) \(")
_NOTED_EVERY = timedelta(minutes=1)


class Key(NamedTuple):
    """A key that is true. ``partner`` is the only one whose things it sees; None: all of them.

    ``connection``: of scope mailbox, the one whose mailbox it opens; it opens nothing else.
    """

    id: str
    name: str
    scope: Scope
    partner: str | None
    connection: str | None = None


def signed(key: Key) -> str:
    """What the audit log calls whoever comes with a key."""
    return f"key {key.id} ({key.name})"[:80]


def who(unit: Unit, by: str) -> str:
    """The person behind a name in the audit log: of a key, whoever made it."""
    while (found := _SIGNED.match(by)) and (key := unit.api_keys.find(found[1])):
        by = key.created_by
    return by


def make(
    store: Database,
    name: str,
    scope: str,
    *,
    partner: str | None = None,
    connection: str | None = None,
    lasts: timedelta | None = None,
    by: str,
) -> tuple[str, ApiKeyRow]:
    """Makes a key; returns it in the clear, this once, and what is kept of it. Raises WrongInput for a scope there is not."""
    if scope not in get_args(Scope):
        raise WrongInput(f"there is no scope '{scope}'", do="read, operate, admin or mailbox")
    if not name.strip():
        raise WrongInput("a key needs a name", do="say what it is for")
    if partner and scope == "admin":
        raise WrongInput("an admin key is for the whole gateway", do="leave the partner out, or make it read or operate")
    if (scope == "mailbox") != bool(connection) or (connection and partner):
        raise WrongInput("a mailbox key is for one connection, and no other key is", do="scope mailbox with a connection alone")
    id = secrets.token_hex(6)
    key = f"egw_{id}_{secrets.token_urlsafe(32)}"
    with store.write() as unit:
        now = unit.clock.now()
        ends_at = now + lasts if lasts is not None else None
        row = ApiKeyRow(
            id, digest_of(key), name.strip()[:80], scope, partner or None, now, by, ends_at, None, None, connection or None
        )
        unit.api_keys.add(row)
        of = f" of {partner or connection}" if partner or connection else ""
        unit.events.tell("key.made", f"key:{id}", f"{row.name}: may {scope}{of}", partner=partner, actor=by)
    return key, row


def known(store: Database, key: str) -> Key | None:
    """Which key this is; None for one that is wrong, over or revoked."""
    shape = _KEY.fullmatch(key)
    if shape is None:
        return None
    with store.read() as unit:
        row, now = unit.api_keys.find(shape[1]), unit.clock.now()
    if row is None or not secrets.compare_digest(row.digest, digest_of(key)):
        return None
    if row.revoked_at is not None or (row.ends_at is not None and row.ends_at <= now):
        return None
    if row.used_at is None or row.used_at + _NOTED_EVERY <= now:
        with store.write() as unit:
            unit.api_keys.use(row.id)
    return Key(row.id, row.name, cast(Scope, row.scope), row.partner, row.connection)


def revoke(store: Database, id: str, *, by: str) -> None:
    """A key is true no longer, at once. Raises WrongInput where there is none that could be revoked."""
    with store.write() as unit:
        if not unit.api_keys.revoke(id):
            raise WrongInput(f"there is no key '{id}' that could be revoked", do="see 'edi-gateway key list'")
        unit.events.tell("key.revoked", f"key:{id}", "is true no longer", actor=by)


def made_by_people(store: Database) -> dict[str, list[ApiKeyRow]]:
    """The API keys that hold, under the name of who made them: what is revoked once they are kept out."""
    with store.read() as unit:
        return _made_by_people(unit)


def _made_by_people(unit: Unit) -> dict[str, list[ApiKeyRow]]:
    """What a key made counts as made by its maker. A mailbox key is its partner's, whoever made it."""
    found: dict[str, list[ApiKeyRow]] = {}
    for key in unit.api_keys.all():
        if key.revoked_at is None and key.scope != "mailbox":
            found.setdefault(who(unit, key.created_by), []).append(key)
    return found


def take_from(unit: Unit, person: str, role: Role | None, *, by: str) -> list[ApiKeyRow]:
    """Revokes what somebody made that may more than ``role`` may; None: everything but mailbox keys. Returns what was revoked.

    Who may administer nothing keeps no key that administers.
    """
    made = _made_by_people(unit).get(person, [])
    taken = [key for key in made if role is None or (key.scope == "admin" and "administer" not in ROLES[role])]
    whose = f"{person} is kept out" if role is None else f"{person} is {role} now"
    for key in taken:
        unit.api_keys.revoke(key.id)
        unit.events.tell("key.revoked", f"key:{key.id}", f"is true no longer: {whose}, who made it", actor=by)
    return [row for key in taken if (row := unit.api_keys.find(key.id))]


def all_keys(store: Database) -> list[ApiKeyRow]:
    """Every key there was, oldest first."""
    with store.read() as unit:
        return unit.api_keys.all()
