"""Changes that came too early: before their order, or before the change that goes before them. They wait, and hold up nothing."""

from __future__ import annotations

from edi_gateway.pipeline.outcome import Done, Hold, Outcome
from edi_gateway.pipeline.tools import order_queue, start
from edi_gateway.store.rows import FlowRow
from edi_gateway.store.unit import Unit
from edi_gateway.trading.profile import TradingPartner

WAITS = "waits for "  # begins the position of a change that came too early


def wait_for_order(unit: Unit, flow: FlowRow, partner: TradingPartner, number: str, what: str) -> Outcome:
    """Waits as long as the partner's profile says, then for a person; ``what`` says what is missing."""
    usage = unit.documents.get(flow.subject_id).usage
    position = WAITS + order_queue(partner.name, usage, number)
    if flow.position.startswith(WAITS):
        return Hold(waited(partner, what))
    unit.events.tell("order.change_waits", flow.subject, f"{what}: the change waits for it", partner=partner.name)
    return Done("consult", position=position, until=unit.clock.now() + partner.changes.wait, follows="")


def waited(partner: TradingPartner, what: str) -> str:
    """Why a change is held that waited long enough."""
    return f"{what}, after {partner.changes.wait} — resume it when it has, or dismiss it"


def wake_changes(unit: Unit, partner: str, number: str, *, usage: str) -> None:
    """The order has come, or has been changed: what waited for that is looked at again, behind all there is of the order."""
    queue = order_queue(partner, usage, number)
    for flow in unit.flows.parked("consult", WAITS + queue):
        if flow.state == "waiting":
            unit.flows.move(flow, state="ready")
            flow = unit.flows.get(flow.id) or flow
        if not unit.flows.move(flow, state="done", because="what it waited for has come"):
            continue  # somebody ended it, or set it going, just now
        start(
            unit,
            "consult",
            flow.subject,
            partner=partner,
            connector=flow.connector,
            follows=queue,
        )
