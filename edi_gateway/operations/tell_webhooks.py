"""Tell webhooks: events become deliveries, deliveries are posted; what fails is tried again for 48 hours, then it is dead.

A delivery is told at least once and always under the same ``webhook-id``. A webhook that fails is left alone until the next look,
so that it keeps no other one waiting; one that answers 410 is paused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import TypeAlias

import msgspec

from edi_gateway.errors import GatewayError, NeedsPerson
from edi_gateway.operations.webhooks import old_secret_name, public, secret_name
from edi_gateway.store.database import Database
from edi_gateway.store.rows import EventRow
from edi_gateway.store.vault import Vault
from edi_gateway.store.webhooks import DeliveryRow, WebhookRow
from edi_gateway.transports.webhook.post import Told
from edi_gateway.transports.webhook.signing import new_message_id, signed_headers

Post: TypeAlias = Callable[[str, bytes, dict[str, str]], Told]

PAUSES = tuple(
    timedelta(minutes=each) for each in (0.1, 5, 30, 120, 300, 600, 840, 900)
)  # after the first try, the second …: 46.6 hours in all
_GONE = 410
_MOST = 100  # of one webhook in one look
_EVENTS = 500
_AT_ONCE = 4


def tell_webhooks(store: Database, vault: Vault, post: Post) -> int:
    """One look at every webhook; returns how many messages were delivered."""
    with store.read() as unit:
        rows = [each for each in unit.webhooks.all() if not each.paused]
    if not rows:
        return 0
    for row in rows:
        _plan(store, row)
    with ThreadPoolExecutor(_AT_ONCE, "webhooks") as pool:
        return sum(pool.map(partial(_tell, store, vault, post), rows))


def thin(event: EventRow) -> bytes:
    """What is sent of an event: that it happened, to what, and its place in the feed, where the rest is."""
    data: Mapping[str, object] = {
        "sequence": event.id,
        "subject": event.subject,
        "partner": event.partner,
        "control_number": event.control_number or None,
    }
    return msgspec.json.encode({"type": event.kind, "timestamp": event.at, "data": data})


def _plan(store: Database, row: WebhookRow) -> None:
    """Events become deliveries; whoever looks again goes on behind them."""
    with store.read() as unit:
        ids, up_to = unit.webhooks.unread(row, _EVENTS)
    if up_to == row.after:
        return
    with store.write() as unit:
        for id in ids:
            unit.webhooks.plan(row.id, id, new_message_id())
        unit.webhooks.change(row.id, after=up_to)


def _tell(store: Database, vault: Vault, post: Post, row: WebhookRow) -> int:
    with store.read() as unit:
        due = unit.webhooks.due(row.id, _MOST)
    delivered = 0
    for each in due:
        if not _try(store, vault, post, row, each):
            break
        delivered += 1
    return delivered


def _try(store: Database, vault: Vault, post: Post, row: WebhookRow, delivery: DeliveryRow) -> bool:
    with store.read() as unit:
        body, now = thin(unit.webhooks.event(delivery.event_id)), unit.clock.now()
    try:
        headers = signed_headers(_keys(store, vault, row), delivery.message_id, int(now.timestamp()), body)
        told = post(row.address, body, headers)
    except GatewayError as error:  # a vault that does not open, or in which its secret is no more
        told = Told(None, str(error))
    _record(store, row, delivery, told)
    return _is_good(told)


def _is_good(told: Told) -> bool:
    return told.status is not None and 200 <= told.status < 300


def _keys(store: Database, vault: Vault, row: WebhookRow) -> list[str]:
    """The secrets it is signed with. Raises NeedsPerson where its own is gone: what is unsigned might come from anybody."""
    if (secret := vault.text(secret_name(row.id))) is None:
        raise NeedsPerson("its secret is not in the vault, so nothing can be signed", do="give it a new secret")
    keys = [secret]
    if row.old_secret_until is not None and row.old_secret_until > store.clock.now():
        keys += filter(None, [vault.text(old_secret_name(row.id))])
    return keys


def _record(store: Database, row: WebhookRow, delivery: DeliveryRow, told: Told) -> None:
    tries = delivery.tries + 1
    with store.write() as unit:
        if _is_good(told):
            unit.webhooks.end(delivery.id, state="delivered", tries=tries, status=told.status, detail=told.detail)
            return
        is_dead = tries > len(PAUSES)
        due_at = delivery.due_at if is_dead else unit.clock.now() + PAUSES[tries - 1]
        state = "dead" if is_dead else "due"
        unit.webhooks.end(delivery.id, state=state, tries=tries, due_at=due_at, status=told.status, detail=told.detail)
        if is_dead:
            text = f"event {delivery.event_id} did not reach {public(row.address)} in {tries} tries: {told.detail}"
            unit.events.tell("webhook.dead", f"webhook:{row.id}", text, partner=row.partner)
        if told.status == _GONE:
            unit.webhooks.change(row.id, paused=True)
            unit.events.tell(
                "webhook.paused", f"webhook:{row.id}", f"{public(row.address)} says that it is gone", partner=row.partner
            )
