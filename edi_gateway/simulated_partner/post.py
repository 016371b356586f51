"""The way to the supplier's mailbox: files dropped there, files collected from there."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from typing import NamedTuple, Protocol

from edi_gateway.transports.base import Sink, Source
from edi_gateway.x12.envelope import Event, Interchange, InterchangeEnd
from edi_gateway.x12.reader import read


class Mailbox(Source, Sink, Protocol):
    """A connection that is looked into and written to: ``SftpTransport``, or ``FolderTransport`` in tests."""


class Letter(NamedTuple):
    """One interchange as it came, or what stood outside of any (``header`` is None); ``digest`` is of its bytes."""

    file: str
    header: Interchange | None
    events: list[Event]
    digest: str

    @property
    def number(self) -> int:
        """ISA13 as a number; 0 where there is none."""
        written = self.header.control_number if self.header else ""
        return int(written) if written.isascii() and written.isdigit() else 0


def collect(mailbox: Source) -> list[Letter]:
    """Everything that waits, in the order of its control numbers; each file is put away once it has been read whole.

    Files written in the same instant are listed in no certain order, so the numbers their sender gave decide.
    """
    letters: list[Letter] = []
    for file in mailbox.look():
        claimed = mailbox.claim(file)
        if claimed is None:
            continue
        with mailbox.fetch(claimed) as stream:
            letters += open_letters(claimed.name, stream.read())
        mailbox.finish(claimed)
    return sorted(letters, key=lambda letter: letter.number)


def drop(mailbox: Sink, name: str, payload: bytes) -> None:
    """Puts one file into the supplier's mailbox."""
    mailbox.send(name, io.BytesIO(payload))


def open_letters(file: str, payload: bytes) -> list[Letter]:
    """The interchanges of a payload, and what stands between them."""
    letters: list[Letter] = []
    header: Interchange | None = None
    events: list[Event] = []
    for event in read(payload):
        if isinstance(event, Interchange):
            letters += _letter(file, header, events, payload)
            header, events = event, []
        events.append(event)
        if isinstance(event, InterchangeEnd):
            letters += _letter(file, header, events, payload)
            header, events = None, []
    return [*letters, *_letter(file, header, events, payload)]


def _letter(file: str, header: Interchange | None, events: list[Event], payload: bytes) -> Iterable[Letter]:
    if not events:
        return ()
    last = events[-1]
    end = last.end if isinstance(last, InterchangeEnd) else len(payload)
    body = payload[header.offset if header else 0 : end]
    return (Letter(file, header, events, hashlib.sha256(body).hexdigest()),)
