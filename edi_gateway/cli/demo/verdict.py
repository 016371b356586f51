"""Whether the demo ended as it must: every balance right, seen from both sides."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from edi_gateway.cli.demo.scene import Scene
from edi_gateway.simulated_partner import OrderAccount
from edi_gateway.views import orders, traffic
from edi_gateway.views.orders import OrderRow

REJECTED_ON_PURPOSE = 1  # northwind-850-syntax-errors.edi


def mistakes(scene: Scene) -> list[str]:
    """Everything that is not as it must be, as sentences; empty when all is well."""
    return [*_of_buyers(scene), *_of_orders(scene), *_of_flows(scene), *_of_sets(scene)]


def _of_buyers(scene: Scene) -> Iterator[str]:
    for name, buyer in scene.buyers.items():
        for complaint in buyer.complaints():
            yield f"{name} complains: {complaint}"


def _of_orders(scene: Scene) -> Iterator[str]:
    rows = {(row.partner, row.number): row for row in orders.orders(scene.gateway.store)}
    if not rows:
        yield "no order came through"
    accounts = {
        (name, number): account for name, buyer in scene.buyers.items() for number, account in buyer.ledger.orders.items()
    }
    for partner, number in sorted(accounts.keys() ^ rows.keys()):
        yield f"order {number} of {partner} is known to one side only"
    for key in sorted(accounts.keys() & rows.keys()):
        yield from _of_order(rows[key], accounts[key])


def _of_order(row: OrderRow, account: OrderAccount) -> Iterator[str]:
    invoiced = sum((invoice.total for invoice in account.invoices.values()), Decimal(0))
    if row.billed != invoiced:
        yield f"order {row.number}: we billed {row.billed}, the buyer has invoices over {invoiced}"
    if row.shipped != row.confirmed:
        yield f"order {row.number}: {row.confirmed} confirmed, {row.shipped} shipped"
    if (row.remitted, row.paid) != (row.billed, row.billed):
        yield f"order {row.number}: {row.billed} billed, {row.remitted} remitted, {row.paid} paid"
    if row.open:
        yield f"order {row.number}: {row.open} is open"


def _of_flows(scene: Scene) -> Iterator[str]:
    counts = traffic.flow_counts(scene.gateway.store)
    if counts.get("rejected", 0) != REJECTED_ON_PURPOSE:
        yield f"{counts.get('rejected', 0)} flows were rejected instead of {REJECTED_ON_PURPOSE}"
    for state in ("ready", "attempting", "waiting"):
        if counts.get(state):
            yield f"{counts[state]} flows are {state}"
    for flow in traffic.stopped(scene.gateway.store, "held", "dead"):
        yield f"flow {flow.id} of {flow.partner} is {flow.state} at '{flow.stage}': {flow.because}"


def _of_sets(scene: Scene) -> Iterator[str]:
    for one in traffic.sets(scene.gateway.store, limit=10_000):
        if one.direction == "out" and one.acknowledgment not in ("none", "accepted"):
            yield f"our {one.code} {one.business_number} to {one.partner} is {one.acknowledgment}"
        if one.direction == "out" and one.delivery != "fetched":
            yield f"our {one.code} {one.business_number} to {one.partner} is {one.delivery}, and was not fetched"
