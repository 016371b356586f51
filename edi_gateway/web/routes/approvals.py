"""Approvals: orders that our rules hold for a person, and what one person asked for and a second one has to agree to."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from edi_gateway.operations.answer_approval import give_approval, refuse_approval
from edi_gateway.views.asked import asked
from edi_gateway.web.console import Act, Console, route_class
from edi_gateway.web.export import csv_of

MOST = 100  # on one page


def routes(console: Console) -> APIRouter:
    """The list; agreeing and refusing."""
    router = APIRouter(route_class=route_class(console), dependencies=[Depends(console.reads)])
    approval_answer = Depends(console.act("approval.answer"))

    @router.get("/approvals")
    def page(request: Request, after: int = 0) -> Response:
        found = asked(console.store, limit=MOST + 1, after=after)
        rows, more = found.rows[:MOST], len(found.rows) > MOST
        return console.page(request, "approvals.html", rows=rows, all=found.all, after=after, more=more)

    @router.get("/approvals.csv")
    def as_csv(request: Request) -> Response:
        with console.store.read() as unit:
            rows = unit.approvals.open()
        columns = ("id", "operation", "subject", "partner", "because", "asked_by", "asked_at")
        return csv_of(request, "approvals", columns, [[getattr(row, name) for name in columns] for row in rows])

    @router.post("/approvals/{id:int}")
    def answer(request: Request, id: int, act: Act = approval_answer) -> Response:
        if act.form.get("answer") == "give":
            given = give_approval(console.tools(), id, because=act.form.get("because"), by=act.by)
            return console.go(request, "/approvals", given.text)
        refused = refuse_approval(console.tools(), id, because=act.form.get("because"), by=act.by)
        return console.go(request, "/approvals", refused)

    return router
