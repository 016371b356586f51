"""What every page works with: the store, who is looking, and how a page is written."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, unquote, urlsplit

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from fastapi.routing import APIRoute
from fastapi.templating import Jinja2Templates
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from edi_gateway import log
from edi_gateway.bootstrap.in_force import ToolsInForce
from edi_gateway.errors import Collected, Defect, GatewayError, TryAgain, WrongInput
from edi_gateway.mapping.library import Library
from edi_gateway.operations.maps import MAP, map_of_version
from edi_gateway.operations.rights import right_to
from edi_gateway.pipeline.tools import Tools
from edi_gateway.settings import Settings
from edi_gateway.store.database import Database
from edi_gateway.store.vault import Vault, VaultKey
from edi_gateway.trading.directory import Directory
from edi_gateway.views.home import menu
from edi_gateway.web import words
from edi_gateway.web.forms import Form, check_csrf, csrf_of, read_form
from edi_gateway.web.identify import ADMINISTER, READ, Identify, Person

SESSION, VISIT, TOLD = "edi_gateway_session", "edi_gateway_visit", "edi_gateway_told"
_MAPS_KEPT = 50
_log = log.logger(__name__)
_TEMPLATES = Path(__file__).parent / "templates"


class NotSignedIn(Exception):
    """Nobody is signed in: the visitor is led to the sign-in page, and back."""


class Act(NamedTuple):
    """A form somebody sent who may do what it asks."""

    person: Person
    form: Form

    @property
    def by(self) -> str:
        return self.person.name

    @property
    def is_admin(self) -> bool:
        return self.person.may(ADMINISTER)


class MapThen(NamedTuple):
    """The maps with one of them as it was when a document was handled."""

    maps: Library
    is_in_force: bool


class Console:
    """One console over one store."""

    def __init__(self, store: Database, settings: Settings, identify: Identify) -> None:
        self.store, self.settings, self.identify = store, settings, identify
        self._tools = ToolsInForce(store)
        self._maps: dict[tuple[str, str], Library] = {}  # of former versions
        self._templates = Jinja2Templates(directory=_TEMPLATES)
        words.teach(self._templates.env)
        self._templates.env.trim_blocks = self._templates.env.lstrip_blocks = True

    def tools(self) -> Tools:
        """Store, profiles and maps in force, for what computes and records. Raises WrongInput where nothing is in force."""
        return self._tools()

    def directory(self) -> Directory | None:
        """Whom we deal with, as in force; None where nothing is yet."""
        try:
            return self._tools().directory
        except WrongInput:
            return None

    def map_then(self, name: str, version: str) -> MapThen:
        """A map as it was in a version. Raises WrongInput for one that was not kept."""
        with suppress(WrongInput):
            maps = self._tools().maps
            if name in maps.names() and maps.version(name) == version:
                return MapThen(maps, is_in_force=True)
        if (name, version) not in self._maps:
            with self.store.read() as unit:
                if version not in {each.version for each in unit.versions.history(MAP, name)}:
                    raise WrongInput(f"version {version[:12]} of map {name} was not kept")
            self._maps[name, version] = map_of_version(self.store, name, version)
            while len(self._maps) > _MAPS_KEPT:
                self._maps.pop(next(iter(self._maps)), None)
        return MapThen(self._maps[name, version], is_in_force=False)

    def vault(self) -> Vault:
        """Where private keys go."""
        return Vault(self.store, VaultKey.configured(self.settings))

    # -- who is looking --------------------------------------------------------------------------

    def person(self, request: Request) -> Person:
        """Who is signed in. Raises NotSignedIn."""
        person = self._who(request)
        if person is None:
            raise NotSignedIn
        return person

    def _who(self, request: Request) -> Person | None:
        """Whoever a request comes from, looked up once: a dependency asks, a route, and its page."""
        found: tuple[Person | None] | None = getattr(request.state, "who", None)
        if found is None:
            found = request.state.who = (self.identify.who(request.cookies.get(SESSION, "")),)
        return found[0]

    def may(self, what: str) -> Callable[[Request], Person]:
        """A dependency: the person, where they may do ``what``. Raises WrongInput for one who may not."""

        def asked(request: Request) -> Person:
            person = self.person(request)
            if not person.may(what):
                raise Forbidden(f"{person.name} is {person.role}, and may not {what}", do="ask an administrator for the role")
            return person

        return asked

    @property
    def reads(self) -> Callable[[Request], Person]:
        """A dependency: somebody who may read."""
        return self.may(READ)

    def act(self, operation: str) -> Callable[[Request], Awaitable[Act]]:
        """A dependency of what changes something: the form, from a page of ours, of a person who may do this operation."""
        right = right_to(operation)
        asked = self.may(right.what)

        async def acting(request: Request) -> Act:
            person = asked(request)
            form = await read_form(request)
            check_csrf(form, self.secret(request))
            return Act(person, form)

        acting.right = right  # type: ignore[attr-defined]  # for whoever holds the doors against each other
        return acting

    def secret(self, request: Request) -> str:
        """What only this visitor's cookies hold: the session's token, or before signing in a number of the visit."""
        return request.cookies.get(SESSION, "") or request.cookies.get(VISIT, "")

    # -- how a page is written -------------------------------------------------------------------

    def page(self, request: Request, template: str, /, **context: Any) -> Response:
        """A page, with what every page shows."""
        return self.page_as(200, request, template, **context)

    def page_as(self, code: int, request: Request, template: str, /, **context: Any) -> Response:
        """A page that is no success: 422 for what was wrong in a form."""
        person = self._who(request)
        needs, alerts = menu(self.store) if person else (None, 0)
        secret = self.secret(request)
        new = "" if secret else secrets.token_urlsafe(24)
        shared = {
            "person": person,
            "asks": self.identify.asks,
            "csrf": csrf_of(secret or new),
            "told": unquote(request.cookies.get(TOLD, "")),
            "needs": needs,
            "alerts": alerts,
            "here": request.url.path,
        }
        response = self._templates.TemplateResponse(request, template, shared | context, status_code=code)
        if new:
            self.set_cookie(request, response, VISIT, new)
        if TOLD in request.cookies:
            response.delete_cookie(TOLD)
        return response

    def go(self, request: Request, to: str, told: str = "") -> Response:
        """To another page of ours, which shows a sentence once."""
        response = RedirectResponse(local(to), status_code=303)
        if told:
            self.set_cookie(request, response, TOLD, quote(told[:1500]), seconds=60)
        return response

    def set_cookie(self, request: Request, response: Response, name: str, value: str, seconds: int | None = None) -> None:
        """A cookie that no script reads and no other site sends; only over TLS where the page came so."""
        secure = request.url.scheme == "https"
        response.set_cookie(name, value, max_age=seconds, path="/", httponly=True, secure=secure, samesite="strict")

    def again(self, request: Request, error: GatewayError, template: str, /, **context: Any) -> Response:
        """The page of a form as it was filled in, with what is wrong with it: nothing that was keyed in is lost."""
        code = next((code for kind, code in _CODES.items() if isinstance(error, kind)), 422)
        if type(error) is TryAgain and not error.do:  # what a person asked for no engine tries again
            error = TryAgain(error.what, where=error.where, do="try it once more in a moment")
        mistakes = error.mistakes if isinstance(error, Collected) else (error,)
        return self.page_as(code, request, template, mistakes=mistakes, **context)

    def no_page(self, request: Request, error: HTTPException) -> Response:
        """Where there is no page: people are told so on one, programs that send something in JSON."""
        if request.method != "GET":
            return JSONResponse({"detail": error.detail}, error.status_code, headers=error.headers)
        do = _ELSEWHERE.get(request.url.path, "go there by the menu, or look for it under Documents")
        wrong = WrongInput(f"there is no page {request.url.path}", do=do)
        response = self.trouble(request, wrong)
        response.status_code = error.status_code
        return response

    def trouble(self, request: Request, error: GatewayError) -> Response:
        """What went wrong, as a page that says what to do."""
        referer = urlsplit(request.headers.get("referer", ""))
        back = local(referer.path or "/") + (f"?{referer.query}" if referer.query else "")
        return self.again(request, error, "trouble.html", back=back)


class Forbidden(WrongInput):
    """A person's role does not allow it."""


