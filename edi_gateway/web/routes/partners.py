"""Partners: whom we deal with, each with its profile in force, what changed when, and its agreements by their eight facts."""

from __future__ import annotations

from operator import attrgetter

import msgspec
from fastapi import APIRouter, Depends, Request, Response

from edi_gateway.bootstrap.flow_page import flow_page
from edi_gateway.errors import WrongInput
from edi_gateway.operations.apply import differences
from edi_gateway.operations.put_profile import current, text_of
from edi_gateway.pipeline.way import LaneKind
from edi_gateway.store.certifications import CertificationRow
from edi_gateway.store.database import Database
from edi_gateway.store.versions import Version
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.profile import TradingPartner
from edi_gateway.views import engines, home
from edi_gateway.views.deadlines import DeadlineRow, most_urgent
from edi_gateway.views.sync import sync
from edi_gateway.views.versions import Handled, handled_under
from edi_gateway.web.console import Console, route_class
from edi_gateway.web.export import csv_of

_URGENT = 10  # answers that a partner's page names


def routes(console: Console) -> APIRouter:
    """The list, a partner, and its flows."""
    router = APIRouter(route_class=route_class(console), dependencies=[Depends(console.reads)])
    store = console.store

    @router.get("/partners")
    def page(request: Request, failing: str = "") -> Response:
        context = {"seen": home.last_seen(store), "down": _down(store), "failing": failing}
        return console.page(request, "partners.html", rows=_partners(console, failing), **context)

    @router.get("/partners.csv")
    def as_csv(request: Request, failing: str = "") -> Response:
        columns = ("name", "title", "interchange", "connection", "time_zone", "agreements")
        rows = [
            (each.name, each.title, " ".join(map(str, each.interchange)), each.connection, each.time_zone, len(each.agreements))
            for each in _partners(console, failing)
        ]
        return csv_of(request, "partners", columns, rows)

    @router.get("/partners/{name}")
    def one(request: Request, name: str) -> Response:
        directory = directory_of(console)
        partner = directory.partner(name)
        version, text = in_force(store, name)
        context = {"down": _down(store), "sync": sync(store, partner=name, with_last=False)}
        return console.page(
            request,
            "partner.html",
            one=partner,
            connection=directory.connection(partner.connection),
            text=text,
            version=version,
            history=history(store, name),
            due=_due(store, name),
            played=last_played(store, name),
            **context,
        )

    @router.get("/partners/{name}/history.csv")
    def history_as_csv(request: Request, name: str) -> Response:
        in_force(store, name)
        columns = ("applied_at", "applied_by", "version", "handled", "first", "last", "changes")
        rows = [
            (each.applied_at, each.applied_by, each.version, *_figures(handled), "; ".join(lines))
            for each, lines, handled in history(store, name)
        ]
        return csv_of(request, f"history-{name}", columns, rows)

    @router.get("/partners/{name}/flows.csv")
    def flows_as_csv(request: Request, name: str) -> Response:
        found = [(row.agreement, row.facts()) for row in flow_page(directory_of(console), console.tools().maps, name)]
        columns = ("agreement", *(found[0][1] if found else ()))
        rows = [(agreement, *("; ".join(map(str, each)) for each in facts.values())) for agreement, facts in found]
        return csv_of(request, f"flows-{name}", columns, rows)

    @router.get("/partners/{name}/flows")
    def flows(request: Request, name: str) -> Response:
        """Each agreement by its eight facts."""
        directory = directory_of(console)
        rows = flow_page(directory, console.tools().maps, name)
        return console.page(request, "partner_flows.html", one=directory.partner(name), rows=rows)

    return router


def in_force(store: Database, name: str) -> tuple[str, str]:
    """The version in force of a partner's profile, and its text as a file. Raises WrongInput for a partner there is not."""
    found = current(store, "partner", name)
    if found is None:
        raise WrongInput(
            f"there is no partner '{name}' in force", do="take one of the list of partners, or apply its files first"
        )
    return found[0], text_of("partner", found[1])


def last_played(store: Database, name: str) -> CertificationRow | None:
    """The simulated partner's last play with this partner's profile."""
    with store.read() as unit:
        found = unit.certifications.of(name, limit=1)
    return found[0] if found else None


def _due(store: Database, name: str) -> list[DeadlineRow]:
    """The most urgent answers outstanding with a partner, whoever owes them."""
    found = most_urgent(store, name, limit=_URGENT)
    return sorted((row for each in found.values() for row in each.rows), key=attrgetter("due_at"))[:_URGENT]


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


def _figures(handled: Handled | None) -> tuple[object, ...]:
    return msgspec.structs.astuple(handled) if handled else (0, None, None)


def _partners(console: Console, failing: str) -> list[TradingPartner]:
    """The partners in force, or those whose connection fails now."""
    down = _down(console.store)
    return [each for each in directory_of(console).partners if not failing or each.connection in down]


def _down(store: Database) -> dict[str, engines.DownRow]:
    """The connections that fail, and how."""
    wire = f"{LaneKind.WIRE}:"
    return {row.lane.removeprefix(wire): row for row in engines.down(store) if row.lane.startswith(wire)}


def directory_of(console: Console) -> Directory:
    """Whom we deal with. Raises WrongInput where nothing is in force yet."""
    directory = console.directory()
    if directory is None:
        raise WrongInput("no partner is in force yet", do="write partners/ and run 'edi-gateway partner apply'")
    return directory
