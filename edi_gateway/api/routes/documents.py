"""Documents: transaction sets with their three statuses; their bytes, segments, content, findings, history and relatives."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Query
from fastapi.responses import Response

from edi_gateway.api import models
from edi_gateway.api.caller import Caller, Overseer, Reader
from edi_gateway.api.office import Here, Office
from edi_gateway.api.page import Cursor, Limit, Page, after, page_of
from edi_gateway.api.plain import as_json, each, page_as_json
from edi_gateway.api.problem import Problem, not_found
from edi_gateway.api.words import Number, moment
from edi_gateway.errors import WrongInput
from edi_gateway.mapping.trace import Traced
from edi_gateway.operations.maps import map_of_version
from edi_gateway.store.selection import Selection
from edi_gateway.views.evidence_bundle import bundle
from edi_gateway.views.evidence_file import zip_of
from edi_gateway.views.set_list import Sought, find
from edi_gateway.views.set_page import SetPage, read_set, set_page, shown
from edi_gateway.views.timeline import timeline
from edi_gateway.x12.envelope import TransactionSet

routes = APIRouter(prefix="/documents", tags=["documents"])


@routes.get("", response_model=Page[models.DocumentLine])
def documents(
    office: Here,
    caller: Reader,
    partner: Annotated[str, Query(max_length=80)] = "",
    type: Annotated[str, Query(max_length=10, description="The set: 850, 855, 856, 810, 820, 997.", examples=["850"])] = "",
    number: Annotated[str, Query(max_length=80, description="The whole business number.", examples=["PO-1001"])] = "",
    direction: Annotated[Literal["", "in", "out"], Query()] = "",
    validation: Annotated[str, Query(max_length=30)] = "",
    delivery: Annotated[str, Query(max_length=30)] = "",
    acknowledgment: Annotated[str, Query(max_length=30)] = "",
    state: Annotated[
        str, Query(max_length=30, description="Of its flow: held, dead, rejected, done; or any of the statuses.")
    ] = "",
    finding: Annotated[str, Query(max_length=80, description="Its kind, a beginning of one (element.), or an X12 code.")] = "",
    since: Annotated[datetime | None, Query(description="From this moment on; UTC where it has no zone.")] = None,
    until: Annotated[datetime | None, Query(description="Before this moment.")] = None,
    text: Annotated[str, Query(max_length=80, description="The beginning of a business number, or a whole ISA13 or GS06.")] = "",
    limit: Limit = 100,
    cursor: Cursor = "",
) -> Any:
    """The newest first; whatever filters are given have to hold, all of them."""
    caller.look(f"partner {partner}", partner or caller.partner)
    meant = Selection(
        partner=partner or caller.partner or "",
        code=type,
        direction=direction,
        number=number,
        since=moment(since),
        until=moment(until),
        state=state,
        finding=finding,
        validation=validation,
        delivery=delivery,
        acknowledgment=acknowledgment,
    )
    sought = Sought(text=text.strip(), meant=meant, answers=True, before=after(cursor))
    return page_as_json(models.DocumentLine, page_of(find(office.store, sought, limit=limit + 1), limit))


@routes.get("/{id}", response_model=models.DocumentOut)
def document(office: Here, caller: Reader, id: Number) -> Any:
    """Everything about one set at a glance."""
    page = _page(office, caller, id, with_answers=True)
    row = page.row
    about = {
        "interchange": page.interchange.control_number if page.interchange else None,
        "group": page.group.control_number if page.group else None,
        "transmission_id": page.transmission.id if page.transmission else None,
        "flows": each(models.FlowOut, [flow for flow in page.flows if caller.sees(flow.partner)]),
        "findings": each(models.FindingOut, page.findings),
        "partner_findings": each(models.FindingOut, page.their_findings),
        "answers": each(models.DocumentLine, page.answers),
    }
    return as_json({name: about[name] if name in about else getattr(row, name) for name in models.DocumentOut.model_fields})


@routes.get("/{id}/raw", response_class=Response, responses={200: {"content": {"application/edi-x12": {}}}})
def raw(office: Here, caller: Reader, id: Number) -> Response:
    """The set as it came or left, byte for byte; as composed where it has not left yet."""
    return Response(_set(office, _page(office, caller, id)).text.encode("latin-1"), media_type="application/edi-x12")


@routes.get("/{id}/annotated", response_model=dict[str, Any])
def annotated(office: Here, caller: Reader, id: Number) -> Any:
    """Segment by segment: names, meanings of codes, and the findings in their places."""
    page = _page(office, caller, id)
    return as_json(shown(_set(office, page), page.findings, page.row.release))


@routes.get("/{id}/findings", response_model=list[models.FindingOut])
def findings(office: Here, caller: Reader, id: Number) -> Any:
    """What we found wrong with it; what they found is among the document's own ``partner_findings``."""
    return as_json(each(models.FindingOut, _page(office, caller, id).findings))


