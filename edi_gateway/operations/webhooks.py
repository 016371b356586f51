"""Webhooks: programs that are told of what happens; each told at least once, in thin events that carry their sequence."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import msgspec

from edi_gateway.errors import WrongInput
from edi_gateway.store.database import Database
from edi_gateway.store.unit import Unit
from edi_gateway.store.vault import Vault
from edi_gateway.store.webhooks import DeliveryRow, WebhookRow
from edi_gateway.transports.webhook.post import checked
from edi_gateway.transports.webhook.signing import new_secret

BOTH_FOR = timedelta(hours=24)  # after a rotation the old secret signs too


def secret_name(id: int) -> str:
    """Where in the vault a webhook's secret is."""
    return f"webhook.{id}"


def old_secret_name(id: int) -> str:
    """Where the one before is."""
    return f"webhook.{id}.old"


def public(address: str) -> str:
    """What of an address everybody may read who reads events: its path and query are often the secret that lets one post."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    port = f":{parts.port}" if parts.port else ""
    said = f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}"
    return f"{said}/…" if parts.path.strip("/") or parts.query else said


def subscribe(
    store: Database, vault: Vault, address: str, *, kinds: list[str], partner: str | None, internal: bool, by: str
) -> tuple[int, str]:
    """Adds a webhook; returns its number and its secret, which is shown this once and kept in the vault.

    Raises WrongInput for an address we do not post to.
    """
    checked(address, internal=internal)
    secret = new_secret()
    with store.write() as unit:
        id = unit.webhooks.add(address, kinds, partner, by=by)
        vault.put_in(unit, secret_name(id), secret.encode(), by)
        _tell(unit, "added", id, f"{public(address)} is told of {', '.join(kinds) or 'everything'}", by, partner)
    return id, secret


def change(store: Database, id: int, *, internal: bool, by: str, **wished: Any) -> WebhookRow:
    """Changes ``address``, ``kinds`` or ``paused``; what is None stays. Raises WrongInput where there is none."""
    values = {name: value for name, value in wished.items() if value is not None}
    if "address" in values:
        checked(values["address"], internal=internal)
    if "kinds" in values:
        values["kinds"] = _json(values["kinds"])
    with store.write() as unit:
        known(unit, id)
        if values:
            unit.webhooks.change(id, **values)
            told = values | ({"address": public(values["address"])} if "address" in values else {})
            _tell(unit, "changed", id, ", ".join(f"{name}: {value}" for name, value in told.items()), by)
        return known(unit, id)


def rotate(store: Database, vault: Vault, id: int, *, by: str) -> str:
    """A new secret, returned this once; for a day messages are signed with the old one too. Raises WrongInput."""
    secret, old = new_secret(), vault.get(secret_name(id))
    with store.write() as unit:
        known(unit, id)
        if old is not None:
            vault.put_in(unit, old_secret_name(id), old, by)
        vault.put_in(unit, secret_name(id), secret.encode(), by)
        unit.webhooks.change(id, old_secret_until=unit.clock.now() + BOTH_FOR)
        _tell(unit, "rotated", id, "it has a new secret; the old one signs too for a day", by)
    return secret


def remove(store: Database, id: int, *, by: str) -> None:
    """Tells it nothing any more; what it was told stays on record. Raises WrongInput."""
    with store.write() as unit:
        known(unit, id)
        unit.webhooks.change(id, removed_at=unit.clock.now())
        for name in (secret_name(id), old_secret_name(id)):
            unit.secrets.drop(name)
        _tell(unit, "removed", id, "it is told nothing any more", by)


def again(store: Database, id: int, delivery: int, *, by: str) -> DeliveryRow:
    """Tells a dead or delivered message once more, under its old id. Raises WrongInput where there is none, or it is due."""
    with store.write() as unit:
        known(unit, id)
        row = unit.webhooks.delivery(delivery)
        if row is None or row.webhook_id != id:
            raise WrongInput(f"webhook {id} has no delivery {delivery}", do="take a number of the list of its deliveries")
        if row.state == "due":
            raise WrongInput(f"delivery {delivery} is due already", do="leave it: it is told as soon as its address answers")
        unit.webhooks.end(delivery, state="due", tries=0, due_at=unit.clock.now())
        _tell(unit, "again", id, f"event {row.event_id} is told once more", by)
        return row


def known(unit: Unit, id: int) -> WebhookRow:
    """Raises WrongInput where there is none of that number."""
    row = unit.webhooks.find(id)
    if row is None:
        raise WrongInput(f"there is no webhook {id}", do="take a number of the list of webhooks")
    return row


def _tell(unit: Unit, what: str, id: int, text: str, by: str, partner: str | None = None) -> None:
    unit.events.tell(f"webhook.{what}", f"webhook:{id}", text, partner=partner, actor=by)


def _json(kinds: list[str]) -> str:
    return msgspec.json.encode(kinds).decode()
