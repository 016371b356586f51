"""Connections tried from the console, one or all of a partner; what came of it is on record."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request, Response

from edi_gateway.bootstrap.offline import connections_of
from edi_gateway.bootstrap.tested import tell_tested
from edi_gateway.transports.ping import Step
from edi_gateway.web.console import Act, Console, local, route_class
from edi_gateway.web.routes.partners import directory_of


def routes(console: Console) -> APIRouter:
    """Trying a partner's connections, or one."""
    router = APIRouter(route_class=route_class(console), dependencies=[Depends(console.reads)])
    connection_try = Depends(console.act("connection.try"))

    @router.post("/partners/{name}/ping")
    def ping(request: Request, name: str, act: Act = connection_try) -> Response:
        directory = directory_of(console)
        partner = directory.partner(name)
        ours = [each.name for each in directory.connections if partner in directory.users_of(each.name) or name in each.senders]
        return console.page(request, "ping.html", back=f"/partners/{name}", tried=tried(console, ours, by=act.by))

    @router.post("/connections/{name}/ping")
    def ping_one(request: Request, name: str, act: Act = connection_try) -> Response:
        back = local(urlsplit(request.headers.get("referer", "")).path or "/partners")
        return console.page(request, "ping.html", back=back, tried=tried(console, [name], by=act.by))

    return router


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
    for name, steps in found:
        tell_tested(console.store, name, steps, by=by)
    return found
