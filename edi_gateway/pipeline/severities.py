"""How grave findings are in the sets of a partner: on the way in, and on the way out before they leave."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from edi_gateway.trading.profile import Agreement, TradingPartner
from edi_gateway.x12.finding import Severity
from edi_gateway.x12.validation import Policy


def policy_of(partner: TradingPartner, agreement: Agreement | None = None) -> Policy:
    """The severities of a set's agreement over the partner's, as the validation takes them."""
    return _policy(tuple(sorted(partner.severities_for(agreement).items())), partner.characters)


@lru_cache(maxsize=256)
def _policy(severities: tuple[tuple[str, Severity], ...], characters: Literal["basic", "extended"]) -> Policy:
    return Policy(severities=dict(severities), characters=characters)
