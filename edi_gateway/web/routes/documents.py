"""Documents: search as you type, filters that live in the address, CSV."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response

from edi_gateway.errors import WrongInput
from edi_gateway.store.selection import Selection
from edi_gateway.views import set_list
from edi_gateway.views.set_list import Sought
from edi_gateway.web.console import Console, route_class
from edi_gateway.web.export import csv_of
from edi_gateway.web.moments import moment

FILTERS = ("partner", "code", "direction", "state", "finding", "since", "until")
STATES = ("held", "dead", "invalid", "warnings", "pending", "sent", "awaited", "overdue", "accepted", "rejected")
CODES = ("850", "860", "855", "865", "856", "810", "820", "812", "824", "846", "864", "997", "999")
MOST = 100_000  # rows of a CSV


def routes(console: Console) -> APIRouter:
    """The list and its CSV."""
    router = APIRouter(route_class=route_class(console), dependencies=[Depends(console.reads)])
    store = console.store

    @router.get("/documents")
    def page(request: Request) -> Response:
        given = dict(request.query_params)
        rows = set_list.find(store, sought(given), limit=set_list.PAGE + 1)
        older = {**given, "before": str(rows[set_list.PAGE - 1].id)} if len(rows) > set_list.PAGE else None
        return console.page(
            request,
            "documents.html",
            rows=rows[: set_list.PAGE],
            given=given,
            older=urlencode(older) if older else "",
            query=urlencode({name: value for name, value in given.items() if value and name != "before"}),
            partners=partner_names(console),
            states=STATES,
            codes=CODES,
        )

    @router.get("/documents.csv")
    def as_csv(request: Request) -> Response:
        rows = set_list.find(store, sought(dict(request.query_params)), limit=MOST)
        columns = rows[0].__struct_fields__ if rows else ("id",)
        return csv_of("documents", columns, [[getattr(row, name) for name in columns] for row in rows])

    return router


def partner_names(console: Console) -> list[str]:
    """The partners in force."""
    directory = console.directory()
    return [each.name for each in directory.partners] if directory else []


def selection(given: dict[str, str]) -> Selection:
    """The filters of an address or a form. Raises WrongInput for a moment that is none."""
    words: dict[str, Any] = {name: given.get(name, "").strip() for name in FILTERS}
    words |= {"since": moment(words["since"]), "until": moment(words["until"])}
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
