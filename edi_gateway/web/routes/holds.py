"""Holds: what waits for a person, why, and letting it go on, refusing it or ending it."""

from __future__ import annotations

import re
import shlex
from datetime import datetime
from typing import NamedTuple

from fastapi import APIRouter, Depends, Request, Response

from edi_gateway.clock import moment_of
from edi_gateway.operations.correct_held import CORRECTABLE
from edi_gateway.operations.deliver_out_of_band import deliver_out_of_band
from edi_gateway.operations.dismiss import dismiss
from edi_gateway.operations.hold import hold
from edi_gateway.operations.reject_hold import reject_hold
from edi_gateway.operations.resume import resume
from edi_gateway.views import set_list
from edi_gateway.web.console import Act, Console, route_class
from edi_gateway.web.export import csv_of
from edi_gateway.web.routes.documents import partner_names

MOST = 100  # on one page
_MISS = re.compile(r"edi-gateway xref add (.+?) --resume")


class Miss(NamedTuple):
    """An entry that a cross-reference lacks."""

    partner: str
    kind: str
    qualifier: str
    code: str


def misses(because: str) -> list[Miss]:
    """The cross-references a hold says are missing: it names the command that would mend each."""
    found = []
    for command in _MISS.findall(because):
        partner, kind, theirs, *_ = shlex.split(command)
        qualifier, _, code = theirs.partition(":")
        found.append(Miss(partner, kind, qualifier, code))
    return found


def routes(console: Console) -> APIRouter:
    """The list, and what can be done with each."""
    router = APIRouter(route_class=route_class(console), dependencies=[Depends(console.reads)])
    store = console.store
    hold_place = Depends(console.act("hold.place"))
    hold_resume = Depends(console.act("hold.resume"))
    hold_dismiss = Depends(console.act("hold.dismiss"))
    hold_reject = Depends(console.act("hold.reject"))
    hold_delivered = Depends(console.act("hold.delivered"))

    @router.get("/holds")
    def page(request: Request, partner: str = "", state: str = "", before: int | None = None) -> Response:
        found = set_list.held(store, partner, *filter(None, (state,)), limit=MOST + 1, before=before)
        rows, older = [(row, misses(row.because)) for row in found[:MOST]], found[MOST - 1].id if len(found) > MOST else None
        context = {"partner": partner, "state": state, "partners": partner_names(console), "correctable": CORRECTABLE}
        return console.page(request, "holds.html", rows=rows, before=before, older=older, **context)

    @router.get("/holds.csv")
    def as_csv(request: Request, partner: str = "", state: str = "") -> Response:
        rows = set_list.every_held(store, partner, *filter(None, (state,)))
        columns = ("id", "state", "stage", "partner", "code", "number", "changed_at", "because")
        return csv_of(request, "holds", columns, ([getattr(row, name) for name in columns] for row in rows))

    @router.post("/holds/{flow:int}/place")
    def place_one(request: Request, flow: int, act: Act = hold_place) -> Response:
        hold(store, flow, because=act.form.get("because"), by=act.by)
        return console.go(request, "/holds", f"Flow {flow} is held. What was behind it goes on.")

    @router.post("/holds/{flow:int}/resume")
    def resume_one(request: Request, flow: int, act: Act = hold_resume) -> Response:
        resume(store, flow, by=act.by, admin=act.is_admin, attach_to=act.form.get("attach"), seen=_seen(act))
        return console.go(request, "/holds", f"Flow {flow} goes on.")

    @router.post("/holds/{flow:int}/dismiss")
    def dismiss_one(request: Request, flow: int, act: Act = hold_dismiss) -> Response:
        dismiss(store, flow, because=act.form.get("because"), by=act.by, admin=act.is_admin, seen=_seen(act))
        return console.go(request, "/holds", f"Flow {flow} is dismissed. Its payload, document and history stay.")

    @router.post("/holds/{flow:int}/reject")
    def reject_one(request: Request, flow: int, act: Act = hold_reject) -> Response:
        told = reject_hold(console.tools(), flow, because=act.form.get("because"), by=act.by, seen=_seen(act))
        return console.go(request, "/holds", told)

    @router.post("/holds/{flow:int}/delivered")
    def delivered(request: Request, flow: int, act: Act = hold_delivered) -> Response:
        told = deliver_out_of_band(console.tools(), flow, because=act.form.get("because"), by=act.by, seen=_seen(act))
        return console.go(request, "/holds", str(told))

    return router


def _seen(act: Act) -> datetime | None:
    """When what the page showed had last changed."""
    return moment_of(act.form.get("seen"))
