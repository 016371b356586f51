"""What a broken rule may cost, said behind what happened."""

from __future__ import annotations

from edi_gateway.trading.compliance.pack import CompliancePack


def at_stake(pack: CompliancePack, rule: str, currency: str) -> str:
    """``; at stake by R09: 150 per document (USD)``; nothing where no fee is known."""
    stake = pack.terms(rule).stake
    return f"; at stake by {rule}: {stake} ({currency})" if stake else ""
