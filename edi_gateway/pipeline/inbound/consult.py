"""Consult: asks the ERP about an order; the answer is recorded, so that the rules in ``apply`` are pure over it."""

from __future__ import annotations

import msgspec

from edi_gateway.documents.order import Order
from edi_gateway.errors import Defect
from edi_gateway.pipeline.inbound.our_codes import order_in_our_codes
from edi_gateway.pipeline.outcome import Done, Outcome
from edi_gateway.pipeline.tools import Record, Tools
from edi_gateway.store.rows import FlowRow
from edi_gateway.store.unit import Unit


def consult(flow: FlowRow, tools: Tools) -> Record:
    """Asks for credit, price and stock. A sleeping ERP is asked again later; nothing else waits for it."""
    with tools.store.read() as unit:
        row = unit.documents.get(flow.subject_id)
        order = unit.documents.read(flow.subject_id)
        if not isinstance(order, Order):
            raise Defect(f"document {flow.subject_id} is no order")
        partner = tools.directory.partner(flow.partner or "")
        order = order_in_our_codes(unit, row, order, partner)
    advice = tools.erps[flow.connector or ""].consult(partner.customer or partner.name, order)

    def record(unit: Unit) -> Outcome:
        unit.documents.record_advice(flow.subject_id, msgspec.json.encode(advice))
        return Done("apply")

    return record
