"""Onboarding: what is left to do with a partner, and the simulated partner's play with its report."""

from __future__ import annotations

from pathlib import Path

import msgspec
from fastapi import APIRouter, BackgroundTasks, Depends, Request, Response

from edi_gateway.bootstrap.certification import Stage, chosen_habits
from edi_gateway.bootstrap.certification import kept as certification
from edi_gateway.errors import WrongInput
from edi_gateway.simulated_partner.certification import HABITS, Report, SampleFile, kept_samples, read_sample, sample_of
from edi_gateway.store.certifications import CertificationRow
from edi_gateway.web.console import Act, Console, route_class
from edi_gateway.web.forms import Form
from edi_gateway.web.onboarding import checklist
from edi_gateway.web.routes.partners import directory_of, in_force

USAGES = ("production", "test")


def routes(console: Console) -> APIRouter:
    """The checklist, beginning a play, and its report."""
    router = APIRouter(route_class=route_class(console), dependencies=[Depends(console.reads)])
    store = console.store
    partner_certify = Depends(console.act("partner.certify"))

    @router.get("/partners/{name}/onboarding")
    def page(request: Request, name: str) -> Response:
        directory = directory_of(console)
        partner, version = directory.partner(name), in_force(store, name)[0]
        with store.read() as unit:
            played = unit.certifications.of(name)
        return console.page(
            request,
            "onboarding.html",
            one=partner,
            steps=checklist(store, directory, partner, version),
            played=played,
            version=version,
            habits={each: habit.title for each, habit in HABITS.items()},
            samples=[path.name for path in kept_samples(_samples(console, name))],
            usages=USAGES,
        )

    @router.post("/partners/{name}/certifications")
    def begin(request: Request, name: str, tasks: BackgroundTasks, act: Act = partner_certify) -> Response:
        habits, tools = chosen_habits(act.form.all("habit")), console.tools()
        samples = _given(act.form) or [read_sample(path) for path in kept_samples(_samples(console, name))]
        stage = Stage(tools.directory, name, tools.maps, samples, act.form.get("usage") or None, clock=tools.clock)
        id = certification.begin(store, stage, name, habits, by=act.by)
        response = console.go(request, f"/partners/{name}/certifications/{id}")
        tasks.add_task(certification.play, store, id, stage, habits)
        response.background = tasks
        return response

    @router.get("/partners/{name}/certifications/{id:int}")
    def one(request: Request, name: str, id: int) -> Response:
        row = _row(console, name, id)
        still = row.state == "running" and store.clock.now() - row.changed_at > certification.STILL
        context = {"one": directory_of(console).partner(name), "row": row, "report": _report(row), "still": still}
        return console.page(request, "certification.html", **context, version=in_force(store, name)[0])

    @router.get("/partners/{name}/certifications/{id:int}.json")
    def as_json(name: str, id: int) -> Response:
        row = _row(console, name, id)
        headers = {"Content-Disposition": f'attachment; filename="certification-{name}-{id}.json"'}
        return Response(row.report or "{}", media_type="application/json", headers=headers)

    return router


def _row(console: Console, name: str, id: int) -> CertificationRow:
    with console.store.read() as unit:
        row = unit.certifications.get(id)
    if row is None or row.partner != name:
        raise WrongInput(f"there is no certification {id} of {name}", do="see its onboarding page")
    return row


def _report(row: CertificationRow) -> Report | None:
    return msgspec.json.decode(row.report, type=Report) if row.report else None


def _given(form: Form) -> list[SampleFile]:
    """The sample that came with the form. Raises WrongInput for one without an 850."""
    file = form.file("sample")
    return [sample_of(file.name, file.body)] if file else []


def _samples(console: Console, name: str) -> Path:
    return console.settings.partners / name / "samples"
