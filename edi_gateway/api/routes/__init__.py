"""The routes of the API, one file a noun."""

from edi_gateway.api.routes import (
    access,
    again,
    certificates,
    documents,
    feed,
    holds,
    mailbox,
    maps,
    moved,
    orders,
    partners,
    replays,
    webhooks,
    work,
)

ALL = (
    documents.routes,
    again.routes,
    moved.routes,
    mailbox.routes,
    orders.routes,
    holds.routes,
    replays.routes,
    partners.routes,
    certificates.routes,
    maps.routes,
    feed.routes,
    work.routes,
    access.routes,
    access.secret_routes,
    webhooks.routes,
    webhooks.secret_routes,
)
