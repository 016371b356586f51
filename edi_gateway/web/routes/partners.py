"""Partners: profiles as text and as forms with the same checks as the files, what changed when, and trying a connection."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request, Response

from edi_gateway.bootstrap.flow_page import flow_page
from edi_gateway.bootstrap.offline import connections_of
from edi_gateway.errors import Collected, WrongInput
from edi_gateway.operations.apply import differences
from edi_gateway.operations.put_profile import VersionChanged, check, current, put, text_of
from edi_gateway.pipeline.way import LaneKind
from edi_gateway.store.certifications import CertificationRow
from edi_gateway.store.database import Database
from edi_gateway.store.versions import Version
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.profile import TradingPartner
from edi_gateway.transports.ping import Step
from edi_gateway.views import engines, home
from edi_gateway.views.deadlines import deadlines
from edi_gateway.views.onboarding import TESTED
from edi_gateway.views.versions import Handled, handled_under
from edi_gateway.web.console import Act, Console, local, route_class
from edi_gateway.web.export import csv_of
from edi_gateway.web.forms import Form
from edi_gateway.web.identify import CONFIGURE
from edi_gateway.web.profile_form import as_given, form_of, with_fields


def routes(console: Console) -> APIRouter:
    """The list, a partner, and editing it."""
    router = APIRouter(route_class=route_class(console), dependencies=[Depends(console.reads)])
    store, configure = console.store, Depends(console.act(CONFIGURE))

    @router.get("/partners")
    def page(request: Request, failing: str = "") -> Response:
        directory, down = directory_of(console), _down(store)
        rows = [each for each in directory.partners if not failing or each.connection in down]
        return console.page(request, "partners.html", rows=rows, seen=home.last_seen(store), down=down, failing=failing)

    @router.get("/partners.csv")
    def as_csv() -> Response:
        columns = ("name", "title", "interchange", "connection", "time_zone", "agreements")
        rows = [
            (each.name, each.title, " ".join(map(str, each.interchange)), each.connection, each.time_zone, len(each.agreements))
            for each in directory_of(console).partners
        ]
        return csv_of("partners", columns, rows)

    @router.get("/partners/{name}")
    def one(request: Request, name: str) -> Response:
        directory = directory_of(console)
        partner = directory.partner(name)
        version, text = in_force(store, name)
        context = {"down": _down(store), "sync": [row for row in home.sync(store) if row.partner == name]}
        return console.page(
            request,
            "partner.html",
            one=partner,
            connection=directory.connection(partner.connection),
            text=text,
            version=version,
            history=history(store, name),
            due=deadlines(store, name)[:10],
            played=last_played(store, name),
            **context,
        )

    @router.get("/partners/{name}/flows")
    def flows(request: Request, name: str) -> Response:
        """Each agreement by its eight facts."""
        directory = directory_of(console)
        rows = flow_page(directory, console.tools().maps, name)
        return console.page(request, "partner_flows.html", one=directory.partner(name), rows=rows)

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
    def preview(request: Request, name: str, act: Act = configure) -> Response:
        """The difference it makes, to be confirmed; or every mistake, with what was written."""
        partner = directory_of(console).partner(name)
        form, seen = act.form, act.form.get("seen")
        text = form.text("text") if form.get("how") == "text" else with_fields(in_force(store, name)[1], partner, form)
        try:
            proposed = check(store, console.tools().maps.names(), "partner", name, text)
        except WrongInput as error:
            return again(request, partner, text, form, error)
        lines = differences(proposed.before, proposed.body)
        return console.page(request, "partner_diff.html", one=partner, text=text, seen=seen, lines=lines)

    @router.post("/partners/{name}/apply")
    def apply(request: Request, name: str, act: Act = configure) -> Response:
        partner, text = directory_of(console).partner(name), act.form.text("text")
        try:
            done = put(store, console.tools().maps.names(), "partner", name, text, if_version=act.form.get("seen"), by=act.by)
        except WrongInput as error:
            return again(request, partner, text, act.form, error)
        count = len(differences(done.before, done.body))
        told = f"In force: {count} value{'' if count == 1 else 's'} changed. A gateway that runs takes it up by itself."
        return console.go(request, f"/partners/{name}", told)

    @router.post("/partners/{name}/ping")
    def ping(request: Request, name: str, act: Act = configure) -> Response:
        directory = directory_of(console)
        partner = directory.partner(name)
        ours = [each.name for each in directory.connections if partner in directory.users_of(each.name) or name in each.senders]
        return console.page(request, "ping.html", back=f"/partners/{name}", tried=tried(console, ours, by=act.by))

    @router.post("/connections/{name}/ping")
    def ping_one(request: Request, name: str, act: Act = configure) -> Response:
        back = local(urlsplit(request.headers.get("referer", "")).path or "/partners")
        return console.page(request, "ping.html", back=back, tried=tried(console, [name], by=act.by))

    return router


def in_force(store: Database, name: str) -> tuple[str, str]:
    """The version in force of a partner's profile, and its text as a file. Raises WrongInput for a partner there is not."""
    found = current(store, "partner", name)
    if found is None:
        raise WrongInput(f"there is no partner '{name}' in force")
    return found[0], text_of("partner", found[1])


def last_played(store: Database, name: str) -> CertificationRow | None:
    """The simulated partner's last play with this partner's profile."""
    with store.read() as unit:
        found = unit.certifications.of(name, limit=1)
    return found[0] if found else None


def history(store: Database, name: str) -> list[tuple[Version, list[str], Handled | None]]:
    """Every version of a profile, the newest first: the version, what it changed, and how much was handled under it."""
    with store.read() as unit:
        versions = unit.versions.history("partner", name)
    handled = handled_under(store, "partner", name)
    before = ["", *(each.body for each in versions)]
    told = [
        (each, differences(was, each.body)[:60] if was else [], handled.get(each.version))
        for was, each in zip(before, versions, strict=False)
    ]
    return told[::-1]


def tried(console: Console, names: list[str], *, by: str) -> list[tuple[str, list[Step]]]:
    """Connections tried step by step; what came of it is on record. Raises WrongInput for one there is not."""
    directory = directory_of(console)
    for name in names:
        directory.connection(name)
    connections = connections_of(console.settings, directory)
    try:
        found = [(name, list(connections.ping(name))) for name in names]
    finally:
        connections.close()
    with console.store.write() as unit:
        for name, steps in found:
            wrong = next((f"failed at '{each.step}': {each.detail}" for each in steps if not each.ok), "every step went well")
            unit.events.tell(TESTED, f"connection:{name}", wrong, actor=by)
    return found


def _down(store: Database) -> dict[str, str]:
    """The connections that fail, and how."""
    wire = f"{LaneKind.WIRE}:"
    return {row.lane.removeprefix(wire): str(row) for row in engines.down(store) if row.lane.startswith(wire)}


def directory_of(console: Console) -> Directory:
    """Whom we deal with. Raises WrongInput where nothing is in force yet."""
    directory = console.directory()
    if directory is None:
        raise WrongInput("no partner is in force yet", do="write partners/ and run 'edi-gateway partner apply'")
    return directory
