"""Shipping labels and packing slips, from the very pack record that the 856 tells: what stands on the carton is what was told.

GS1 logistic labels (GS1 General Specifications §6.6): the SSCC-18 in a GS1-128 symbol behind application identifier 00.
"""

from edi_gateway.order_to_cash.labels.label import Label, labels_of
from edi_gateway.order_to_cash.labels.pdf import labels_pdf
from edi_gateway.order_to_cash.labels.slip import slip_pdf
from edi_gateway.order_to_cash.labels.zpl import labels_zpl

__all__ = ["Label", "labels_of", "labels_pdf", "labels_zpl", "slip_pdf"]
