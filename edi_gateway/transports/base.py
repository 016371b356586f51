"""The contract every transport keeps: how bytes are collected from a connection and how they are sent over it.

The pipeline drives it and puts the payload on record before ``finish``; a transport never decides that something is done.
Every foreign exception becomes TryAgain (the other side may be back later), NeedsPerson (a host key changed, a login is
refused) or WrongInput (the connection's settings are wrong); and Uncertain, a kind of TryAgain, where no answer came to what
makes a payload the partner's: it is asked whether it arrived before it goes again.
"""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO, NamedTuple, Protocol


class RemoteFile(NamedTuple):
    """A file seen on the other side; ``identity`` (path, size, modified) tells it from another one of the same name."""

    path: str
    name: str
    size: int
    modified: datetime | None

    @property
    def identity(self) -> str:
        stamp = self.modified.isoformat() if self.modified else "-"
        path = self.path.encode(errors="backslashreplace").decode()  # a name that is not UTF-8 can be written down, too
        return f"{path}|{self.size}|{stamp}"


class Receipt(NamedTuple):
    """That bytes arrived: under which name or id on the other side, and what it said.

    ``confirmed``: the other side has proved that it has them. ``confirm_by``: it will later, by then; until it does, ``send`` is
    called again with the same name when that time has come.
    """

    reference: str
    detail: str = ""
    confirmed: bool = False
    confirm_by: datetime | None = None


class Source(Protocol):
    """A connection that documents come from."""

    def look(self) -> list[RemoteFile]:
        """Files that are ready and complete, oldest first; also those claimed earlier and never finished."""
        ...

    def claim(self, file: RemoteFile) -> RemoteFile | None:
        """Takes the file for us alone (by rename); None when somebody else was faster or it is gone."""
        ...

    def fetch(self, file: RemoteFile) -> BinaryIO:
        """The bytes of a claimed file; the caller closes it."""
        ...

    def finish(self, file: RemoteFile) -> None:
        """Archives or deletes a claimed file. Only called after its payload is on record; harmless when repeated."""
        ...

    def close(self) -> None:
        """Lets go of the connection."""
        ...


class Sink(Protocol):
    """A connection that documents go to."""

    @property
    def sees_everything(self) -> bool:
        """Whether nobody takes a file away there unseen, so that ``sent`` answering None means that it never arrived."""
        ...

    @property
    def is_at_hand(self) -> bool:
        """Whether a payload is there at once, without anybody's answer or turn to wait for, and is seen when it is taken away."""
        ...

    def send(self, name: str, payload: BinaryIO) -> Receipt:
        """Puts a whole payload there under ``name``: never visible half-written, never replacing another payload.

        Raises Uncertain where it may be there although no answer said so, TryAgain only where it surely is not.
        """
        ...

    def may_have(self, name: str) -> bool:
        """Whether ``name`` may have arrived in a try that no answer came to, and is sent again until one does.

        Known without asking. Over another connection the partner could not tell that it has it.
        """
        ...

    def sent(self, name: str, size: int) -> Receipt | None:
        """Asks the other side whether ``name`` arrived whole; None when it is not there (which may also mean: taken already).

        Raises NeedsPerson, saying how many bytes, where only a part lies in the partner's sight.
        """
        ...

    def close(self) -> None:
        """Lets go of the connection."""
        ...
