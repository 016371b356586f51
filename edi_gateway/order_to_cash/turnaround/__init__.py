"""Outbound documents drafted from the order they answer: what the buyer sent is echoed to the letter, what happened is added.

A draft mends nothing. Where facts are missing or wrong it shows them as they are, and ``compliance`` stops it.
"""

from edi_gateway.order_to_cash.turnaround.acknowledgment import draft_acknowledgment
from edi_gateway.order_to_cash.turnaround.change_acknowledgment import draft_change_acknowledgment, standing_decisions
from edi_gateway.order_to_cash.turnaround.consolidated import consolidated, shipments_of
from edi_gateway.order_to_cash.turnaround.credit import draft_credit
from edi_gateway.order_to_cash.turnaround.invoice import InvoicePolicy, draft_invoice
from edi_gateway.order_to_cash.turnaround.ship_notice import ShipTerms, draft_ship_notice

__all__ = [
    "InvoicePolicy",
    "ShipTerms",
    "consolidated",
    "draft_acknowledgment",
    "draft_change_acknowledgment",
    "draft_credit",
    "draft_invoice",
    "draft_ship_notice",
    "shipments_of",
    "standing_decisions",
]
