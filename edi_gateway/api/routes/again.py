"""Sending: a document given in, one sent again, and what waits for a second person."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from edi_gateway.api import models
from edi_gateway.api.caller import Caller, Reader, does
from edi_gateway.api.office import Here, Office
from edi_gateway.api.once import Once
from edi_gateway.api.page import Cursor, Limit, Page, part_of
from edi_gateway.api.problem import not_found
from edi_gateway.api.words import Number
from edi_gateway.documents.catalog import Answer
from edi_gateway.operations.answer_approval import give_approval, refuse_approval
from edi_gateway.operations.correct import corrected
from edi_gateway.operations.request import Request
from edi_gateway.operations.retransmit import UNFETCHED
from edi_gateway.operations.second_pair import ask
from edi_gateway.operations.send_document import send_document

routes = APIRouter(tags=["sending"], route_class=Once)


class NewDocument(BaseModel):
    """A document of ours in our own words; its schema is that of its kind."""

    partner: str = Field(min_length=1, max_length=80, examples=["northwind"])
    kind: Answer
    order: str = Field("", max_length=80, description="The order it answers; default: the one it names.", examples=["PO-1001"])
    document: dict[str, Any]


class Given(BaseModel):
    """``document_id`` is the id of the content; the set it becomes is found at ``documents?number=``."""

    document_id: str
    text: str


class Correction(models.Reason):
    """The whole document as it is to be, or single fields: ``lines.0.quantity=12``; ``lines.0.pack=`` empties one."""

    document: dict[str, Any] | None = None
    changes: list[str] = []


class Retransmission(models.Reason):
    """Why, and whether a second file may lie beside one that they have not fetched."""

    unfetched: bool = False


class ApprovalOut(models.Out):
    """What one person asked for and a second one has to agree to."""

    id: int
    operation: str
    subject: str
    partner: str | None
    because: str
    asked_by: str
    asked_at: Any
    state: str


@routes.post("/documents", status_code=202, response_model=Given)
def send(office: Here, caller: Annotated[Caller, does("document.send")], new: NewDocument, response: Response) -> Any:
    """Gives in a document to be sent: it moves its order, is held against rules, mapped, validated, enveloped."""
    caller.look(f"partner {new.partner}", new.partner)
    body = msgspec.json.encode(new.document)
    id = send_document(office.tools(), new.partner, new.kind, body, order=new.order, by=caller.name)
    response.headers["Location"] = f"/api/v1/documents?number={new.order}" if new.order else "/api/v1/documents"
    return Given(document_id=id, text=f"{new.kind} is on its way to {new.partner}")


@routes.post("/documents/{id}/retransmit", response_model=models.AnswerOut)
def retransmit(office: Here, caller: Annotated[Caller, does("document.again")], id: Number, wish: Retransmission) -> Any:
    """Sends the same interchange again: it left, and no acknowledgment came. Refused while it lies in a mailbox of ours and was
    not fetched, unless ``unfetched`` says so."""
    return _ask(office, caller, "retransmit", id, wish, {UNFETCHED: "too"} if wish.unfetched else {})


@routes.post("/documents/{id}/re-envelope", response_model=models.AnswerOut)
def re_envelope(office: Here, caller: Annotated[Caller, does("document.again")], id: Number, why: models.Reason) -> Any:
    """Sends what the partner rejected again as an original, under new control numbers."""
    return _ask(office, caller, "re-envelope", id, why)


@routes.post("/documents/{id}/send-anew", response_model=models.AnswerOut)
def send_anew(office: Here, caller: Annotated[Caller, does("document.again")], id: Number, why: models.Reason) -> Any:
    """Sends what the partner rejected, or a replacement, as a set of its own, composed by the map in force."""
    return _ask(office, caller, "send anew", id, why)


@routes.post("/documents/{id}/correct", response_model=models.AnswerOut)
def correct(office: Here, caller: Annotated[Caller, does("document.correct")], id: Number, wish: Correction) -> Any:
    """Sends a document of ours corrected: as a replacement, or as an original where the partner rejected it."""
    _seen(office, caller, id)
    given = msgspec.json.encode(wish.document).decode() if wish.document is not None else ""
    text = corrected(office.tools(), id, given, wish.changes)
    return _ask(office, caller, "correct", id, wish, {"document": text})


@routes.get("/approvals", response_model=Page[ApprovalOut], tags=["approvals"])
def approvals(
    office: Here, caller: Reader, about: Annotated[str, Query(max_length=120)] = "", limit: Limit = 100, cursor: Cursor = ""
) -> Any:
    """Orders that our rules hold for a person, and what waits for a second person; oldest first."""
    with office.store.read() as unit:
        rows = [each for each in unit.approvals.open(about) if caller.sees(each.partner)]
    return part_of(rows, limit, cursor, lambda row: (row.id,))


@routes.post("/approvals/{id}/give", response_model=models.AnswerOut, tags=["approvals"])
def agree(office: Here, caller: Annotated[Caller, does("approval.answer")], id: Number, why: models.Reason | None = None) -> Any:
    """Agrees, and it is done; refused where things changed since. An order needs a reason; whoever asked cannot agree."""
    _approval(office, caller, id)
    return give_approval(office.tools(), id, because=why.because if why else "", by=caller.name)


@routes.post("/approvals/{id}/refuse", response_model=models.AnswerOut, tags=["approvals"])
def disagree(office: Here, caller: Annotated[Caller, does("approval.answer")], id: Number, why: models.Reason) -> Any:
    """Does not agree: an order is refused by an 855, a change of one by an 865, anything else is not done."""
    _approval(office, caller, id)
    return models.AnswerOut(text=refuse_approval(office.tools(), id, because=why.because, by=caller.name))


def _ask(
    office: Office, caller: Caller, operation: str, id: int, why: models.Reason, arguments: dict[str, str] | None = None
) -> Any:
    _seen(office, caller, id)
    request = Request(operation=operation, transaction=id, because=why.because, by=caller.name, arguments=arguments or {})
    return ask(office.tools(), request)


def _seen(office: Office, caller: Caller, id: int) -> None:
    with office.store.read() as unit:
        row = unit.transactions.find(id)
    if row is None or not caller.sees(row.partner):
        raise not_found(f"document {id}")


def _approval(office: Office, caller: Caller, id: int) -> None:
    with office.store.read() as unit:
        row = unit.approvals.find(id)
    if row is None or not caller.sees(row.partner):
        raise not_found(f"approval {id}")
