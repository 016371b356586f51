"""Compliance: what came of partners' rules, cartons tried before they leave, and the proof against a charge."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response
from msgspec.structs import replace

from edi_gateway.errors import GatewayError, WrongInput
from edi_gateway.operations.key_in import order_of
from edi_gateway.operations.try_cartons import try_cartons
from edi_gateway.trading.compliance.catalog import CATALOG, CHECKED
from edi_gateway.views.compliance_list import RESULTS, Sought, VerdictRow, find_verdicts
from edi_gateway.views.dispute import dispute_of
from edi_gateway.views.evidence_file import zip_of
from edi_gateway.views.thread_page import thread_page
from edi_gateway.web.console import Act, Console, route_class
from edi_gateway.web.export import csv_of, every
from edi_gateway.web.routes.documents import partner_names
from edi_gateway.web.routes.turnaround import shipped_of
from edi_gateway.web.turnaround_page import page_of

SHOWN = 200
FILTERS = ("partner", "rule", "result", "number")
RULES = sorted({rule for rules in CHECKED.values() for rule in rules})


def routes(console: Console) -> APIRouter:
    """The verdicts, their CSV, a trial and a dispute pack."""
    router = APIRouter(route_class=route_class(console), dependencies=[Depends(console.reads)])
    store = console.store
    compliance_try = Depends(console.act("compliance.try"))

    @router.get("/compliance")
    def page(request: Request) -> Response:
        given = {name: request.query_params.get(name, "").strip() for name in FILTERS}
        rows = find_verdicts(store, _sought(request), SHOWN)
        query = {name: value for name, value in given.items() if value}
        before = request.query_params.get("before", "")
        older = urlencode({**query, "before": str(rows[-1].id)}) if len(rows) >= SHOWN else ""
        return console.page(
            request,
            "compliance.html",
            rows=rows,
            given=given,
            query=urlencode(query),
            here=urlencode({**query, "before": before} if before else query),
            older=older,
            partners=partner_names(console),
            rules=RULES,
            results=RESULTS,
            asks={rule: facts.asks for rule, facts in CATALOG.items()},
        )

    @router.get("/compliance.csv")
    def as_csv(request: Request) -> Response:
        wanted, columns = _sought(request), VerdictRow.__struct_fields__
        rows = every(lambda before, limit: find_verdicts(store, replace(wanted, before=before), limit), wanted.before)
        return csv_of(request, "compliance", columns, ([getattr(row, name) for name in columns] for row in rows))

    @router.get("/orders/{id:int}/dispute.zip")
    def dispute(id: int) -> Response:
        """What proves our side of a charge about an order."""
        headers = {"Content-Disposition": f'attachment; filename="dispute-{id}.zip"'}
        return Response(zip_of(partial(dispute_of, store, id)), media_type="application/zip", headers=headers)

    @router.post("/orders/{id:int}/try")
    def try_(request: Request, id: int, act: Act = compliance_try) -> Response:
        """What the rules say of the cartons in the form; nothing is recorded."""
        try:
            document, order = order_of(store, id)
            shipped = shipped_of(act.form, "", document, store.clock.now())
            partner = thread_page(store, id).row.partner
            tried = try_cartons(console.tools(), order.number, shipped, partner=partner, where="the form")
        except GatewayError as error:
            return console.again(request, error, "answer_856.html", **page_of(store, id, "856", act.form))
        exposed = {each.rule: each for each in tried.exposures}
        return console.page(request, "compliance_tried.html", id=id, order=order, tried=tried, exposed=exposed)

    return router


def _sought(request: Request) -> Sought:
    """What an address looks for. Raises WrongInput."""
    given = {name: request.query_params.get(name, "").strip() for name in FILTERS}
    before = request.query_params.get("before", "")
    if before and not (before.isdecimal() and before.isascii() and len(before) < 19):
        raise WrongInput(f"'{before}' is no look's number", where="before")
    return Sought(**given, before=int(before) if before else None)
