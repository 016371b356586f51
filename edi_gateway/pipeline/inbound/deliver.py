"""Deliver: posts a document to the ERP, once, by our document id."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import partial

import msgspec

from edi_gateway.documents.base import Value
from edi_gateway.documents.order import Order
from edi_gateway.documents.order_change import OrderChange
from edi_gateway.documents.remittance import Remittance
from edi_gateway.erp.base import ChangePosted, Posted, in_one_go, is_instant
from edi_gateway.errors import Defect
from edi_gateway.order_to_cash.rules import Ruling, order_for_erp
from edi_gateway.pipeline.inbound.deliver_change import changed, deliver_change
from edi_gateway.pipeline.our_codes import order_in_our_codes
from edi_gateway.pipeline.outcome import Done, Outcome, Retry
from edi_gateway.pipeline.standing import standing_order
from edi_gateway.pipeline.tools import MOST_TOGETHER, Deed, Record, Tools
from edi_gateway.store.rows import FlowRow
from edi_gateway.store.unit import Unit
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.profile import TradingPartner


class Deliver:
    """The ERP is asked to create the document under our id; the same id again gives the same answer."""

    def key(self, flow: FlowRow, _unit: Unit) -> str:
        return flow.subject_id

    def most_together(self, _flow: FlowRow, _tools: Tools) -> int:
        """Many: every ERP says of an id whether it has it."""
        return MOST_TOGETHER

    def waits(self, _flow: FlowRow, _unit: Unit, _tools: Tools) -> None:
        """Never."""

    def prepare(self, flow: FlowRow, tools: Tools) -> Deed:
        """What is to be posted: the order as it stands, in our codes, as the rules left it."""
        partner = tools.directory.partner(flow.partner or "")
        with tools.store.read() as unit:
            row, document = unit.documents.open(flow.subject_id)
            in_doubt = unit.attempts.in_doubt(flow)
            if isinstance(document, Order):
                ruling = msgspec.json.decode(unit.documents.ruling(row.id), type=Ruling)
                standing = order_in_our_codes(unit, row, standing_order(unit, row.id, document), partner)
                left = order_for_erp(standing, ruling)
                if left is None:
                    raise Defect(f"nothing is left of order {row.number} to post")
                document = left
        return partial(self._post, flow, document, partner, tools, in_doubt=in_doubt)

    def is_instant(self, flow: FlowRow, tools: Tools) -> bool:
        """Of an ERP that is."""
        return is_instant(tools.erp_of(flow))

    def in_one_go(self, flow: FlowRow, tools: Tools) -> AbstractContextManager[None]:
        """As the ERP does it."""
        return in_one_go(tools.erp_of(flow))

    def _post(self, flow: FlowRow, document: Value, partner: TradingPartner, tools: Tools, *, in_doubt: bool) -> Record:
        """Posts it, unless it may be there and is."""
        erp, customer = tools.erp_of(flow), partner.customer or partner.name
        if in_doubt and not isinstance(document, OrderChange) and (found := self._found(flow, tools)) is not None:
            return found
        match document:
            case Order():
                return _posted(flow, erp.post_order(flow.subject_id, customer, document))
            case OrderChange():
                return deliver_change(flow, document, partner, tools)
            case Remittance():
                return _posted(flow, erp.post_remittance(flow.subject_id, customer, document))
        raise Defect(f"document {flow.subject_id} is nothing the ERP takes")

    def around(self, flow: FlowRow, tools: Tools) -> Record | None:
        """There is no other way into an ERP."""
        return None

    def ask(self, flow: FlowRow, tools: Tools) -> Record:
        """Did it arrive? If not, it is posted again under the same id; so is a change, for the same answer."""
        with tools.store.read() as unit:
            if unit.documents.get(flow.subject_id).kind == "order change":
                return lambda _unit: Retry("it is not known whether the ERP has the change; it is told of it again")
        return self._found(flow, tools) or (lambda _unit: Retry("no answer came to the post; the ERP does not have it"))

    def _found(self, flow: FlowRow, tools: Tools) -> Record | None:
        found = tools.erp_of(flow).find(flow.subject_id)
        return _posted(flow, found) if found is not None else None


def happened(flow: FlowRow, posted: Posted, directory: Directory) -> Record:
    """The end of the stage for what is there, whoever brought it: the order follows a change, and its answer is drafted."""

    def record(unit: Unit) -> Outcome:
        document = unit.documents.read(flow.subject_id)
        if isinstance(document, OrderChange):
            partner = directory.partner(flow.partner or "")
            return changed(flow, document, partner, ChangePosted(posted.reference))(unit)
        return _posted(flow, posted)(unit)

    return record


def _posted(flow: FlowRow, posted: Posted) -> Record:
    def record(unit: Unit) -> Outcome:
        unit.transactions.delivered(flow.subject_id)
        text = f"the ERP has it as {posted.reference}"
        unit.events.tell("document.delivered", flow.subject, text, partner=flow.partner)
        return Done()

    return record
