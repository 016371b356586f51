"""Cross-references: partners' codes and ours; mending a missing one, and letting go on what waited for it."""

from __future__ import annotations

import io
from collections import Counter

from fastapi import APIRouter, Depends, Request, Response

from edi_gateway.errors import WrongInput
from edi_gateway.operations import cross_reference as operation
from edi_gateway.store.database import Database
from edi_gateway.trading.cross_reference import KINDS, CrossReference, Kind, write_csv
from edi_gateway.views.reasons import reasons_with
from edi_gateway.web.console import Act, Console, route_class
from edi_gateway.web.moments import day
from edi_gateway.web.routes.documents import partner_names
from edi_gateway.web.routes.holds import Miss, misses
from edi_gateway.wording import count


def routes(console: Console) -> APIRouter:
    """The entries, those that are missing, and adding one."""
    router = APIRouter(route_class=route_class(console), dependencies=[Depends(console.reads)])
    store = console.store
    cross_reference_change = Depends(console.act("cross_reference.change"))

    @router.get("/cross-references")
    def page(request: Request, partner: str = "", q: str = "", kind: str = "", theirs: str = "") -> Response:
        names = partner_names(console)
        partner = partner or (names[0] if names else "")
        with store.read() as unit:
            found = unit.cross_references.of(partner) if partner in names else []
        rows = [each for each in found if q.lower() in f"{each.theirs} {each.ours} {each.note}".lower()]
        missing = sorted(_missing(store).items())
        context = {"partner": partner, "partners": names, "q": q, "kind": kind, "theirs": theirs, "kinds": KINDS}
        return console.page(request, "cross_references.html", rows=rows, missing=missing, **context)

    @router.get("/cross-references/{partner}.csv")
    def as_csv(partner: str) -> Response:
        with store.read() as unit:
            entries = unit.cross_references.of(partner)
        file = io.StringIO()
        write_csv(entries, file)
        headers = {"Content-Disposition": 'attachment; filename="cross-references.csv"'}
        return Response(file.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)

    @router.post("/cross-references")
    def add(request: Request, act: Act = cross_reference_change) -> Response:
        partner = act.form.get("partner")
        if partner not in partner_names(console):
            raise WrongInput(f"there is no partner '{partner}'")
        entry = operation.with_first_day_there(store, partner, entry_of(act))
        operation.put_in_force(store, partner, [entry], by=act.by)
        told = f"{entry.kind} {entry.theirs} of {partner} is {entry.ours}."
        if act.form.get("resume"):
            told += _resumed(console, act, partner, entry)
        return console.go(request, f"/cross-references?partner={partner}", told)

    return router


def _missing(store: Database) -> Counter[Miss]:
    """The codes that something waits for, with the number of flows that do."""
    waiting = Counter[Miss]()
    for because, flows in reasons_with(store, operation.MENDED_BY).items():
        for miss in set(misses(because)):
            waiting[miss] += flows
    return waiting


def _resumed(console: Console, act: Act, partner: str, entry: CrossReference) -> str:
    """Lets go on what waited, where whoever entered the code may; says what became of it."""
    if not act.person.may_do("hold.resume"):
        return " What waits for it goes on when somebody who operates resumes it."
    waiting = operation.resume_held(console.store, partner, entry, by=act.by)
    return f" {count(len(waiting), 'flow')} waited for it: on the way again." if waiting else " Nothing waited for it."


def entry_of(act: Act) -> CrossReference:
    """The entry a form gives. Raises WrongInput."""
    qualifier, colon, code = act.form.get("theirs").partition(":")
    ours = act.form.get("ours")
    if not (colon and code.strip() and ours) or len(qualifier) > 3 or len(code) > 80 or len(ours) > 80:
        raise WrongInput(
            f"'{act.form.get('theirs')}' with us '{ours}' is no entry", do="write their code QUALIFIER:CODE, such as IN:000044013"
        )
    return CrossReference(
        kind=_kind(act.form.get("kind")),
        qualifier=qualifier.strip(),
        code=code.strip(),
        ours=ours,
        valid_from=day(act.form.get("valid_from")),
        valid_until=day(act.form.get("valid_until")),
        note=act.form.get("note"),
    )


def _kind(text: str) -> Kind:
    for kind in KINDS:
        if text == kind:
            return kind
    raise WrongInput(f"there is no kind '{text}'", do="item or location")
