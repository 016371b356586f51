"""Who looks at the pages, and what they may do: the port the pages ask, and the answer of a demo that knows nobody."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from edi_gateway.operations import access
from edi_gateway.operations.rights import RIGHTS

READ, ADMINISTER = "read", "administer"


class Person(NamedTuple):
    """Somebody who is signed in, and what they may do."""

    name: str
    role: str
    rights: frozenset[str]

    def may(self, what: str) -> bool:
        """Whether they may read, try, operate, configure or administer."""
        return what in self.rights

    def may_do(self, operation: str) -> bool:
        """Whether they may do an operation, by its name in ``operations.rights``."""
        return self.may(RIGHTS[operation])


class Identify(Protocol):
    """Signs people in and out, and knows who is behind a session's token."""

    @property
    def asks(self) -> bool:
        """Whether there is anything to sign in to."""
        ...

    def sign_in(self, name: str, password: str, address: str) -> str:
        """The token of a new session. Raises WrongInput for a wrong name or password, TryAgain for too many tries."""
        ...

    def who(self, token: str) -> Person | None:
        """The person behind a token; None where it is none of ours, or over."""
        ...

    def sign_out(self, token: str) -> None:
        """Ends a session."""
        ...


class Everybody:
    """Whoever comes is one and the same person with every right: for the demo, on a machine of one's own."""

    asks = False

    def __init__(self, name: str) -> None:
        self._person = Person(name, "admin", access.ROLES["admin"])

    def sign_in(self, name: str, password: str, address: str) -> str:
        return "everybody"

    def who(self, token: str) -> Person | None:
        return self._person

    def sign_out(self, token: str) -> None: ...
