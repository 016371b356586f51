"""What recurs because of webhooks: events are told to them."""

from __future__ import annotations

from functools import partial

from edi_gateway.operations.tell_webhooks import tell_webhooks
from edi_gateway.store.database import Database
from edi_gateway.store.vault import Vault
from edi_gateway.transports.webhook.post import post
from edi_gateway.worker.schedule import Job
from edi_gateway.worker.trigger import read_trigger

_OFTEN = read_trigger("every 5s")


def webhook_jobs(store: Database, vault: Vault, *, internal: bool) -> dict[str, Job]:
    """The one job, by name: while one process does it no other begins it."""
    return {"tell webhooks": Job(_OFTEN, partial(tell_webhooks, store, vault, partial(post, internal=internal)))}
