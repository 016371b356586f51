"""Deposit: the bank's entry arrived; what a remittance promised becomes paid."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

import msgspec

from edi_gateway.errors import WrongInput
from edi_gateway.operations.request import reasoned
from edi_gateway.order_to_cash.cash import Deposit
from edi_gateway.order_to_cash.cash.bank import BankEntry
from edi_gateway.pipeline.inbound.settle import settle_by_earlier, settle_deposit, unsettle
from edi_gateway.store.database import Database
from edi_gateway.store.threads import DepositRow
from edi_gateway.store.unit import Unit

_NOT_YET = "no remittance of that trace and amount yet; it is settled when one comes"
_ON_RECORD = "the bank's entry {0.trace} over {0.amount} is on record already"


def record_deposit(
    store: Database, *, trace: str, amount: Decimal, on: date, method: str, currency: str = "", partner: str = "", by: str
) -> str:
    """Records a bank entry and settles the remittance of the same trace and amount; returns what came of it, as a sentence.

    An entry whose remittance has not come yet is kept and settles it when it does; the same entry twice counts once, unless the
    bank took the first back. Without a ``currency``, it is that of the remittance. Where two remittances wait for such an entry,
    it settles that of ``partner``, also where it was recorded before without one. Raises WrongInput where that partner has none.
    """
    entry = Deposit(trace=trace, amount=amount, on=on, method=method, currency=currency)
    with store.write() as unit:
        unit.threads.lock_remittances([trace])
        alike = [row for row in unit.threads.deposits_like(entry, [trace]) if not _was_taken_back(unit, row)]
        if partner:
            return _record_of(unit, entry, alike, partner, by)
        return _ON_RECORD.format(entry) if alike else _record(unit, entry, by)[1]


def _record_of(unit: Unit, entry: Deposit, alike: list[DepositRow], partner: str, by: str) -> str:
    """An entry that somebody says to be of this partner; ``alike`` are those on record that it may be."""
    if any(row.matched and unit.documents.get(row.matched).partner == partner for row in alike):
        return _ON_RECORD.format(entry)
    if not unit.threads.unsettled(entry.trace, entry.amount, partner=partner):
        said = f"no remittance of {partner} under {entry.trace} over {entry.amount} waits for money"
        raise WrongInput(said, do="leave the partner (--partner) out: it is settled when one comes")
    row = next((row for row in alike if row.matched is None), None)
    return _record(unit, entry, by, partner=partner, known=row)[1]


def return_deposit(store: Database, *, trace: str, amount: Decimal, on: date, because: str, by: str, partner: str = "") -> str:
    """Records that the bank took a deposit back, as an entry of the same amount below nothing; what it paid is open again.

    A deposit that comes anew settles the remittance again, also where it is on record already. Raises WrongInput where no such
    deposit settled a remittance (of that partner), or several did, and for a day before it came or after tomorrow.
    """
    reason = reasoned(because)
    with store.write() as unit:
        unit.threads.lock_remittances([trace])
        row = _settled_by(unit, trace, amount, partner)
        _refuse_day(on, came=row.on, today=unit.clock.now().date())
        document = row.matched or ""
        back = unit.threads.record_deposit(msgspec.structs.replace(row.entry, amount=-amount, on=on))
        unit.threads.match_deposit(back, document)
        of = unit.documents.get(document).partner
        said = f"the bank took {amount} of {of} under {trace} back: {unsettle(unit, document)} invoices are open again"
        unit.events.tell("remittance.returned", f"document:{document}", f"{said}, because: {reason}", partner=of, actor=by)
        settled = settle_by_earlier(unit, trace, amount, row.currency)
    return f"{said}; {settled}" if settled else said


def _refuse_day(on: date, *, came: date, today: date) -> None:
    """``today`` is that of UTC: where the bank is, the next may have begun. An entry may itself be of a day that is to come."""
    if on < came:
        raise WrongInput(f"{on} is before {came}, the day on which it came", do="give the day on which it went back")
    if on > max(came, today + timedelta(days=1)):
        raise WrongInput(f"{on} is to come: nothing went back then", do="give the day on which it went back")


def _settled_by(unit: Unit, trace: str, amount: Decimal, partner: str) -> DepositRow:
    """The deposit that the money of a settled remittance came by."""
    found: dict[str, DepositRow] = {}
    for row in unit.threads.deposits_of(trace, amount):
        application = unit.threads.application_of(row.matched) if row.matched else None
        if row.matched and application and application.settled_by and partner in ("", unit.documents.get(row.matched).partner):
            found[row.matched] = row
    if not found:
        said = f"no deposit of {amount} under {trace} pays anything"
        raise WrongInput(said, do="see the deposits: edi-gateway deposit list, GET /deposits")
    if len(found) > 1:
        said = f"{len(found)} remittances were paid by {amount} under {trace}"
        raise WrongInput(said, do="say whose it was: its partner (--partner)")
    return next(iter(found.values()))


def _was_taken_back(unit: Unit, row: DepositRow) -> bool:
    """Whether a deposit settled a remittance, and that is settled by none now, or by one of another day."""
    application = unit.threads.application_of(row.matched) if row.matched else None
    return application is not None and (application.settled_by is None or application.settled_by.on != row.on)


class Taken(NamedTuple):
    """What came of one entry of a bank's file."""

    entry: BankEntry
    trace: str
    said: str


def record_entries(store: Database, entries: Iterable[BankEntry], *, by: str) -> list[Taken]:
    """Records entries of a bank's file, all or none; of the numbers one carries, the one a remittance waits for is its trace.

    Of entries that are alike, those are recorded that the file has more of than are on record: so the same file again changes
    nothing, nor does it bring money again that the bank took back since. An entry without any number is told, and left for a
    person to enter. Who decides a case of a remittance that one of them settles waits until all are recorded.
    """
    entries = list(entries)
    with store.write() as unit:
        unit.threads.lock_remittances(reference for entry in entries for reference in entry.references)
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


def _record(unit: Unit, entry: Deposit, by: str, *, partner: str = "", known: DepositRow | None = None) -> tuple[int, str]:
    """The row of an entry now on record, or ``known`` before, and what came of it."""
    row = known.id if known else unit.threads.record_deposit(entry)
    said = settle_deposit(unit, row, entry, whose=partner) or _NOT_YET
    unit.events.tell("deposit.recorded", f"deposit:{row}", f"{entry.trace}, {entry.amount}: {said}", actor=by)
    return row, said
