"""Fetched: the partner has taken a file out of its mailbox, over SFTP or over the API; that it has it is on record."""

from __future__ import annotations

from edi_gateway.pipeline.outbound.send import FETCHED
from edi_gateway.store.database import Database


def note_fetched(store: Database, connection: str, name: str) -> None:
    """Puts on record that what we sent under this name was fetched; harmless when repeated, or when nothing was sent so."""
    with store.write() as unit:
        sent = unit.transmissions.named("out", connection, name)
        if sent is None or sent.state == FETCHED:
            return
        unit.transmissions.change(sent.id, state=FETCHED, told_at=unit.clock.now())
        for one in unit.transactions.in_transmission(sent.id):
            unit.transactions.change(one.id, delivery=FETCHED)


def is_fetched(store: Database, connection: str, name: str) -> bool:
    """Whether what we sent under this name was fetched before."""
    with store.read() as unit:
        sent = unit.transmissions.named("out", connection, name)
    return sent is not None and sent.state == FETCHED
