"""What becomes of an order of which only some lines are refused."""

from __future__ import annotations

import msgspec

from edi_gateway.order_to_cash.rules.ruling import Reason, Ruling
from edi_gateway.trading.profile import OrderTerms

RULE = "partly refused"


def partly_refused(ruling: Ruling, terms: OrderTerms) -> Ruling:
    """By default the rest of it goes on; some partners want all of an order or nothing, and some want to be asked."""
    refused = sorted({line.line_number for line in ruling.rejected})
    left = [line for line in ruling.lines if line.status != "rejected"]
    if not (refused and left) or terms.partly_refused == "accept":
        return ruling
    if terms.partly_refused == "reject":
        reason = f"{RULE}: line {', '.join(refused)}"
        lines = tuple(
            line if line.status == "rejected" else msgspec.structs.replace(line, status="rejected", reason=reason)
            for line in ruling.lines
        )
        return msgspec.structs.replace(ruling, lines=lines)
    message = f"line {', '.join(refused)} is refused and the rest is not: the rest goes on if this is resumed"
    return msgspec.structs.replace(ruling, needs_approval=(*ruling.needs_approval, Reason(rule=RULE, message=message)))
