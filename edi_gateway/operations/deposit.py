"""Deposit: the bank's entry arrived; what a remittance promised becomes paid."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from edi_gateway.order_to_cash.cash import Deposit
from edi_gateway.order_to_cash.cash.bank import BankEntry
from edi_gateway.pipeline.inbound.settle import settle_deposit
from edi_gateway.store.database import Database
from edi_gateway.store.unit import Unit


def record_deposit(store: Database, *, trace: str, amount: Decimal, on: date, method: str, by: str) -> str:
    """Records a bank entry and settles the remittance of the same trace and amount; returns what came of it, as a sentence.

    An entry whose remittance has not come yet is kept and settles it when it does; the same entry twice counts once.
    """
    with store.write() as unit:
        return _record(unit, Deposit(trace=trace, amount=amount, on=on, method=method), by)


class Taken(NamedTuple):
    """What came of one entry of a bank's file."""

    entry: BankEntry
    trace: str
    said: str


def record_entries(store: Database, entries: Iterable[BankEntry], *, by: str) -> list[Taken]:
    """Records entries of a bank's file, all or none; of the numbers one carries, the one a remittance waits for is its trace.

    The same file again changes nothing. An entry without any number is told, and left for a person to enter.
    """
    with store.write() as unit:
        return [_take(unit, entry, by) for entry in entries]


def _take(unit: Unit, entry: BankEntry, by: str) -> Taken:
    if not entry.references:
        said = "it carries no reference; find the remittance, and enter it with edi-gateway deposit add"
        unit.events.tell("deposit.unnamed", f"deposit:{entry.where}", f"{entry.amount} on {entry.on}: {said}", actor=by)
        return Taken(entry, "", said)
    waited_for = (reference for reference in entry.references if unit.threads.unsettled(reference, entry.amount))
    known = (reference for reference in entry.references if unit.threads.has_deposit(reference, entry.amount, entry.on))
    trace = next(known, None) or next(waited_for, entry.references[0])
    deposit = Deposit(trace=trace, amount=entry.amount, on=entry.on, method=entry.method)
    return Taken(entry, trace, _record(unit, deposit, by))


def _record(unit: Unit, entry: Deposit, by: str) -> str:
    row = unit.threads.record_deposit(entry)
    if row is None:
        return f"the bank's entry {entry.trace} over {entry.amount} is on record already"
    said = settle_deposit(unit, entry) or "no remittance of that trace and amount yet; it is settled when one comes"
    unit.events.tell("deposit.recorded", f"deposit:{row}", f"{entry.trace}, {entry.amount}: {said}", actor=by)
    return said
