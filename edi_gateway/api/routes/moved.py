"""What moved: transmissions, their bytes and interchanges; and a payload given in."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel

from edi_gateway.api import models
from edi_gateway.api.body import TAKES_X12, Payload
from edi_gateway.api.caller import Caller, Reader, does
from edi_gateway.api.office import Here, Office
from edi_gateway.api.once import Once
from edi_gateway.api.page import Cursor, Limit, Page, after, page_of
from edi_gateway.api.plain import page_as_json
from edi_gateway.api.problem import Problem, not_found
from edi_gateway.api.words import Number
from edi_gateway.errors import WrongInput
from edi_gateway.operations.give_in import give_in
from edi_gateway.views.interchanges import find_interchanges, interchange_of
from edi_gateway.views.moved import TransmissionPage, find_transmissions, transmission_page

routes = APIRouter(route_class=Once)


class TransmissionPageOut(models.TransmissionOut):
    """With what it carried."""

    size: int
    is_kept: bool
    interchanges: list[models.InterchangeOut]
    documents: list[models.DocumentLine]


class TransmissionLine(models.Out):
    """One payload moved."""

    id: int
    at: Any
    direction: str
    connection: str
    partner: str | None
    name: str
    state: str
    detail: str


class Received(BaseModel):
    """The payload is on record; its documents follow as they are read."""

    transmission_id: int


@routes.get("/transmissions", response_model=Page[TransmissionLine], tags=["transmissions"])
def transmissions(
    office: Here,
    caller: Reader,
    partner: Annotated[str, Query(max_length=80)] = "",
    direction: Annotated[Literal["", "in", "out"], Query()] = "",
    name: Annotated[
        str,
        Query(max_length=200, description="In the file's name or Message-ID; of others than the newest 20,000 at its beginning."),
    ] = "",
    limit: Limit = 100,
    cursor: Cursor = "",
) -> Any:
    """The newest first."""
    caller.look(f"partner {partner}", partner or caller.partner)
    who = partner or caller.partner or ""
    rows = find_transmissions(office.store, partner=who, direction=direction, name=name, before=after(cursor), limit=limit + 1)
    return page_as_json(TransmissionLine, page_of(rows, limit))


@routes.get("/transmissions/{id}", response_model=TransmissionPageOut, tags=["transmissions"])
def transmission(office: Here, caller: Reader, id: Number) -> Any:
    """One payload moved once, and what it carried."""
    page = _seen(office, caller, id)
    told = {name: getattr(page.row, name) for name in models.TransmissionOut.model_fields}
    seen = [each for each in page.interchanges if caller.sees(each.partner)]
    sets = [each for each in page.sets if caller.sees(each.partner)]
    return {**told, "size": page.size, "is_kept": page.is_kept, "interchanges": seen, "documents": sets}


@routes.get("/transmissions/{id}/raw", response_class=Response, tags=["transmissions"])
def raw(office: Here, caller: Reader, id: Number) -> Response:
    """The bytes, as they were moved; to who may see every interchange in them."""
    page = _seen(office, caller, id)
    row = page.row
    if not all(caller.sees(each.partner) for each in page.interchanges):
        raise Problem("not_allowed", f"transmission {id} holds interchanges of others too: read yours under /interchanges")
    with office.store.read() as unit:
        body = unit.payloads.find(row.payload)
    if body is None:
        raise Problem("conflict", f"the bytes of transmission {id} were removed, as retention says; their SHA-256 is kept")
    return Response(body, media_type="application/octet-stream")


@routes.get("/interchanges", response_model=Page[models.InterchangeOut], tags=["interchanges"])
def interchanges(
    office: Here,
    caller: Reader,
    partner: Annotated[str, Query(max_length=80)] = "",
    direction: Annotated[Literal["", "in", "out"], Query()] = "",
    control_number: Annotated[str, Query(max_length=20, description="ISA13.")] = "",
    limit: Limit = 100,
    cursor: Cursor = "",
) -> Any:
    """The newest first."""
    caller.look(f"partner {partner}", partner or caller.partner)
    who = partner or caller.partner or ""
    rows = find_interchanges(
        office.store, partner=who, direction=direction, control_number=control_number, before=after(cursor), limit=limit + 1
    )
    return page_as_json(models.InterchangeOut, page_of(rows, limit))


@routes.get("/interchanges/{id}", response_model=models.InterchangeOut, tags=["interchanges"])
def interchange(office: Here, caller: Reader, id: Number) -> Any:
    """One interchange."""
    row = interchange_of(office.store, id)
    if row is None or not caller.sees(row.partner):
        raise not_found(f"interchange {id}")
    return row


@routes.post("/payloads", status_code=202, response_model=Received, tags=["transmissions"], openapi_extra=TAKES_X12)
def upload(
    office: Here,
    caller: Annotated[Caller, does("payload.give")],
    partner: Annotated[str, Query(min_length=1, max_length=80, description="Whose connection it counts as.")],
    name: Annotated[str, Query(min_length=1, max_length=200, description="The file's name, for the record.")],
    body: Payload,
) -> Any:
    """Takes an X12 payload as if it had come over the partner's connection. The same bytes under one name count once.

    Given in with a key of one partner, an interchange or a group of another one on the same connection is held for a person.
    """
    caller.look(f"partner {partner}", partner)
    id = give_in(office.tools(), partner, name, body, by=caller.name, alone=bool(caller.partner))
    return Received(transmission_id=id)


def _seen(office: Office, caller: Caller, id: int) -> TransmissionPage:
    try:
        page = transmission_page(office.store, id)
    except WrongInput:
        raise not_found(f"transmission {id}") from None
    caller.look(f"transmission {id}", page.row.partner)
    return page
