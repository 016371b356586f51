"""Consult: asks the ERP about an order; the answer is recorded, so that the rules in ``apply`` are pure over it."""

from __future__ import annotations

from functools import partial

import msgspec

from edi_gateway.documents.order import Order
from edi_gateway.documents.order_change import OrderChange
from edi_gateway.erp.base import is_instant
from edi_gateway.order_to_cash.advice import Advice
from edi_gateway.order_to_cash.changes import new_in, revise
from edi_gateway.pipeline.inbound.order_changed import order_changed
from edi_gateway.pipeline.inbound.waiting_changes import wait_for_order
from edi_gateway.pipeline.our_codes import order_in_our_codes
from edi_gateway.pipeline.outcome import Done, Outcome
from edi_gateway.pipeline.standing import standing_order, wanted
from edi_gateway.pipeline.tools import Question, Record, Tools
from edi_gateway.store.rows import FlowRow
from edi_gateway.store.unit import Unit
from edi_gateway.trading.profile import TradingPartner


def consult(flow: FlowRow, tools: Tools) -> Record | Question:
    """Asks for credit, price and stock. A sleeping ERP is asked again later; nothing else waits for it."""
    with tools.store.read() as unit:
        row, document = unit.documents.open(flow.subject_id)
        partner = tools.directory.partner(row.partner)
        if isinstance(document, OrderChange):
            asked = _what_is_new(unit, document, partner, row.usage)
            if asked is None:
                what = f"order {document.number} of {partner.name} has not come"
                return lambda unit: wait_for_order(unit, flow, partner, document.number, what)
        else:
            asked = wanted(standing_order(unit, row.id, document if isinstance(document, Order) else None))
        asked = order_in_our_codes(unit, row, asked, partner)

    if not asked.lines:
        return partial(_record, flow, Advice(as_of=tools.clock.now()))
    erp = tools.erp_of(flow)
    return Question(
        lambda: partial(_record, flow, erp.consult(partner.customer or partner.name, asked)), is_instant=is_instant(erp)
    )


def _record(flow: FlowRow, advice: Advice, unit: Unit) -> Outcome:
    unit.documents.record_advice(flow.subject_id, msgspec.json.encode(advice))
    return Done("apply", position=flow.position)


def _what_is_new(unit: Unit, change: OrderChange, partner: TradingPartner, usage: str) -> Order | None:
    """What a change adds to its order, which is all the ERP is asked about; None where the order has not come."""
    found = order_changed(unit, partner.name, change, usage=usage)
    if found is None:
        return None
    gone = found.thread.thread.gone if found.thread else {}
    revision = revise(found.order, change, gone, quantities=partner.changes.quantities)
    return msgspec.structs.replace(revision.order, lines=new_in(found.order, revision))
