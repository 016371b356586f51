"""People of the gateway, signed in by name and password."""

from __future__ import annotations

from edi_gateway.operations import access
from edi_gateway.store.database import Database
from edi_gateway.web.identify import Person


class Sessions:
    """Sessions kept in the store."""

    asks = True

    def __init__(self, store: Database) -> None:
        self._store = store

    def sign_in(self, name: str, password: str, address: str) -> str:
        return access.sign_in(self._store, name, password, address).token

    def who(self, token: str) -> Person | None:
        found = access.who(self._store, token)
        return Person(found.name, found.role, frozenset(access.ROLES[found.role])) if found else None

    def sign_out(self, token: str) -> None:
        access.sign_out(self._store, token)
