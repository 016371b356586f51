"""Webhooks: subscribed, paused, given a new secret; and what they were told."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from edi_gateway.api import models
from edi_gateway.api.caller import Admin, Caller, does
from edi_gateway.api.office import Here, Office
from edi_gateway.api.once import Once
from edi_gateway.api.page import Cursor, Limit, Page, after, page_of
from edi_gateway.api.problem import not_found
from edi_gateway.api.words import Number
from edi_gateway.operations import webhooks as operation
from edi_gateway.store.webhooks import WebhookRow

routes = APIRouter(prefix="/webhooks", tags=["webhooks"], route_class=Once)
secret_routes = APIRouter(prefix="/webhooks", tags=["webhooks"])  # answers that hold a secret are never kept

Kinds = Annotated[list[Annotated[str, Field(min_length=1, max_length=60)]], Field(max_length=50)]


class WebhookOut(models.Out):
    """Who is told of what. ``after`` is the last event that was looked at for it."""

    id: int
    address: str
    kinds: list[str] = Field(validation_alias="wanted", description="Kinds of events, or beginnings with a dot; empty: all.")
    partner: str | None
    after: int
    paused: bool
    created_at: datetime
    created_by: str


class NewWebhook(BaseModel):
    """Where to, and what of."""

    address: str = Field(max_length=2000, examples=["https://shop.example/hooks"])
    kinds: Kinds = Field([], examples=[["flow.held", "set."]])
    partner: str | None = Field(None, min_length=1, max_length=80)


class ChangedWebhook(BaseModel):
    """What is given changes."""

    address: str | None = Field(None, max_length=2000)
    kinds: Kinds | None = None
    paused: bool | None = None


class Secret(BaseModel):
    """``secret`` is shown this once: whoever receives checks signatures with it."""

    id: int
    secret: str = Field(examples=["whsec_…"])


class DeliveryOut(models.Out):
    """One event told to one webhook."""

    id: int
    event_id: int
    message_id: str = Field(description="webhook-id: the same at every try.")
    state: str = Field(examples=["delivered"])
    tries: int
    due_at: datetime
    status: int | None = Field(description="What was answered last.")
    detail: str
    created_at: datetime


@routes.get("", response_model=list[WebhookOut])
def webhooks(office: Here, caller: Admin) -> Any:
    """All of them."""
    with office.store.read() as unit:
        return unit.webhooks.all()


@secret_routes.post("", status_code=201, response_model=Secret)
def subscribe(office: Here, caller: Annotated[Caller, does("webhook.change", whole=True)], new: NewWebhook) -> Any:
    """Adds one: it is told of what happens from now on. Its secret is in the answer and nowhere else."""
    if new.partner:
        office.tools().directory.partner(new.partner)
    id, secret = operation.subscribe(
        office.store,
        office.vault,
        new.address,
        kinds=new.kinds,
        partner=new.partner,
        internal=office.internal_webhooks,
        by=caller.name,
    )
    return Secret(id=id, secret=secret)


@routes.get("/{id}", response_model=WebhookOut)
def webhook(office: Here, caller: Admin, id: Number) -> Any:
    """One of them."""
    return _known(office, id)


@routes.patch("/{id}", response_model=WebhookOut)
def change(office: Here, caller: Annotated[Caller, does("webhook.change", whole=True)], id: Number, wish: ChangedWebhook) -> Any:
    """Changes where it goes, what it is told of, or whether it waits."""
    _known(office, id)
    return operation.change(office.store, id, internal=office.internal_webhooks, by=caller.name, **wish.model_dump())


@routes.delete("/{id}", status_code=204)
def remove(office: Here, caller: Annotated[Caller, does("webhook.change", whole=True)], id: Number) -> None:
    """Tells it nothing any more."""
    _known(office, id)
    operation.remove(office.store, id, by=caller.name)


@secret_routes.post("/{id}/rotate", response_model=Secret)
def rotate(office: Here, caller: Annotated[Caller, does("webhook.change", whole=True)], id: Number) -> Any:
    """Gives it a new secret; for a day messages carry a signature of each."""
    _known(office, id)
    return Secret(id=id, secret=operation.rotate(office.store, office.vault, id, by=caller.name))


@routes.get("/{id}/deliveries", response_model=Page[DeliveryOut])
def deliveries(
    office: Here,
    caller: Admin,
    id: Number,
    state: Annotated[Literal["", "due", "delivered", "dead"], Query()] = "",
    limit: Limit = 100,
    cursor: Cursor = "",
) -> Any:
    """What it was told, the newest first."""
    _known(office, id)
    with office.store.read() as unit:
        return page_of(unit.webhooks.deliveries(id, state, after(cursor), limit + 1), limit)


@routes.post("/{id}/deliveries/{delivery}/again", status_code=202, response_model=DeliveryOut)
def again(office: Here, caller: Annotated[Caller, does("webhook.change", whole=True)], id: Number, delivery: Number) -> Any:
    """Tells a dead message, or a delivered one, once more under its old id."""
    _known(office, id)
    return operation.again(office.store, id, delivery, by=caller.name)


def _known(office: Office, id: int) -> WebhookRow:
    with office.store.read() as unit:
        row = unit.webhooks.find(id)
    if row is None:
        raise not_found(f"webhook {id}")
    return row
