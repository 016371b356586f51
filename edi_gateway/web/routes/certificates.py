"""Certificates: ours and partners', until when they hold; adding one, taking one out of use."""

from __future__ import annotations

from cryptography.hazmat.primitives.hashes import SHA1
from fastapi import APIRouter, Depends, Request, Response

from edi_gateway.errors import WrongInput
from edi_gateway.operations import certificates as operation
from edi_gateway.trading.certificate_files import Bundle, read_bundle, spoken, warnings_about
from edi_gateway.trading.certificates import Role, in_use, owner_of_connection, owner_of_identity
from edi_gateway.web.console import Act, Console, route_class
from edi_gateway.web.export import csv_of
from edi_gateway.web.forms import Form
from edi_gateway.web.identify import CONFIGURE
from edi_gateway.web.moments import ZONE, beginning_of

_ROLES: dict[str, Role] = {"any": "any", "signing": "signing", "encryption": "encryption"}


def routes(console: Console) -> APIRouter:
    """The list; adding; taking out of use."""
    router = APIRouter(route_class=route_class(console), dependencies=[Depends(console.reads)])
    store, configure = console.store, Depends(console.act(CONFIGURE))

    @router.get("/certificates")
    def page(request: Request) -> Response:
        with store.read() as unit:
            found = unit.certificates.all()
        now = store.clock.now()
        roles: tuple[Role, ...] = ("signing", "encryption")
        used = {
            each.id: [
                role
                for role in roles
                if (best := in_use([o for o in found if o.owner == each.owner], role, now)) and best.id == each.id
            ]
            for each in found
        }
        rows = [(each, each.days_left(now), used[each.id], spoken(each.fingerprint)) for each in found]
        return console.page(request, "certificates.html", rows=rows, owners=owners(console), roles=list(_ROLES))

    @router.get("/certificates.csv")
    def as_csv() -> Response:
        with store.read() as unit:
            found = unit.certificates.all()
        columns = ("id", "owner", "role", "subject", "valid_from", "valid_until", "use_from", "retired_at", "fingerprint")
        return csv_of("certificates", columns, [[getattr(row, name) for name in columns] for row in found])

    @router.post("/certificates")
    def add(request: Request, act: Act = configure) -> Response:
        owner, role = act.form.get("owner"), act.form.get("role", "any")
        if owner not in owners(console) or role not in _ROLES:
            raise WrongInput("a certificate is of one of our identities or of a connection", do="choose whose it is")
        bundle = given(act.form)
        is_ours = owner.startswith("ourselves:")
        if is_ours and bundle.key is None:
            raise WrongInput("a certificate of ours comes with its private key", do="give the P12, or PEM with the key in it")
        added = operation.add_certificate(
            store,
            console.vault(),
            owner,
            bundle if is_ours else bundle._replace(key=None),
            act.by,
            role=_ROLES[role],
            use_from=beginning_of(act.form.get("use_from"), act.form.get(ZONE)),
        )
        return console.go(request, f"/certificates/{added.id}", "Added. Compare its SHA-256 with what they read to you.")

    @router.get("/certificates/{id:int}")
    def one(request: Request, id: int) -> Response:
        with store.read() as unit:
            found = unit.certificates.get(id)
        if found is None:
            raise WrongInput(f"there is no certificate {id}", do="see Certificates")
        bundle = read_bundle(found.der)
        prints = {"SHA-256": found.fingerprint, "SHA-1": bundle.certificate.fingerprint(SHA1()).hex()}  # some still read that out
        return console.page(
            request,
            "certificate.html",
            one=found,
            days=found.days_left(store.clock.now()),
            whose=owners(console).get(found.owner, found.owner),
            connection=found.owner.removeprefix("connection:") if found.owner.startswith("connection:") else "",
            prints=[(name, spoken(each)) for name, each in prints.items()],
            issuer=bundle.certificate.issuer.rfc4514_string(),
            serial=f"{bundle.certificate.serial_number:x}",
            notes=warnings_about(bundle.certificate),
        )

    @router.post("/certificates/{id:int}/retire")
    def retire(request: Request, id: int, act: Act = configure) -> Response:
        known = operation.retire_certificate(store, id, act.by)
        return console.go(request, "/certificates", f"{known.subject} is out of use; it is kept.")

    return router


def given(form: Form) -> Bundle:
    """The certificate of a form: a file, or text that was pasted. Raises WrongInput, without quoting any of it."""
    file, password = form.file("file"), form.get("passphrase").encode() or None
    if file is None and not form.get("pem"):
        raise WrongInput("there is no certificate in the form", do="choose its file, or paste its text")
    if file is not None:
        return read_bundle(file.body, password, where=file.name)
    return read_bundle(form.text("pem").encode(), password, where="what was pasted")


def owners(console: Console) -> dict[str, str]:
    """Whose a certificate can be: AS2 connections, and our identities; with what to call them."""
    directory = console.directory()
    if directory is None:
        return {}
    theirs = {owner_of_connection(each.name): f"{each.name} (their connection)" for each in directory.connections}
    ours = {owner_of_identity(each.name): f"{each.name} (ours)" for each in directory.ourselves}
    return theirs | ours
