"""Certificates, ours and partners'. Private keys go in and never come out."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field, SecretStr

from edi_gateway.api import models
from edi_gateway.api.caller import Caller, Overseer, does
from edi_gateway.api.office import Here
from edi_gateway.api.once import Once
from edi_gateway.api.problem import Problem, not_found
from edi_gateway.api.words import Number, moment
from edi_gateway.errors import WrongInput
from edi_gateway.operations.certificates import add_certificate, retire_certificate
from edi_gateway.trading.certificate_files import read_bundle
from edi_gateway.trading.certificates import owner_of_connection, owner_of_identity

routes = APIRouter(prefix="/certificates", tags=["certificates"], route_class=Once)


class CertificateOut(models.Out):
    """What may be known of a certificate."""

    id: int
    owner: str = Field(examples=["connection:northwind-as2"])
    role: str
    fingerprint: str = Field(description="SHA-256, hex.")
    subject: str
    valid_from: datetime
    valid_until: datetime
    use_from: datetime
    has_key: bool
    retired_at: datetime | None
    added_at: datetime
    added_by: str


class NewCertificate(BaseModel):
    """A PEM, DER, P7B or P12 file, in base64; of a partner's connection or of an identity of ours, which comes with its key."""

    connection: str = Field("", max_length=80)
    ours: str = Field("", max_length=80)
    file: str = Field(max_length=200_000)
    password: SecretStr | None = None
    role: Literal["any", "signing", "encryption"] = "any"
    use_from: datetime | None = None


@routes.get("", response_model=list[CertificateOut])
def certificates(office: Here, caller: Overseer) -> Any:
    """All that are not retired, by owner."""
    with office.store.read() as unit:
        return unit.certificates.all()


@routes.post("", status_code=201, response_model=CertificateOut)
def add(office: Here, caller: Annotated[Caller, does("certificate.change", whole=True)], new: NewCertificate) -> Any:
    """Adds one; from ``use_from`` on it is used beside or instead of the one before."""
    if bool(new.connection) == bool(new.ours):
        raise WrongInput("a certificate is of a partner's connection or of an identity of ours", do="name one of them")
    directory = office.tools().directory
    owner = (
        owner_of_connection(directory.connection(new.connection).name)
        if new.connection
        else owner_of_identity(directory.identity(new.ours).name)
    )
    password = new.password.get_secret_value().encode() if new.password else None
    bundle = read_bundle(_file(new.file), password, "file")
    if new.ours and bundle.key is None:
        raise WrongInput("a certificate of ours comes with its private key", do="give the P12")
    if new.connection:
        bundle = bundle._replace(key=None)
    return add_certificate(office.store, office.vault, owner, bundle, caller.name, role=new.role, use_from=moment(new.use_from))


@routes.delete("/{id}", status_code=204)
def retire(office: Here, caller: Annotated[Caller, does("certificate.change", whole=True)], id: Number) -> None:
    """Takes one out of use; it and its key are kept."""
    with office.store.read() as unit:
        if unit.certificates.get(id) is None:
            raise not_found(f"certificate {id}")
    retire_certificate(office.store, id, caller.name)


def _file(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Problem("wrong_input", "file is not base64") from None
