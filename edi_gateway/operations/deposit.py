"""Deposit: the bank's entry arrived; what a remittance promised becomes paid."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from edi_gateway.order_to_cash.cash import Deposit
from edi_gateway.pipeline.inbound.settle import settle_deposit
from edi_gateway.store.database import Database


def record_deposit(store: Database, *, trace: str, amount: Decimal, on: date, method: str, by: str) -> str:
    """Records a bank entry and settles the remittance of the same trace and amount; returns what came of it, as a sentence.

    An entry whose remittance has not come yet is kept and settles it when it does; the same entry twice counts once.
    """
    entry = Deposit(trace=trace, amount=amount, on=on, method=method)
    with store.write() as unit:
        row = unit.threads.record_deposit(entry)
        if row is None:
            return f"the bank's entry {trace} over {amount} is on record already"
        said = settle_deposit(unit, entry) or "no remittance of that trace and amount yet; it is settled when one comes"
        unit.events.tell("deposit.recorded", f"deposit:{row}", f"{trace}, {amount}: {said}", actor=by)
        return said
