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

_ON_RECORD = "the bank's entry {0.trace} over {0.amount} is on record already"


def record_deposit(store: Database, *, trace: str, amount: Decimal, on: date, method: str, currency: str = "", by: str) -> str:
    """Records a bank entry and settles the remittance of the same trace and amount; returns what came of it, as a sentence.

    An entry whose remittance has not come yet is kept and settles it when it does; the same entry twice counts once.
    Without a ``currency``, it is that of the remittance.
    """
    entry = Deposit(trace=trace, amount=amount, on=on, method=method, currency=currency)
    with store.write() as unit:
        return _ON_RECORD.format(entry) if unit.threads.deposits_like(entry, [trace]) else _record(unit, entry, by)[1]


class Taken(NamedTuple):
    """What came of one entry of a bank's file."""

    entry: BankEntry
    trace: str
    said: str


def record_entries(store: Database, entries: Iterable[BankEntry], *, by: str) -> list[Taken]:
    """Records entries of a bank's file, all or none; of the numbers one carries, the one a remittance waits for is its trace.

    Of entries that are alike, those are recorded that the file has more of than are on record: so the same file again changes
    nothing. An entry without any number is told, and left for a person to enter.
    """
    with store.write() as unit:
        counted: set[int] = set()
        return [_take(unit, entry, by, counted) for entry in entries]


def _take(unit: Unit, entry: BankEntry, by: str, counted: set[int]) -> Taken:
    """``counted`` are the deposits on record that entries of this file stand for already."""
    if not entry.references:
        said = "it carries no reference; find the remittance, and enter it with edi-gateway deposit add"
        unit.events.tell("deposit.unnamed", f"deposit:{entry.where}", f"{entry.amount} on {entry.on}: {said}", actor=by)
        return Taken(entry, "", said)
    deposit = Deposit(trace=_trace(unit, entry), amount=entry.amount, on=entry.on, method=entry.method, currency=entry.currency)
    known = (row for row in unit.threads.deposits_like(deposit, entry.references) if row.id not in counted)
    if (row := next(known, None)) is not None:
        counted.add(row.id)
        return Taken(entry, row.trace, _ON_RECORD.format(row))
    id, said = _record(unit, deposit, by)
    counted.add(id)
    return Taken(entry, deposit.trace, said)


def _trace(unit: Unit, entry: BankEntry) -> str:
    """Of the numbers of an entry, the one a remittance waits for: one in its currency, or else in any; or the likeliest."""
    for currency in (entry.currency, ""):
        for reference in entry.references:
            if unit.threads.unsettled(reference, entry.amount, currency):
                return reference
    return entry.references[0]


def _record(unit: Unit, entry: Deposit, by: str) -> tuple[int, str]:
    """The row of an entry now on record, and what came of it."""
    row = unit.threads.record_deposit(entry)
    said = settle_deposit(unit, row, entry) or "no remittance of that trace and amount yet; it is settled when one comes"
    unit.events.tell("deposit.recorded", f"deposit:{row}", f"{entry.trace}, {entry.amount}: {said}", actor=by)
    return row, said
