"""Watch confirmation rates (R07): an item of which less is confirmed than a partner takes is told, once a week."""

from __future__ import annotations

from datetime import timedelta

from edi_gateway.documents.order import Order
from edi_gateway.order_to_cash.compliance.confirmation import confirmation_rates
from edi_gateway.order_to_cash.thread import OrderThread
from edi_gateway.store.database import Database
from edi_gateway.store.unit import Unit
from edi_gateway.trading.compliance.stake import at_stake
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.profile import TradingPartner

KIND = "compliance.breach"
TOLD_AGAIN = timedelta(days=7)
AT_ONCE = 1000


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
    for rate in confirmation_rates(_orders(unit, partner.name, timedelta(days=terms.days))):
        subject = f"item:{partner.name}/{rate.item}"
        if not rate.is_below(terms.least_percent) or _is_told(unit, subject):
            continue
        text = f"R07 {rate.item}: {rate.confirmed:f} of {rate.ordered:f} ordered in {terms.days} days are confirmed, "
        text += f"{partner.name} takes no less than {terms.least_percent:f}%"
        unit.events.tell(KIND, subject, text + at_stake(pack, "R07", partner.currency), partner=partner.name)
        new += 1
    return new


def _orders(unit: Unit, partner: str, back: timedelta) -> list[tuple[Order, OrderThread]]:
    """The orders opened in that time, each as it came with its thread as it stands."""
    threads = {stored.thread.document_id: stored.thread for stored in unit.threads.since(partner, unit.clock.now() - back)}
    ids, found = list(threads), []
    for start in range(0, len(ids), AT_ONCE):
        kept = unit.documents.kept(ids[start : start + AT_ONCE])
        found += [(order, threads[id]) for id, order in kept.items() if isinstance(order, Order)]
    return found


def _is_told(unit: Unit, subject: str) -> bool:
    told = unit.quiet.told(KIND, subject)
    return told is not None and unit.clock.now() - told < TOLD_AGAIN
