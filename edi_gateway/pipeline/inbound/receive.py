"""Receive: bytes on record before anything is told to anybody, parsed, or deleted."""

from __future__ import annotations

from typing import BinaryIO

import msgspec

from edi_gateway.pipeline.inbound.position import Cursor, Position
from edi_gateway.pipeline.tools import start
from edi_gateway.store import payloads
from edi_gateway.store.database import Database
from edi_gateway.store.payloads import Staged
from edi_gateway.store.unit import Unit


def receive(store: Database, *, connection: str, name: str, identity: str, source: BinaryIO) -> int:
    """Puts one payload on record and on its way, in one transaction; returns the transmission's id.

    The same ``identity`` on the same connection again is the same file seen again (a crash came between recording it and
    taking it away): it is not received twice.
    """
    staged = payloads.stage(source, store.files)
    with store.write() as unit:
        return take_in(unit, staged, connection=connection, name=name, identity=identity)


def take_in(unit: Unit, staged: Staged, *, connection: str, name: str, identity: str, only_of: str = "") -> int:
    """The same for a payload that is staged, in a transaction that has begun and holds more.

    ``only_of`` names the one partner whose it may be, whoever else may send over the connection; empty: anybody's who may.
    """
    identity = f"{identity}|{staged.sha256}"
    known = unit.transmissions.find("in", connection, identity)
    if known is not None:
        return known.id
    payload = unit.payloads.record(staged)
    transmission = unit.transmissions.add(
        direction="in", connection=connection, payload=payload, name=name, identity=identity, state="received"
    )
    subject = f"transmission:{transmission}"
    unit.events.tell("payload.received", subject, f"{name}, {staged.size:,} bytes, over {connection}")
    position = msgspec.json.encode(Position(cursor=Cursor(only_of=only_of))).decode() if only_of else ""
    start(unit, "read", subject, connection=connection, position=position)
    return transmission
