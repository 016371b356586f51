"""Credit where the ERP names no limit: the partner's profile has one, and what is open of its orders here counts against it."""

from __future__ import annotations

import msgspec

from edi_gateway.order_to_cash.advice import Advice
from edi_gateway.store.unit import Unit
from edi_gateway.trading.profile import TradingPartner


def with_own_credit(unit: Unit, advice: Advice, partner: TradingPartner) -> Advice:
    """The advice, with our own limit and what is in use of it where the ERP says none."""
    limit = partner.orders.credit_limit
    if advice.credit_limit is not None or limit is None:
        return advice
    return msgspec.structs.replace(advice, credit_limit=limit, credit_used=unit.threads.in_use(partner.name))
