"""Matches a remittance to the money at the bank."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from edi_gateway.order_to_cash.cash.outcome import Application, Deposit
from edi_gateway.order_to_cash.disagreement import Disagreement, Kind
from edi_gateway.order_to_cash.money import same_currency


class Settlement(NamedTuple):
    """The application with its deposit, or as it was with what disagrees."""

    application: Application
    disagreements: tuple[Disagreement, ...] = ()

    @property
    def agreed(self) -> bool:
        """Whether the money is the remittance's."""
        return not self.disagreements


def settle(application: Application, deposit: Deposit) -> Settlement:
    """Says that ``deposit`` is the money of this remittance: same trace, same amount to the cent in the same currency, and
    only once.

    The same deposit again changes nothing. ``progress.pay`` then makes the receivables paid.
    """
    if application.settled_by == deposit:
        return Settlement(application)
    wrong: list[tuple[Kind, str]] = []
    if application.holds:
        wrong.append(("not finished", "the remittance is held; it was not applied"))
    if application.settled_by:
        wrong.append(("paid twice", f"it was settled by the deposit of {application.settled_by.on} already"))
    if deposit.trace != application.trace:
        wrong.append(("another trace", f"the deposit carries trace {deposit.trace}, the remittance {application.trace}"))
    if deposit.amount != application.amount:
        wrong.append(("amounts differ", f"{deposit.amount} came, {application.amount} was remitted"))
    if not same_currency(deposit.currency, application.currency):
        message = f"{deposit.amount} came in {deposit.currency}, it was remitted in {application.currency}"
        wrong.append(("another currency", message))
    if wrong:
        named = (Disagreement(kind=kind, message=message, place=deposit.trace) for kind, message in wrong)
        return Settlement(application, tuple(named))
    currency = application.currency or deposit.currency
    return Settlement(msgspec.structs.replace(application, settled_by=deposit, currency=currency))
