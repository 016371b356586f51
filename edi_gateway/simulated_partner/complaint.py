"""What a buyer would charge its supplier for: a value with a kind and a plain sentence."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Kind(StrEnum):
    """Every kind of complaint. The part before the point is the document it is about."""

    # what they sent could not be taken as it was
    PAYLOAD_UNREADABLE = "payload.unreadable"
    PAYLOAD_NOT_FOR_US = "payload.not_for_us"
    PAYLOAD_NO_AGREEMENT = "payload.no_agreement"
    SET_FINDING = "set.finding"  # against the standard, its balances and check digits included
    SET_GUIDE = "set.guide"  # against the buyer's own guide
    SET_NO_DOCUMENT = "set.no_document"  # the map could make no document of it
    CONTROL_NUMBER_REUSED = "control_number.reused"
    CONTROL_NUMBER_BACKWARDS = "control_number.backwards"
    # 997 and TA1
    ACKNOWLEDGMENT_UNREADABLE = "acknowledgment.unreadable"
    ACKNOWLEDGMENT_UNASKED = "acknowledgment.unasked"  # for something never sent
    ACKNOWLEDGMENT_VERDICT = "acknowledgment.verdict"
    ACKNOWLEDGMENT_COUNTS = "acknowledgment.counts"  # AK9 counts other sets than were sent
    ACKNOWLEDGMENT_LATE = "acknowledgment.late"
    INTERCHANGE_ACKNOWLEDGMENT_MISSING = "interchange_acknowledgment.missing"
    # any document that answers an order
    ORDER_UNKNOWN = "order.unknown"
    ORDER_NOT_ECHOED = "order.not_echoed"  # ship-to, department or vendor number differ
    LINE_UNKNOWN = "line.unknown"
    LINE_ITEM_IDS = "line.item_ids"
    LINE_UNIT = "line.unit"
    LINE_QUANTITY = "line.quantity"
    # 855
    CONFIRMATION_LATE = "confirmation.late"
    CONFIRMATION_REPEATED = "confirmation.repeated"
    CONFIRMATION_NO_LINES = "confirmation.no_lines"
    CONFIRMATION_LINE_MISSING = "confirmation.line_missing"
    CONFIRMATION_LINE_REPEATED = "confirmation.line_repeated"
    CONFIRMATION_QUANTITIES = "confirmation.quantities"  # the decisions on a line do not add up to it
    CONFIRMATION_PRICE = "confirmation.price"
    CONFIRMATION_DATE = "confirmation.date"
    # 856
    SHIPMENT_REPEATED = "shipment.repeated"
    SHIPMENT_UNCONFIRMED = "shipment.unconfirmed"
    SHIPMENT_OF_REJECTED_LINE = "shipment.of_rejected_line"
    SHIPMENT_TOO_MUCH = "shipment.too_much"
    SHIPMENT_LATE = "shipment.late"  # after the order's cancel date
    SHIPMENT_PACK_COUNT = "shipment.pack_count"
    SHIPMENT_NO_PACKS = "shipment.no_packs"
    SHIPMENT_SSCC = "shipment.sscc"
    SHIPMENT_SSCC_REUSED = "shipment.sscc_reused"
    # 810
    INVOICE_REPEATED = "invoice.repeated"
    INVOICE_BEFORE_SHIPMENT = "invoice.before_shipment"
    INVOICE_QUANTITY = "invoice.quantity"
    INVOICE_PRICE = "invoice.price"
    INVOICE_TOTAL = "invoice.total"
    INVOICE_CHARGE = "invoice.charge"
    INVOICE_CURRENCY = "invoice.currency"
    INVOICE_TERMS = "invoice.terms"


class Complaint(msgspec.Struct, frozen=True, kw_only=True):
    """One thing a buyer would charge for. ``document`` names it as people do: ``invoice INV-7``, ``order 4711``."""

    kind: Kind
    document: str
    text: str
    order_number: str = ""

    @property
    def holds_payment(self) -> bool:
        """Whether an invoice it is about is not paid before somebody has looked: it does not match."""
        return self.kind.partition(".")[0] in ("invoice", "line", "order")

    def __str__(self) -> str:
        return f"{self.document}: {self.text}"
