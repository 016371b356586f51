"""Settings: people, keys of programs, and what an operator set."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter, Depends, Request, Response

from edi_gateway import __version__
from edi_gateway.errors import WrongInput
from edi_gateway.operations import keys, people
from edi_gateway.trading.profile import MailboxConnection
from edi_gateway.web.console import SESSION, Act, Console, route_class
from edi_gateway.web.export import csv_of
from edi_gateway.web.forms import check_csrf, read_form
from edi_gateway.web.identify import ADMINISTER
from edi_gateway.web.routes.documents import partner_names

ROLES = ("viewer", "analyst", "operator", "admin")
SCOPES = ("read", "operate", "admin", "mailbox")
DEAD = 100  # messages of a webhook that did not arrive, told again at once
_SHOWN = "The key, shown this once; we keep only its hash"
_PERSON = ("name", "role", "disabled_at", "created_at", "last_seen_at")
_KEY = (
    "id",
    "name",
    "scope",
    "partner",
    "connection",
    "created_at",
    "created_by",
    "ends_at",
    "used_at",
    "revoked_at",
)


def routes(console: Console) -> APIRouter:
    """People and keys, for admins; and the page a one-time link leads to."""
    router = APIRouter(route_class=route_class(console))
    store = console.store
    person_change = Depends(console.act("person.change"))
    key_change = Depends(console.act("key.change"))

    @router.get("/settings", dependencies=[Depends(console.may(ADMINISTER))])
    def page(request: Request) -> Response:
        return settings_page(console, request)

    @router.get("/settings/people.csv", dependencies=[Depends(console.may(ADMINISTER))])
    def people_as_csv(request: Request) -> Response:
        return csv_of(request, "people", _PERSON, [[getattr(row, name) for name in _PERSON] for row in people.everybody(store)])

    @router.get("/settings/keys.csv", dependencies=[Depends(console.may(ADMINISTER))])
    def keys_as_csv(request: Request) -> Response:
        return csv_of(request, "keys", _KEY, [[getattr(row, name) for name in _KEY] for row in keys.all_keys(store)])

    @router.post("/settings/people")
    def invite(request: Request, act: Act = person_change) -> Response:
        token = people.invite(store, act.form.get("name"), act.form.get("role"), by=act.by)
        link = f"{str(request.base_url).rstrip('/')}/welcome?token={token}"
        return settings_page(console, request, shown=("The link, shown this once; give it to them over a way you trust", link))

    @router.post("/settings/people/{name}")
    def change(request: Request, name: str, act: Act = person_change) -> Response:
        disabled = {"out": True, "in": False}.get(act.form.get("let"))
        revoked = people.change(store, name, role=act.form.get("role"), disabled=disabled, by=act.by)
        return console.go(request, "/settings", f"{name} is changed{people.said_of_keys(revoked)}.")

    @router.post("/settings/keys")
    def make_key(request: Request, act: Act = key_change) -> Response:
        return settings_page(console, request, shown=(_SHOWN, made_key(console, act)))

    @router.post("/settings/keys/{id}/revoke")
    def revoke(request: Request, id: str, act: Act = key_change) -> Response:
        keys.revoke(store, id, by=act.by)
        return console.go(request, "/settings", f"Key {id} is true no longer.")

    @router.get("/welcome")
    def invitation(request: Request, token: str = "") -> Response:
        return console.page(request, "invitation.html", meant=people.invited(store, token), token=token, wrong=None)

    @router.post("/welcome")
    async def accept(request: Request, token: str = "") -> Response:
        form = await read_form(request)
        check_csrf(form, console.secret(request))
        meant, address = people.invited(store, token), request.client.host if request.client else ""
        try:
            if form.get("password") != form.get("again"):
                raise WrongInput("the two passwords differ", do="write the same twice")
            session = people.accept(store, token, form.get("name"), form.get("password"), address)
        except WrongInput as error:
            return console.page_as(422, request, "invitation.html", meant=meant, token=token, wrong=error)
        response = console.go(request, "/", f"Welcome, {session.person.name}.")
        console.set_cookie(request, response, SESSION, session.token)
        return response

    return router


def made_key(console: Console, act: Act) -> str:
    """The key a form asks for, in the clear. Raises WrongInput for what is no partner, no mailbox or no scope."""
    form, connection = act.form, act.form.get("connection")
    if connection and connection not in mailboxes(console):
        raise WrongInput(f"'{connection}' is no mailbox", do="choose one of the list")
    lasts = timedelta(days=form.number("days")) if form.get("days") else None
    of = {"partner": form.get("partner") or None, "connection": connection or None}
    return keys.make(console.store, form.get("name"), form.get("scope"), **of, lasts=lasts, by=act.by)[0]


def mailboxes(console: Console) -> list[str]:
    """The connections that are mailboxes of ours."""
    directory = console.directory()
    return [each.name for each in directory.connections if isinstance(each, MailboxConnection)] if directory else []


def settings_page(console: Console, request: Request, shown: tuple[str, str] | None = None) -> Response:
    with console.store.read() as unit:
        known = [(row, unit.webhooks.deliveries(row.id, "dead", None, DEAD)) for row in unit.webhooks.all()]
    return console.page(
        request,
        "settings.html",
        people=people.everybody(console.store),
        keys=keys.all_keys(console.store),
        going=keys.made_by_people(console.store),
        roles=ROLES,
        scopes=SCOPES,
        partners=partner_names(console),
        mailboxes=mailboxes(console),
        webhooks=known,
        shown=shown,
        version=__version__,
        data=console.settings.data.resolve(),
        now=console.store.clock.now(),
    )
