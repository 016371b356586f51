"""Editing a profile: as text or in a form, with the same checks as the files; the difference is shown before it is in force."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from edi_gateway.errors import Collected, WrongInput
from edi_gateway.operations.apply import differences
from edi_gateway.operations.put_profile import VersionChanged, check, put
from edi_gateway.trading.profile import TradingPartner
from edi_gateway.web.console import Act, Console, route_class
from edi_gateway.web.forms import Form
from edi_gateway.web.profile_form import as_given, form_of, with_fields
from edi_gateway.web.routes.partners import directory_of, in_force
from edi_gateway.wording import count


def routes(console: Console) -> APIRouter:
    """The editor, the difference it makes, and putting it in force."""
    router = APIRouter(route_class=route_class(console), dependencies=[Depends(console.reads)])
    store = console.store
    partner_change = Depends(console.act("partner.change"))

    @router.get("/partners/{name}/edit")
    def edit(request: Request, name: str) -> Response:
        partner = directory_of(console).partner(name)
        version, text = in_force(store, name)
        return console.page(
            request, "partner_edit.html", one=partner, text=text, seen=version, groups=form_of(partner), mistakes=()
        )

    def again(request: Request, partner: TradingPartner, text: str, form: Form, error: WrongInput) -> Response:
        """The editor with what was written, and what is wrong with it.

        Where another version is in force by now, what is sent next is held against that.
        """
        mistakes = error.mistakes if isinstance(error, Collected) else (error,)
        seen = in_force(store, partner.name)[0] if isinstance(error, VersionChanged) else form.get("seen")
        context = {"seen": seen, "groups": as_given(form_of(partner), form), "mistakes": mistakes}
        return console.page_as(422, request, "partner_edit.html", one=partner, text=text, **context)

    @router.post("/partners/{name}/edit")
    def preview(request: Request, name: str, act: Act = partner_change) -> Response:
        """The difference it makes, to be confirmed; or every mistake, with what was written."""
        partner = directory_of(console).partner(name)
        form, seen = act.form, act.form.get("seen")
        text = form.text("text") if form.get("how") == "text" else with_fields(in_force(store, name)[1], partner, form)
        try:
            proposed = check(store, console.tools().maps, "partner", name, text)
        except WrongInput as error:
            return again(request, partner, text, form, error)
        lines = differences(proposed.before, proposed.body)
        return console.page(request, "partner_diff.html", one=partner, text=text, seen=seen, lines=lines)

    @router.post("/partners/{name}/apply")
    def apply(request: Request, name: str, act: Act = partner_change) -> Response:
        partner, text = directory_of(console).partner(name), act.form.text("text")
        try:
            done = put(store, console.tools().maps, "partner", name, text, if_version=act.form.get("seen"), by=act.by)
        except WrongInput as error:
            return again(request, partner, text, act.form, error)
        changed = count(len(differences(done.before, done.body)), "value")
        told = f"In force: {changed} changed. A gateway that runs takes it up by itself."
        return console.go(request, f"/partners/{name}", told)

    return router
