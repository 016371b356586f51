"""One document: its statuses, its segments with findings in place, what it means, where each value came from, its answer."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import msgspec
from fastapi import APIRouter, Depends, Request, Response

from edi_gateway.errors import GatewayError, WrongInput
from edi_gateway.mapping.library import Library
from edi_gateway.mapping.trace import Traced
from edi_gateway.operations.correct import corrected, text_of
from edi_gateway.operations.request import Request as Asked
from edi_gateway.operations.retransmit import UNFETCHED
from edi_gateway.operations.second_pair import ask
from edi_gateway.store.database import Database
from edi_gateway.store.rows import DocumentRow, TransactionRow
from edi_gateway.views.evidence_bundle import bundle
from edi_gateway.views.evidence_file import zip_of
from edi_gateway.views.set_page import SetPage, read_set, set_page, shown
from edi_gateway.views.set_relatives import thread_of
from edi_gateway.views.timeline import timeline
from edi_gateway.web.console import Act, Console, route_class
from edi_gateway.web.model import leaves
from edi_gateway.web.words import slug
from edi_gateway.x12.envelope import TransactionSet

AGAIN = ("retransmit", "re-envelope", "send anew")


def routes(console: Console) -> APIRouter:
    """The page of a set, its bytes, its evidence, and sending it again."""
    router = APIRouter(route_class=route_class(console), dependencies=[Depends(console.reads)])
    store = console.store
    document_correct = Depends(console.act("document.correct"))
    document_again = Depends(console.act("document.again"))

    @router.get("/documents/{id:int}")
    def page(request: Request, id: int) -> Response:
        return console.page(request, "document.html", **_about(console, set_page(store, id)))

    @router.get("/documents/of/{document}")
    def of_document(request: Request, document: str) -> Response:
        with store.read() as unit:
            sets = unit.transactions.all_of_document(document)
        if not sets:
            raise WrongInput("no set carries this document yet", do="it is drafted or held: see Holds")
        return console.go(request, f"/documents/{sets[0].id}")

    @router.get("/documents/{id:int}/raw")
    def raw(id: int) -> Response:
        told = read_set(store, set_page(store, id, with_answers=False, with_related=False))
        if told is None:
            raise WrongInput("its bytes are not kept any more", do="retention took them; hash and size are on record")
        headers = {"Content-Disposition": f'attachment; filename="set-{id}.edi"'}
        return Response(told.text.encode("latin-1"), media_type="application/edi-x12", headers=headers)

    @router.get("/documents/{id:int}/evidence.zip")
    def evidence(id: int) -> Response:
        headers = {"Content-Disposition": f'attachment; filename="evidence-{id}.zip"'}
        return Response(zip_of(partial(bundle, store, f"transaction:{id}")), media_type="application/zip", headers=headers)

    @router.get("/documents/{id:int}/correct")
    def correcting(request: Request, id: int) -> Response:
        about = _to_correct(store, id)
        return console.page(request, "correct.html", text=text_of(console.tools(), id), mistakes=(), **about)

    @router.post("/documents/{id:int}/correct")
    def correct(request: Request, id: int, act: Act = document_correct) -> Response:
        written, because = act.form.text("document"), act.form.get("because")
        try:
            arguments = {"document": corrected(console.tools(), id, written, [])}
            asked = Asked(operation="correct", transaction=id, because=because, by=act.by, arguments=arguments)
            told = ask(console.tools(), asked).text
        except GatewayError as error:
            return console.again(request, error, "correct.html", text=written, because=because, **_to_correct(store, id))
        return console.go(request, f"/documents/{id}", told)

    @router.post("/documents/{id:int}/again")
    def again(request: Request, id: int, act: Act = document_again) -> Response:
        operation = act.form.get("operation")
        if operation not in AGAIN:
            raise WrongInput(f"'{operation}' is no way to send again", do=", ".join(AGAIN))
        arguments = {UNFETCHED: "too"} if act.form.get("unfetched") else {}
        asked = Asked(operation=operation, transaction=id, because=act.form.get("because"), by=act.by, arguments=arguments)
        return console.go(request, f"/documents/{id}", ask(console.tools(), asked).text)

    return router


def _to_correct(store: Database, id: int) -> dict[str, str]:
    """What the form that corrects a set says of it."""
    row = set_page(store, id, with_answers=False, with_related=False).row
    says = f"It goes to {row.partner} as a replacement, or as an original where they rejected the first one."
    what = f"{row.code} {row.business_number}"
    return {"what": what, "says": says, "back": f"/documents/{id}", "button": "Send it corrected"}


def _about(console: Console, found: SetPage) -> dict[str, Any]:
    """Everything the page of a set shows."""
    store, told = console.store, read_set(console.store, found)
    traced = trace(console, found, told)
    return {
        "one": found,
        "row": found.row,
        "set": shown(told, found.findings, found.row.release) if told else None,
        "events": timeline(store, f"transaction:{found.row.id}"),
        "model": leaves(msgspec.json.decode(found.document.body)) if found.document else [],
        "traced": traced,
        "links": links(traced.values, found.row.direction),
        "thread": thread_of(store, found.document),
        "answers": [(each, _shown_answer(console, each.id)) for each in found.answers[:3]],
    }


def _shown_answer(console: Console, id: int) -> Any:
    found = set_page(console.store, id, with_answers=False, with_related=False)
    told = read_set(console.store, found)
    return shown(told, found.findings, found.row.release) if told else None


class Origin(NamedTuple):
    """Where an element's value went or came from: the field, its place on the page, and the line of the map."""

    field: str
    anchor: str
    rule: str


class Target(NamedTuple):
    """Which segment a field stands in."""

    position: int
    says: str


class Links(NamedTuple):
    """Both ways: by ``position-element`` and by field."""

    elements: dict[str, Origin]
    fields: dict[str, Target]


def links(values: list[Traced], direction: str) -> Links:
    """What leads from an element to its field, and back."""
    elements, fields = {}, {}
    for one in values:
        field = one.made if direction == "in" else one.source
        elements[f"{one.position}-{one.element}"] = Origin(field, f"f-{slug(field)}", one.rule)
        fields[field] = Target(one.position, str(one))
    return Links(elements, fields)


class TracedPage(NamedTuple):
    """Where the document's values came from, by the segment they stand in; ``because`` says why there is nothing.

    ``version`` is the version of the map, the one the document was handled under, and whether it is in force still.
    """

    values: list[Traced]
    because: str = ""
    version: str = ""
    is_in_force: bool = True


def trace(console: Console, page: SetPage, told: TransactionSet | None) -> TracedPage:
    """The map of then run once more on the set, or on the document, with every value traced."""
    made = page.document
    if told is None or made is None or not made.map:
        return TracedPage([], "nothing was mapped")
    try:
        then = console.map_then(made.map, made.map_version)
        return TracedPage(_run(console.store, then.maps, page.row, made, told), "", made.map_version, then.is_in_force)
    except GatewayError as error:
        return TracedPage([], str(error), made.map_version)


def _run(store: Database, maps: Library, row: TransactionRow, made: DocumentRow, told: TransactionSet) -> list[Traced]:
    if row.direction == "in":
        return maps.reading(made.map).trace(told)[1]
    with store.read() as unit:
        document = unit.documents.read(made.id)
    return maps.writing(made.map).trace(document, release=row.release)[1]
