"""Collect: takes what lies ready at a connection; a file leaves it only after its payload is on record."""

from __future__ import annotations

from edi_gateway.errors import GatewayError
from edi_gateway.pipeline.inbound.receive import receive
from edi_gateway.store.database import Database
from edi_gateway.transports.base import RemoteFile, Source


def collect(store: Database, connection: str, source: Source) -> int:
    """Receives every file that is ready; returns how many. What was claimed before a crash is among them.

    A file that cannot be had keeps no other one waiting; its error is raised when the others are in.
    """
    received = 0
    errors: list[GatewayError] = []
    for seen in source.look():
        try:
            received += _take(store, connection, source, seen)
        except GatewayError as error:
            errors.append(error)
    if errors:
        raise errors[0]
    return received


def _take(store: Database, connection: str, source: Source, seen: RemoteFile) -> bool:
    file = source.claim(seen)
    if file is None:
        return False
    with source.fetch(file) as content:
        receive(store, connection=connection, name=file.name, identity=file.identity, source=content)
    source.finish(file)
    return True
