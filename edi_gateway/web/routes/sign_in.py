"""Signing in and out."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from edi_gateway.errors import GatewayError
from edi_gateway.web.console import SESSION, Console, local, route_class
from edi_gateway.web.forms import check_csrf, read_form


def routes(console: Console) -> APIRouter:
    """Sign in, sign out."""
    router = APIRouter(route_class=route_class(console))

    @router.get("/sign-in")
    def ask(request: Request, next: str = "/") -> Response:
        return console.page(request, "sign_in.html", next=local(next), name="", wrong=None)

    @router.post("/sign-in")
    async def sign_in(request: Request) -> Response:
        form = await read_form(request)
        check_csrf(form, console.secret(request))
        name, to = form.get("name"), local(form.get("next", "/"))
        address = request.client.host if request.client else ""
        try:
            token = await run_in_threadpool(console.identify.sign_in, name, form.get("password"), address)
        except GatewayError as error:
            return console.page_as(401, request, "sign_in.html", next=to, name=name, wrong=error)
        response = console.go(request, to)
        console.set_cookie(request, response, SESSION, token)
        return response

    @router.post("/sign-out")
    async def sign_out(request: Request) -> Response:
        form = await read_form(request)
        check_csrf(form, console.secret(request))
        await run_in_threadpool(console.identify.sign_out, request.cookies.get(SESSION, ""))
        response = console.go(request, "/sign-in", "You are signed out.")
        response.delete_cookie(SESSION)
        return response

    return router
