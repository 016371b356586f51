"""Watch confirmation rates (R07): an item of which less is confirmed than a partner takes is told, once a week; and before
that, that half of what they bear is used up."""

from __future__ import annotations

from datetime import timedelta

from edi_gateway.order_to_cash.compliance.confirmation import ConfirmationRate, confirmation_rates
from edi_gateway.pipeline.outbound.around import orders_since
from edi_gateway.store.database import Database
from edi_gateway.store.unit import Unit
from edi_gateway.trading.compliance.pack import ConfirmationRate as Threshold
from edi_gateway.trading.compliance.stake import at_stake
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.profile import TradingPartner
from edi_gateway.trading.usage import PRODUCTION

KIND = "compliance.breach"
TOLD_AGAIN = timedelta(days=7)


def watch_confirmations(store: Database, directory: Directory) -> int:
    """Counts over the orders of the last days, as each partner's pack says; returns how many items were told of."""
    partners = [each for each in directory.partners if directory.pack(each.name).rules.R07.does != "off"]
    if not partners:
        return 0
    with store.write() as unit:
        return sum(_of_partner(unit, partner, directory) for partner in partners)


def _of_partner(unit: Unit, partner: TradingPartner, directory: Directory) -> int:
    pack = directory.pack(partner.name)
    terms, new = pack.rules.R07, 0
    since = unit.clock.now() - timedelta(days=terms.days)
    for rate in confirmation_rates(orders_since(unit, partner.name, since, usage=PRODUCTION)):
        about = f"{partner.name}/{rate.item}"
        is_below = rate.is_below(terms.least_percent)
        subject = f"item:{about}" if is_below else f"forecast:{about}"
        if not rate.is_halfway(terms.least_percent) or _is_told(unit, subject):
            continue
        text = f"R07 {rate.item}: {_said(rate, terms, partner.name, is_below)}"
        unit.events.tell(KIND, subject, text + at_stake(pack, "R07", partner.currency), partner=partner.name)
        new += 1
    return new


def _said(rate: ConfirmationRate, terms: Threshold, partner: str, is_below: bool) -> str:
    text = f"{rate.confirmed:f} of {rate.ordered:f} ordered in {terms.days} days are confirmed, "
    least = f"no less than {terms.least_percent:f}%"
    return text + (f"{partner} takes {least}" if is_below else f"half of what {partner} bears is used up: it takes {least}")


def _is_told(unit: Unit, subject: str) -> bool:
    told = unit.quiet.told(KIND, subject)
    return told is not None and unit.clock.now() - told < TOLD_AGAIN