@routes.get("/{id}/model", response_model=models.ModelOut)
def model(office: Here, caller: Reader, id: Number) -> Any:
    """The business content in our own words: order, ship notice, invoice …"""
    row = _page(office, caller, id).document
    if row is None:
        raise not_found(f"business content of document {id}")
    return {**msgspec.structs.asdict(row), "document": msgspec.json.decode(row.body)}


@routes.get("/{id}/timeline", response_model=list[models.EventOut])
def events(office: Here, caller: Reader, id: Number) -> Any:
    """Everything that happened to it and its relatives, oldest first."""
    _page(office, caller, id)
    rows = [row for row in timeline(office.store, f"transaction:{id}") if caller.sees(row.partner)]
    return as_json(each(models.EventOut, rows))


@routes.get("/{id}/trace", response_model=list[models.TracedOut])
def trace(
    office: Here,
    caller: Reader,
    id: Number,
    of: Annotated[str, Query(max_length=120, description="Only this field or place, at either end: lines[1].quantity.")] = "",
) -> Any:
    """Where every value came from: field, element, and the line of the map, in the version it was handled under."""
    traced = _trace(office, _page(office, caller, id))
    return [one for one in traced if not of or of in (one.made, one.source)]


@routes.get("/{id}/related", response_model=list[models.DocumentLine])
def related(office: Here, caller: Reader, id: Number) -> Any:
    """The other sets of its order thread, and those of the same business number."""
    rows = [row for row in _page(office, caller, id, with_related=True).related if caller.sees(row.partner)]
    return as_json(each(models.DocumentLine, rows))


@routes.get("/{id}/evidence", response_class=Response, responses={200: {"content": {"application/zip": {}}}})
def evidence(office: Here, caller: Overseer, id: Number) -> Response:
    """Everything on record about it in one zip file: bytes, documents, receipts, answers, the timeline with its hashes."""
    _page(office, caller, id)
    headers = {"Content-Disposition": f'attachment; filename="evidence-{id}.zip"'}
    return Response(zip_of(partial(bundle, office.store, f"transaction:{id}")), media_type="application/zip", headers=headers)


def _page(office: Office, caller: Caller, id: int, *, with_answers: bool = False, with_related: bool = False) -> SetPage:
    try:
        page = set_page(office.store, id, with_answers=with_answers, with_related=with_related)
    except WrongInput:
        raise not_found(f"document {id}") from None
    caller.look(f"document {id}", page.row.partner)
    return page


def _set(office: Office, page: SetPage) -> TransactionSet:
    found = read_set(office.store, page)
    if found is None:
        raise Problem("conflict", f"the bytes of document {page.row.id} are not kept any more, or not written yet")
    return found


def _trace(office: Office, page: SetPage) -> list[Traced]:
    made = page.document
    if made is None or not made.map:
        raise not_found(f"map that document {page.row.id} went through")
    library = map_of_version(office.store, made.map, made.map_version)
    if page.row.direction == "in":
        return library.reading(made.map).trace(_set(office, page))[1]
    with office.store.read() as unit:
        content = unit.documents.read(made.id)
    return library.writing(made.map).trace(content, release=page.row.release)[1]
