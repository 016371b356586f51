"""Who may come: the caller itself, people, API keys."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from edi_gateway.api import models
from edi_gateway.api.caller import Admin, Caller, Reader, does
from edi_gateway.api.office import Here
from edi_gateway.api.once import Once
from edi_gateway.api.problem import not_found
from edi_gateway.api.words import Name
from edi_gateway.operations import keys, people
from edi_gateway.operations.access import ROLES
from edi_gateway.store.people import PersonRow

routes = APIRouter(route_class=Once)
secret_routes = APIRouter()  # answers that hold a secret are never kept, so they take no Idempotency-Key


class Me(BaseModel):
    """Who calls, and what they may do."""

    name: str
    role: str
    partner: str | None = Field(description="The only partner whose things they see; null: all of them.")
    may: list[str] = Field(examples=[["operate", "read"]])


class PersonOut(models.Out):
    """Somebody who may sign in to the console."""

    name: str
    role: str
    disabled_at: datetime | None
    created_at: datetime
    last_seen_at: datetime | None


class NewPerson(BaseModel):
    """Somebody new, or somebody known who needs a new password."""

    name: str = Field(min_length=1, max_length=80, examples=["ann"])
    role: Literal["viewer", "analyst", "operator", "admin"]


class Link(BaseModel):
    """Where a password is set, once, within a day; nobody is shown it again."""

    path: str = Field(examples=["/welcome?token=…"])


class ChangedPerson(BaseModel):
    """What is given changes."""

    role: Literal["viewer", "analyst", "operator", "admin"] | None = None
    disabled: bool | None = None


class KeyOut(models.Out):
    """What may be known of a key."""

    id: str
    name: str
    scope: str
    partner: str | None
    connection: str | None
    created_at: datetime
    created_by: str
    ends_at: datetime | None
    used_at: datetime | None
    revoked_at: datetime | None


class PersonChanged(PersonOut):
    """Somebody as they are now, and the API keys that are true no longer for that, since they made them."""

    revoked_keys: list[KeyOut]


class NewKey(BaseModel):
    """``lasts_days`` none: until it is revoked."""

    name: str = Field(min_length=1, max_length=80, examples=["the shop"])
    scope: Literal["read", "operate", "admin", "mailbox"]
    partner: str | None = Field(None, min_length=1, max_length=80)
    connection: str | None = Field(None, min_length=1, max_length=80, description="Scope mailbox: whose mailbox it opens.")
    lasts_days: int | None = Field(None, ge=1, le=3650)


class MadeKey(BaseModel):
    """``secret`` is the key itself, shown this once."""

    key: KeyOut
    secret: str = Field(examples=["egw_…"])


@routes.get("/me", response_model=Me, tags=["access"])
def me(caller: Reader) -> Any:
    """Who calls."""
    return Me(name=caller.name, role=caller.role, partner=caller.partner, may=sorted(ROLES[caller.role]))


@routes.get("/people", response_model=list[PersonOut], tags=["access"])
def everybody(office: Here, caller: Admin) -> Any:
    """Everybody who may sign in."""
    return people.everybody(office.store)


@secret_routes.post("/people", status_code=201, response_model=Link, tags=["access"])
def invite(office: Here, caller: Annotated[Caller, does("person.change", whole=True)], new: NewPerson) -> Any:
    """Makes a one-time link with which they set a password."""
    return Link(path=f"/welcome?token={people.invite(office.store, new.name, new.role, by=caller.name)}")


@routes.patch("/people/{name}", response_model=PersonChanged, tags=["access"])
def change(office: Here, caller: Annotated[Caller, does("person.change", whole=True)], name: Name, wish: ChangedPerson) -> Any:
    """Gives somebody another role, keeps them out, or lets them in again.

    Whoever is kept out takes the API keys they made along, for good; who is no admin any more those of scope admin. The answer
    lists them. Mailbox keys stay: they are the partners'.
    """
    _person(office, name)
    revoked = people.change(office.store, name, role=wish.role or "", disabled=wish.disabled, by=caller.name)
    now = PersonOut.model_validate(_person(office, name))
    return PersonChanged(**now.model_dump(), revoked_keys=[KeyOut.model_validate(key) for key in revoked])


@routes.get("/keys", response_model=list[KeyOut], tags=["access"])
def every_key(office: Here, caller: Admin) -> Any:
    """Every API key there was."""
    return keys.all_keys(office.store)


@secret_routes.post("/keys", status_code=201, response_model=MadeKey, tags=["access"])
def make_key(office: Here, caller: Annotated[Caller, does("key.change", whole=True)], new: NewKey) -> Any:
    """Makes a key. It is in the answer and nowhere else."""
    if new.partner:
        office.tools().directory.partner(new.partner)
    lasts = timedelta(days=new.lasts_days) if new.lasts_days else None
    if new.connection:
        office.tools().directory.mailbox(new.connection)
    key, row = keys.make(
        office.store, new.name, new.scope, partner=new.partner, connection=new.connection, lasts=lasts, by=caller.name
    )
    return MadeKey(key=KeyOut.model_validate(row), secret=key)


@routes.delete("/keys/{id}", status_code=204, tags=["access"])
def revoke(office: Here, caller: Annotated[Caller, does("key.change", whole=True)], id: Name) -> None:
    """A key is true no longer, at once."""
    if id not in {each.id for each in keys.all_keys(office.store)}:
        raise not_found(f"key {id}")
    keys.revoke(office.store, id, by=caller.name)


def _person(office: Here, name: str) -> PersonRow:
    found = next((each for each in people.everybody(office.store) if each.name == name), None)
    if found is None:
        raise not_found(f"person {name}")
    return found
