"""A partner at its mailbox over HTTP instead of SFTP: it gives documents in, and takes what waits for it."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, BinaryIO

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, Field

from edi_gateway.api import models
from edi_gateway.api.body import TAKES_X12, Payload
from edi_gateway.api.caller import AtMailbox, Visitor
from edi_gateway.api.office import Here, Office
from edi_gateway.api.page import Cursor, Limit, Page, part_of
from edi_gateway.api.problem import not_found
from edi_gateway.api.routes.moved import Received
from edi_gateway.files import CHUNK, digest
from edi_gateway.operations.at_mailbox import Visit, tell_visit
from edi_gateway.operations.at_mailbox import push as push_file
from edi_gateway.operations.fetched import is_fetched, note_fetched
from edi_gateway.transports.mailbox import Outbox
from edi_gateway.transports.naming import LONGEST_NAME, check_name_to_send

routes = APIRouter(tags=["mailbox"])
FileName = Annotated[str, Path(min_length=1, max_length=LONGEST_NAME)]


class WaitingFile(models.Out):
    """A file that waits in the outbox."""

    name: str = Field(examples=["997_000000042.edi"])
    size: int
    modified: datetime


class Taken(BaseModel):
    """The file is gone from the outbox, and that it was taken is on record."""

    name: str


@routes.post("/mailbox/inbox", status_code=202, response_model=Received, openapi_extra=TAKES_X12)
def push(
    office: Here,
    caller: AtMailbox,
    name: Annotated[str, Query(min_length=1, max_length=LONGEST_NAME, description="The file's name.")],
    body: Payload,
) -> Any:
    """Takes a file; it is on record when the answer comes. The same bytes under the same name count once, so try again freely."""
    check_name_to_send(name)
    return Received(transmission_id=push_file(office.tools(), _visit(caller), name, body))


@routes.get("/mailbox/outbox", response_model=Page[WaitingFile])
def waiting(office: Here, caller: AtMailbox, limit: Limit = 100, cursor: Cursor = "") -> Any:
    """What waits to be taken, the oldest first."""
    return part_of(_outbox(office, caller).waiting(), limit, cursor, lambda file: (str(file.modified), file.name))


@routes.get("/mailbox/outbox/{name}", response_class=StreamingResponse, responses={200: {"content": {"application/edi-x12": {}}}})
def fetch(office: Here, caller: AtMailbox, name: FileName) -> Response:
    """A file's bytes, with their SHA-256 (Repr-Digest, RFC 9530). It stays until it is taken."""
    held = _outbox(office, caller).open(name)
    if held is None:
        raise not_found(f"file '{name}' in the outbox")
    content = digest(held)
    held.seek(0)
    tell_visit(office.tools(), _visit(caller), "download", f"/outbox/{name}")
    sum = base64.b64encode(bytes.fromhex(content.sha256)).decode()
    headers = {"Content-Length": str(content.size), "Repr-Digest": f"sha-256=:{sum}:"}
    return StreamingResponse(_pieces(held), headers=headers, media_type="application/octet-stream")


@routes.delete("/mailbox/outbox/{name}", response_model=Taken)
def take(office: Here, caller: AtMailbox, name: FileName) -> Any:
    """Acknowledges a file: the partner has it, and it goes from the outbox. Harmless when repeated."""
    connection, outbox = caller.mailbox.name, _outbox(office, caller)
    held = outbox.open(name)
    if held is not None:
        held.close()
        note_fetched(office.store, connection, name)  # before it goes: what is gone and not on record would be put out again
    if outbox.remove(name):
        tell_visit(office.tools(), _visit(caller), "remove", f"/outbox/{name}")
    elif not is_fetched(office.store, connection, name):
        raise not_found(f"file '{name}' in the outbox")
    return Taken(name=name)


def _outbox(office: Office, caller: Visitor) -> Outbox:
    return Outbox(office.mailboxes, caller.mailbox.account)


def _visit(caller: Visitor) -> Visit:
    return Visit(caller.mailbox.name, caller.mailbox.account, caller.address, caller.name)


def _pieces(held: BinaryIO) -> Iterator[bytes]:
    with held:
        while piece := held.read(CHUNK):
            yield piece
