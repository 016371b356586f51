"""Collect: takes what lies ready at a connection; a file leaves it only after its payload is on record."""

from __future__ import annotations

from edi_gateway.pipeline.inbound.receive import receive
from edi_gateway.store.database import Database
from edi_gateway.transports.base import Source


def collect(store: Database, connection: str, source: Source) -> int:
    """Receives every file that is ready; returns how many. What was claimed before a crash is among them."""
    received = 0
    for seen in source.look():
        file = source.claim(seen)
        if file is None:
            continue
        with source.fetch(file) as content:
            receive(store, connection=connection, name=file.name, identity=file.identity, source=content)
        source.finish(file)
        received += 1
    return received
