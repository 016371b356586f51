"""May we take this order as it stands? Each rule is small, named, and pure over the order, the advice and the partner's terms."""

from edi_gateway.order_to_cash.rules.decide import decide
from edi_gateway.order_to_cash.rules.ruling import Reason, Ruling, not_rejected, order_for_erp

__all__ = ["Reason", "Ruling", "decide", "not_rejected", "order_for_erp"]
