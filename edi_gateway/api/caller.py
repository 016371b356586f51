"""Who calls, and whether they may: an API key (``Authorization: Bearer egw_…``) or a person's session (the console's cookie)."""

from __future__ import annotations

import secrets
from typing import Annotated, Any, NamedTuple

from fastapi import Depends, Request

from edi_gateway.api.office import Here, Office
from edi_gateway.api.problem import Problem, not_found
from edi_gateway.errors import WrongInput
from edi_gateway.operations import access, keys
from edi_gateway.operations.access import Role, What, may
from edi_gateway.operations.rights import Right, right_to
from edi_gateway.trading.profile import MailboxConnection
from edi_gateway.transports.mailbox.accounts import address_is_in

SESSION = "edi_gateway_session"  # the cookie
CSRF = "X-CSRF-Token"
_SAFE = ("GET", "HEAD", "OPTIONS")


class Visitor(NamedTuple):
    """A partner's program at its own mailbox: what the audit log calls it, from where it comes, and whose the mailbox is."""

    name: str
    address: str
    mailbox: MailboxConnection


class Caller(NamedTuple):
    """``name`` is what the audit log calls them. ``partner`` is the only one whose things they see; None: all of them."""

    name: str
    role: Role
    partner: str | None = None

    def sees(self, partner: str | None) -> bool:
        """Whether a thing of this partner is for them to see; one of no partner is for those who see everything."""
        return self.partner is None or self.partner == partner

    def look(self, what: str, partner: str | None) -> None:
        """Raises not_found, as if it were not there, for what is not for them to see."""
        if not self.sees(partner):
            raise not_found(what)


def caller_of(office: Office, request: Request) -> Caller:
    """Raises not_signed_in for nobody we know, and for a changing request of a browser that does not show it is ours."""
    known = _key_of(office, request)
    if known is not None:
        if known.scope == "mailbox":
            raise Problem("not_allowed", f"key {known.id} opens the mailbox of {known.connection} and nothing else")
        return Caller(keys.signed(known), keys.AS_ROLE[known.scope], known.partner)
    token = request.cookies.get(SESSION, "")
    person = access.who(office.store, token)
    if person is None:
        raise Problem("not_signed_in", "an API key is needed: Authorization: Bearer egw_…", WWW_Authenticate="Bearer")
    told = request.headers.get(CSRF, "")
    if request.method not in _SAFE and not secrets.compare_digest(told.encode(), access.csrf_of(token).encode()):
        raise Problem("not_allowed", f"a page that changes something says {CSRF}")
    return Caller(person.name, person.role)


def _key_of(office: Office, request: Request) -> keys.Key | None:
    """The API key a request comes with; None where it comes with none."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if not scheme:
        return None
    known = keys.known(office.store, given.strip()) if scheme.lower() == "bearer" else None
    if known is None:
        raise Problem("not_signed_in", "this API key is not true", WWW_Authenticate="Bearer")
    return known


def needs(what: What, *, whole: bool = False) -> Any:
    """A dependency: the caller, where they may do ``what``; ``whole`` where it is about the gateway and no partner's alone."""
    return _door(Right(what), whole=whole)


def does(operation: str, *, whole: bool = False) -> Any:
    """The same by the name of an operation (``operations.rights``), which the console looks up too."""
    return _door(right_to(operation), whole=whole)


def _door(right: Right, *, whole: bool) -> Any:
    def checked(request: Request, office: Here) -> Caller:
        caller = caller_of(office, request)
        keep_pace(request, office, caller.name)
        if not may(caller.role, right.what):
            raise Problem("not_allowed", f"{caller.name} may not {right.what}")
        if whole and caller.partner is not None:
            raise Problem("not_allowed", f"{caller.name} sees {caller.partner} alone, and this is about the whole gateway")
        return caller

    checked.right = right  # type: ignore[attr-defined]  # for whoever holds the doors against each other
    return Depends(checked)


def keep_pace(request: Request, office: Office, caller: str) -> None:
    """Counts a request, once, whoever asks for it. Raises too_many_requests."""
    if hasattr(request.state, "left"):
        return
    left = office.pace.take(caller)
    request.state.left = left
    if left.wait:
        raise Problem("too_many_requests", f"try again in {left.wait} s", Retry_After=str(left.wait))


def visitor(request: Request, office: Here) -> Visitor:
    """Who comes with the key of a mailbox, from where its connection says it may."""
    key = _key_of(office, request)
    if key is None:
        raise Problem("not_allowed", f"{caller_of(office, request).name} has no mailbox; its key opens it")
    keep_pace(request, office, keys.signed(key))
    if key.connection is None:
        raise Problem("not_allowed", f"key {key.id} opens no mailbox")
    try:
        mailbox = office.tools().directory.mailbox(key.connection)
    except WrongInput:
        raise Problem("not_allowed", f"{key.connection} is no mailbox any more") from None
    address = request.client.host if request.client else ""
    if not address_is_in(address, mailbox.addresses):
        raise Problem("not_allowed", f"{address or 'this address'} is not among those {key.connection} may be used from")
    return Visitor(keys.signed(key), address, mailbox)


Reader = Annotated[Caller, needs("read")]
Overseer = Annotated[Caller, needs("read", whole=True)]
Admin = Annotated[Caller, needs("administer", whole=True)]
AtMailbox = Annotated[Visitor, Depends(visitor)]
