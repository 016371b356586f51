"""Certificates: ours and partners', until when they hold; adding one, taking one out of use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA1
from fastapi import APIRouter, Depends, Request, Response

from edi_gateway.errors import WrongInput
from edi_gateway.operations import certificates as operation
from edi_gateway.store.database import Database
from edi_gateway.trading.certificate_files import Bundle, read_bundle, spoken, warnings_about
from edi_gateway.trading.certificates import Certificate, Role, in_use, owner_of_connection, owner_of_identity
from edi_gateway.web.console import Act, Console, route_class
from edi_gateway.web.export import csv_of
from edi_gateway.web.forms import Form
from edi_gateway.web.moments import ZONE, beginning_of

_USES: tuple[Role, ...] = ("signing", "encryption")
_ROLES: dict[str, Role] = {"any": "any", "signing": "signing", "encryption": "encryption"}


def routes(console: Console) -> APIRouter:
    """The list; adding; taking out of use."""
    router = APIRouter(route_class=route_class(console), dependencies=[Depends(console.reads)])
    store = console.store
    certificate_change = Depends(console.act("certificate.change"))

    @router.get("/certificates")
    def page(request: Request) -> Response:
        return console.page(request, "certificates.html", rows=_rows(store), owners=owners(console), roles=list(_ROLES))

    @router.get("/certificates.csv")
    def as_csv(request: Request) -> Response:
        with store.read() as unit:
            found = unit.certificates.all()
        columns = ("id", "owner", "role", "subject", "valid_from", "valid_until", "use_from", "retired_at", "fingerprint")
        return csv_of(request, "certificates", columns, [[getattr(row, name) for name in columns] for row in found])

    @router.post("/certificates")
    def add(request: Request, act: Act = certificate_change) -> Response:
        return console.go(
            request, f"/certificates/{_added(console, act)}", "Added. Compare its SHA-256 with what they read to you."
        )

    @router.get("/certificates/{id:int}")
    def one(request: Request, id: int) -> Response:
        with store.read() as unit:
            found = unit.certificates.get(id)
        if found is None:
            raise WrongInput(f"there is no certificate {id}", do="see Certificates")
        whose = owners(console).get(found.owner, found.owner)
        days = found.days_left(store.clock.now())
        return console.page(request, "certificate.html", one=found, days=days, whose=whose, **_told(found))

    @router.post("/certificates/{id:int}/retire")
    def retire(request: Request, id: int, act: Act = certificate_change) -> Response:
        known = operation.retire_certificate(store, id, act.by)
        return console.go(request, "/certificates", f"{known.subject} is out of use; it is kept.")

    return router


def _rows(store: Database) -> list[tuple[Certificate, int, list[Role], str]]:
    """Each certificate, how many days are left of it, what it is used for now, and its SHA-256 to be read out."""
    with store.read() as unit:
        found = unit.certificates.all()
    now = store.clock.now()
    return [(each, each.days_left(now), _used(each, found, now), spoken(each.fingerprint)) for each in found]


def _used(one: Certificate, found: Sequence[Certificate], now: datetime) -> list[Role]:
    of_owner = [each for each in found if each.owner == one.owner]
    best = {role: in_use(of_owner, role, now) for role in _USES}
    return [role for role, each in best.items() if each and each.id == one.id]


def _added(console: Console, act: Act) -> int:
    """The certificate that a form brings, on record; its number. Raises WrongInput."""
    owner, role = act.form.get("owner"), act.form.get("role", "any")
    if owner not in owners(console) or role not in _ROLES:
        raise WrongInput("a certificate is of one of our identities or of a connection", do="choose whose it is")
    bundle = given(act.form)
    is_ours = owner.startswith("ourselves:")
    if is_ours and bundle.key is None:
        raise WrongInput("a certificate of ours comes with its private key", do="give the P12, or PEM with the key in it")
    kept = bundle if is_ours else bundle._replace(key=None)
    use_from = beginning_of(act.form.get("use_from"), act.form.get(ZONE))
    return operation.add_certificate(console.store, console.vault(), owner, kept, act.by, role=_ROLES[role], use_from=use_from).id


def _told(one: Certificate) -> dict[str, Any]:
    """What the certificate itself says."""
    read = read_bundle(one.der).certificate
    prints = {"SHA-256": one.fingerprint, "SHA-1": read.fingerprint(SHA1()).hex()}  # some still read that out
    return {
        "connection": one.owner.removeprefix("connection:") if one.owner.startswith("connection:") else "",
        "prints": [(name, spoken(each)) for name, each in prints.items()],
        "issuer": read.issuer.rfc4514_string(),
        "serial": f"{read.serial_number:x}",
        "notes": warnings_about(read),
    }


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
