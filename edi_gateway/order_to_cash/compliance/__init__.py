"""What retailers charge suppliers for, checked before a document leaves: each rule small, under its own number.

R04 R05 R06 R07 R24                                          order acknowledgment
R08 R09 R10 R11 R12 R13 R14 R16 R17 R18 R19 R24 R25          ship notice
R18 R20 R21 R22 R23 R24                                      invoice

A rule looks and tells; nothing is mended. What becomes of a breach is the partner's pack (``trading.compliance``): it holds the
document for a person, is told and lets it go, or is not looked at.
"""

from edi_gateway.order_to_cash.compliance.acknowledgment import check_acknowledgment
from edi_gateway.order_to_cash.compliance.before import before
from edi_gateway.order_to_cash.compliance.breach import Around, Breach
from edi_gateway.order_to_cash.compliance.examine import examine
from edi_gateway.order_to_cash.compliance.exposure import Exposure, exposures, measures_of
from edi_gateway.order_to_cash.compliance.invoice import check_invoice
from edi_gateway.order_to_cash.compliance.ship_notice import check_ship_notice
from edi_gateway.order_to_cash.compliance.verdict import Verdict, judge

__all__ = [
    "Around",
    "Breach",
    "Exposure",
    "Verdict",
    "before",
    "check_acknowledgment",
    "check_invoice",
    "check_ship_notice",
    "examine",
    "exposures",
    "judge",
    "measures_of",
]