_ELSEWHERE = {"/metrics": "the figures for Prometheus are at /api/v1/metrics, read with an API key"}
_CODES = {Forbidden: 403, TryAgain: 503, Defect: 500}


def local(address: str) -> str:
    """An address within this site; the home page for any other."""
    return address if address.startswith("/") and not address.startswith(("//", "/\\")) else "/"


def route_class(console: Console) -> type[APIRoute]:
    """Routes whose errors are pages: nobody ever sees a traceback, and who is not signed in is led there."""

    class PageRoute(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handle = super().get_route_handler()

            async def guarded(request: Request) -> Response:
                try:
                    return await handle(request)
                except NotSignedIn:
                    return _to_sign_in(request)
                except GatewayError as error:
                    return console.trouble(request, error)
                except RequestValidationError as error:
                    return console.trouble(request, _misread(error))
                except (HTTPException, ClientDisconnect):
                    raise
                except Exception as error:
                    said = f"{type(error).__name__}: {error}"
                    _log.error("a page met a defect", error=said, path=request.url.path, exc_info=error)
                    wrong = Defect("the gateway itself is wrong", do="please report it; the log says where")
                    return console.trouble(request, wrong)

            return guarded

    return PageRoute


def _misread(error: RequestValidationError) -> GatewayError:
    """What is wrong in an address."""
    return Collected([WrongInput(_said(one), where=str(one["loc"][-1])) for one in error.errors()])


def _said(mistake: dict[str, Any]) -> str:
    return f"'{mistake['input']}' is no number" if mistake["type"].startswith("int") else str(mistake["msg"])


def _to_sign_in(request: Request) -> Response:
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    to = f"/sign-in?next={quote(wanted, safe='')}" if request.method == "GET" and wanted != "/" else "/sign-in"
    if "hx-request" in request.headers:  # a part of a page cannot be a sign-in page
        return Response(status_code=401, headers={"HX-Redirect": to})
    return RedirectResponse(to, status_code=303)
