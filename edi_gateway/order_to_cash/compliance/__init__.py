"""What retailers charge suppliers for, checked before a document leaves: each rule small, under its own number.

R05 R06 R24                          order acknowledgment
R08 R10 R11 R12 R13 R14 R16 R18 R24  ship notice
R18 R20 R21 R22 R23 R24              invoice

A rule looks and tells; nothing is mended. ``stop`` holds the document for a person, ``warn`` is shown and lets it go.
"""

from edi_gateway.order_to_cash.compliance.acknowledgment import check_acknowledgment
from edi_gateway.order_to_cash.compliance.breach import Breach
from edi_gateway.order_to_cash.compliance.invoice import check_invoice
from edi_gateway.order_to_cash.compliance.ship_notice import check_ship_notice

__all__ = ["Breach", "check_acknowledgment", "check_invoice", "check_ship_notice"]
