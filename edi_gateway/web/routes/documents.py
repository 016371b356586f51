"""Documents: search as you type, filters that live in the address and can be saved under a name, CSV."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import APIRouter, Depends, Request, Response
from msgspec.structs import replace

from edi_gateway.errors import WrongInput
from edi_gateway.operations.saved_searches import forget_search, save_search
from edi_gateway.store.selection import Selection
from edi_gateway.views import set_list
from edi_gateway.views.set_list import Sought
from edi_gateway.views.traffic import SetRow
from edi_gateway.web.console import Act, Console, route_class
from edi_gateway.web.export import csv_of, every
from edi_gateway.web.identify import Person
from edi_gateway.web.moments import ZONE, moment

FILTERS = ("partner", "code", "direction", "state", "finding", "since", "until")
STATES = ("held", "dead", "invalid", "warnings", "pending", "sent", "awaited", "overdue", "accepted", "rejected")
CODES = ("850", "860", "855", "865", "856", "810", "820", "812", "824", "846", "864", "997", "999")


def routes(console: Console) -> APIRouter:
    """The list and its CSV."""
    router = APIRouter(route_class=route_class(console), dependencies=[Depends(console.reads)])
    store, reader = console.store, Depends(console.reads)
    search_save = Depends(console.act("search.save"))

    @router.get("/documents")
    def page(request: Request, person: Person = reader) -> Response:
        given = dict(request.query_params)
        with store.read() as unit:
            saved = unit.saved_searches.of(person.name)
        rows = set_list.find(store, sought(given), limit=set_list.PAGE + 1)
        older = {**given, "before": str(rows[set_list.PAGE - 1].id)} if len(rows) > set_list.PAGE else None
        return console.page(
            request,
            "documents.html",
            rows=rows[: set_list.PAGE],
            given=given,
            older=urlencode(older) if older else "",
            query=query_of(given),
            here=query_of(given, "before"),
            saved=saved,
            partners=partner_names(console),
            states=STATES,
            codes=CODES,
        )

    @router.get("/documents.csv")
    def as_csv(request: Request) -> Response:
        wanted, columns = sought(dict(request.query_params)), SetRow.__struct_fields__
        rows = every(lambda before, limit: set_list.find(store, replace(wanted, before=before), limit=limit), wanted.before)
        return csv_of(request, "documents", columns, ([getattr(row, name) for name in columns] for row in rows))

    @router.post("/documents/saved")
    def save(request: Request, act: Act = search_save) -> Response:
        """Keeps the search of the page the form was on, for this person."""
        name, given = act.form.get("name"), dict(parse_qsl(urlsplit(request.headers.get("referer", "")).query))
        query = query_of(given) or query_of(dict(parse_qsl(act.form.get("query"))))
        sought(given)
        save_search(store, name, query, by=act.by)
        return console.go(request, f"/documents?{query}", f"Saved as “{name}”, for you.")

    @router.post("/documents/saved/forget")
    def forget(request: Request, act: Act = search_save) -> Response:
        name = act.form.get("name")
        forget_search(store, name, by=act.by)
        return console.go(request, "/documents", f"“{name}” is forgotten.")

    return router


def query_of(given: dict[str, str], *more: str) -> str:
    """What a search is, as the end of an address: its filters, and the zone where there is a moment told in it.

    Of which page it is only with ``more``, "before".
    """
    names = ("q", *FILTERS, "answers", *([ZONE] if given.get("since") or given.get("until") else []), *more)
    return urlencode({name: given[name] for name in names if given.get(name)})


def partner_names(console: Console) -> list[str]:
    """The partners in force."""
    directory = console.directory()
    return [each.name for each in directory.partners] if directory else []


def selection(given: dict[str, str]) -> Selection:
    """The filters of an address or a form. Raises WrongInput for a moment that is none."""
    words: dict[str, Any] = {name: given.get(name, "").strip() for name in FILTERS}
    words |= {name: moment(words[name], given.get(ZONE, "")) for name in ("since", "until")}
    return Selection(number=given.get("number", "").strip(), **words)


def sought(given: dict[str, str]) -> Sought:
    """What an address looks for. Raises WrongInput."""
    before = given.get("before", "")
    if before and not before.isdecimal():
        raise WrongInput(f"'{before}' is no set's number", where="before")
    return Sought(
        text=given.get("q", "").strip(),
        meant=selection(given),
        answers=given.get("answers") == "yes",
        before=int(before) if before else None,
    )
