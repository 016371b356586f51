"""At a mailbox over HTTP: what a partner leaves there and does there is on record like what is done over SFTP."""

from __future__ import annotations

from typing import BinaryIO, NamedTuple

from edi_gateway.pipeline.inbound.receive import take_in
from edi_gateway.pipeline.tools import Tools
from edi_gateway.store import payloads
from edi_gateway.store.unit import Unit


class Visit(NamedTuple):
    """Who is at which mailbox: the connection and its account, from which address, and the name of the key they came with."""

    connection: str
    account: str
    address: str
    by: str


def push(tools: Tools, visit: Visit, name: str, source: BinaryIO) -> int:
    """Leaves a file in the inbox; the id of its transmission. The same bytes under the same name count once."""
    staged = payloads.stage(source, tools.store.files)
    with tools.store.write() as unit:
        id = take_in(unit, staged, connection=visit.connection, name=name, identity=f"pushed|{name}")
        _tell(unit, tools, visit, "upload", f"/inbox/{name}, {staged.size} bytes")
    return id


def tell_visit(tools: Tools, visit: Visit, kind: str, what: str) -> None:
    """Puts on record what was done there: ``download`` or ``remove``, and of which file."""
    with tools.store.write() as unit:
        _tell(unit, tools, visit, kind, what)


def _tell(unit: Unit, tools: Tools, visit: Visit, kind: str, what: str) -> None:
    users = tools.directory.users_of(visit.connection)
    partner = users[0].name if len(users) == 1 else None
    text = f"{visit.account} from {visit.address}, over the API: {kind} {what}"
    unit.events.tell(f"mailbox.{kind}", f"connection:{visit.connection}", text, partner=partner, actor=visit.by)
