"""Who did what at our SFTP mailboxes, on record: what the server reports becomes events of the store.

A partner waits for its answer while the server reports, so a thread of its own writes what has gathered, in one transaction: on
record a moment later, and all of it when the gateway stops. Strangers who try names fill no table: of accounts that are not ours
a count is told, once a minute at most.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from edi_gateway import log
from edi_gateway.store.database import Database
from edi_gateway.store.unit import Unit
from edi_gateway.transports.mailbox import MailboxEvent

STRANGERS_EVERY = timedelta(minutes=1)
_MOST_WAITING = 10_000
_END = None

_log = log.logger(__name__)


class Owner(NamedTuple):
    """Whose an account is: its connection, and its partner where only one uses that."""

    connection: str
    partner: str | None


class MailboxAudit:
    """Puts the server's events on record; ``owner_of`` says whose an account is, None for a stranger's."""

    def __init__(self, store: Database, owner_of: Callable[[str], Owner | None]) -> None:
        self._store, self._owner_of = store, owner_of
        self._waiting: queue.Queue[MailboxEvent | None] = queue.Queue(_MOST_WAITING)
        self._strangers: list[str] = []  # addresses, one for each event
        self._told_at: datetime | None = None
        self._thread = threading.Thread(target=self._run, name="mailbox audit", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def take(self, event: MailboxEvent) -> None:
        """Takes an event, in the session's thread; with ten thousand of them unwritten, the log has to do."""
        try:
            self._waiting.put_nowait(event)
        except queue.Full:
            _log.error("a mailbox event is not on record", event=str(event))

    def stop(self) -> None:
        """Writes what is left."""
        if self._thread.is_alive():
            self._waiting.put(_END)
            self._thread.join()

    def _run(self) -> None:
        goes_on = True
        while goes_on:
            gathered = [self._waiting.get()]
            while not self._waiting.empty():
                gathered.append(self._waiting.get_nowait())
            goes_on = _END not in gathered
            events = [each for each in gathered if each is not None]
            try:
                with self._store.write() as unit:
                    self._record(unit, events, at_last=not goes_on)
            except Exception as error:  # the store is away: partners are served on
                _log.error("mailbox events are not on record", events=list(map(str, events)), error=repr(error))

    def _record(self, unit: Unit, events: list[MailboxEvent], *, at_last: bool) -> None:
        for event in events:
            owner = self._owner_of(event.account) if event.account else None
            if owner is None:
                self._strangers.append(event.address)
            else:
                kind = f"mailbox.{event.kind.replace(' ', '_')}"
                unit.events.tell(kind, f"connection:{owner.connection}", _sentence(event), partner=owner.partner)
        now = unit.clock.now()
        if self._strangers and (at_last or self._told_at is None or now - self._told_at >= STRANGERS_EVERY):
            came, where = len(self._strangers), len(set(self._strangers))
            unit.events.tell("mailbox.strangers", "mailbox", f"{came} visits without an account of ours, from {where} addresses")
            self._strangers, self._told_at = [], now


def _sentence(event: MailboxEvent) -> str:
    """``acme from 203.0.113.7: upload /inbox/po.edi, 4711 bytes``"""
    what = " ".join(filter(None, (event.kind, event.path)))
    return f"{event.account} from {event.address}: " + ", ".join(filter(None, (what, event.detail)))
