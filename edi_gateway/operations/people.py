"""People: invited by a one-time link, given a role, kept out."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from typing import Any, NamedTuple, cast, get_args

from edi_gateway.errors import WrongInput
from edi_gateway.operations import keys
from edi_gateway.operations.access import NotSignedIn, Role, Session, begin, digest_of, hashed
from edi_gateway.store.api_keys import ApiKeyRow
from edi_gateway.store.database import Database
from edi_gateway.store.people import InvitationRow, PersonRow
from edi_gateway.store.unit import Unit

LINK_LASTS = timedelta(hours=24)
LEAST = 12  # characters of a password
MOST = 256
_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,79}")


class Invitation(NamedTuple):
    """What a one-time link stands for; ``name`` is empty where whoever opens it chooses one."""

    name: str
    role: Role


def invite(store: Database, name: str, role: str, *, by: str) -> str:
    """Makes a one-time link's token, with which a person sets a password: a new one's first, or a known one's next.

    Raises WrongInput for a name or a role that cannot be. What a known person's password is holds until the link is used.
    """
    name = checked_name(name)
    if role not in get_args(Role):
        raise WrongInput(f"there is no role '{role}'", do="viewer, analyst, operator or admin")
    with store.write() as unit:
        return _invite(unit, name, role, by)


def invite_first(store: Database) -> str | None:
    """The token of the first admin's one-time link; None as soon as there is anybody. An earlier link holds no longer."""
    with store.write() as unit:
        return None if unit.people.all() else _invite(unit, "", "admin", "first start")


def invited(store: Database, token: str) -> Invitation:
    """What a link is for. Raises NotSignedIn for one that is used, too old, or never was."""
    with store.read() as unit:
        return _invitation(unit, token)


def accept(store: Database, token: str, name: str, password: str, address: str) -> Session:
    """Sets the password and signs in; every other session of that person ends. The link is used up.

    Raises NotSignedIn for a link that does not hold and for somebody who is kept out, WrongInput for a name or password that
    will not do, and where no admin would be left.
    """
    meant = invited(store, token)
    name = meant.name or checked_name(name)
    kept = hashed(checked_password(password, name))
    with store.write() as unit:
        _invitation(unit, token)
        if not unit.people.take_invitation(digest_of(token)) or (not meant.name and unit.people.all()):
            raise NotSignedIn("the link was used already", do="ask an admin for a new one")
        row = unit.people.named(name)
        if row is None:
            id = unit.people.add(name, meant.role, kept)
        else:
            id = row.id
            if row.disabled_at is not None:
                raise NotSignedIn(f"{name} is kept out", do="ask an admin to let you in again")
            unit.people.change(id, password=kept, role=meant.role)
            unit.people.end_all(id)
            _check_admins(unit, row)
            keys.take_from(unit, name, meant.role, by=name)
        unit.events.tell("person.password_set", f"person:{name}", f"{name} set a password, as {meant.role}", actor=name)
        return begin(unit, unit.people.get(id), address[:64])


def change(store: Database, name: str, *, role: str = "", disabled: bool | None = None, by: str) -> list[ApiKeyRow]:
    """Gives somebody another role, keeps them out or lets them in again; returns which API keys are true no longer for that.

    A one-time link made for them before holds no longer. Keys they made that may more than they may now are revoked: all of
    somebody who is kept out, but for mailbox keys, which are their partners'. Raises WrongInput where no admin would be left.
    """
    with store.write() as unit:
        row = _known(unit, name)
        values: dict[str, Any] = {}
        if role and role != row.role:
            if role not in get_args(Role):
                raise WrongInput(f"there is no role '{role}'", do="viewer, analyst, operator or admin")
            values["role"] = role
        if disabled is not None and disabled != (row.disabled_at is not None):
            values["disabled_at"] = unit.clock.now() if disabled else None
        if not values:
            return []
        unit.people.change(row.id, **values)
        _check_admins(unit, row)
        unit.people.uninvite(name)
        if disabled:
            unit.people.end_all(row.id)
        said = ", ".join(f"is {role}" if word == "role" else "is kept out" if disabled else "may come again" for word in values)
        unit.events.tell("person.changed", f"person:{name}", f"{name} {said}", actor=by)
        now = unit.people.get(row.id)
        return keys.take_from(unit, name, None if now.disabled_at else cast(Role, now.role), by=by)


def said_of_keys(revoked: list[ApiKeyRow]) -> str:
    """What is added where API keys went with somebody; empty where none did."""
    count = f"{len(revoked)} API key" + "s" * (len(revoked) != 1)
    named = ", ".join(f"{key.id} ({key.name})" for key in revoked)
    return f"; true no longer, being made by them: {count}, {named}" if revoked else ""


def everybody(store: Database) -> list[PersonRow]:
    """All people, by name."""
    with store.read() as unit:
        return unit.people.all()


def checked_name(name: str) -> str:
    """Raises WrongInput for what is no name of a person."""
    name = name.strip().lower()
    if not _NAME.fullmatch(name):
        raise WrongInput(f"'{name}' is no name", do="letters, digits and . _ @ -, at most 80: ann, ann@example.com")
    return name


def checked_password(password: str, name: str) -> str:
    """Raises WrongInput for one that is short, very long, or the name."""
    if not LEAST <= len(password) <= MOST:
        raise WrongInput(f"this password has {len(password)} characters", do=f"choose one of {LEAST} to {MOST}")
    if password.lower() == name:
        raise WrongInput("the name is no password", do="choose one that nobody guesses")
    return password


def _check_admins(unit: Unit, was: PersonRow) -> None:
    """Raises WrongInput where the last admin was taken out."""
    if _is_admin(was) and not any(map(_is_admin, unit.people.all())):
        raise WrongInput("no admin would be left", do="make somebody else an admin first")


def _is_admin(row: PersonRow) -> bool:
    return row.role == "admin" and row.disabled_at is None


def _invite(unit: Unit, name: str, role: str, by: str) -> str:
    token = secrets.token_urlsafe(32)
    unit.people.invite(InvitationRow(digest_of(token), name, role, by, unit.clock.now() + LINK_LASTS))
    text = f"a one-time link for {name or 'the first admin'}, as {role}, was made"
    unit.events.tell("person.invited", f"person:{name}", text, actor=by)
    return token


def _invitation(unit: Unit, token: str) -> Invitation:
    row = unit.people.invitation(digest_of(token))
    if row is None or row.ends_at <= unit.clock.now():
        raise NotSignedIn("the link does not hold, or no longer", do="ask an admin for a new one")
    return Invitation(row.name, cast(Role, row.role))


def _known(unit: Unit, name: str) -> PersonRow:
    row = unit.people.named(name.strip().lower())
    if row is None:
        raise WrongInput(f"there is nobody called '{name}'", do="see 'edi-gateway user list'")
    return row
