"""Credit notes of ours that a payer takes in a remittance: which items are one, and whether what they take is still theirs.

Payers write it in many ways: a line of its own, below nothing or without the sign, by the credit note's number or its invoice's;
or an ADX that names it, under an item or outside. Each becomes a part of its own, so that the invoice is paid as it was billed.
A credit note is taken by itself only whole, to the cent, and once: out of what we owe on its invoice, or before that is all paid.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple, TypeAlias

import msgspec

from edi_gateway.documents.remittance import Remittance, RemittanceAdjustment, RemittanceItem
from edi_gateway.order_to_cash.cash.outcome import QuestionKind
from edi_gateway.order_to_cash.money import total
from edi_gateway.order_to_cash.receivable import Credit, Receivable

Owed: TypeAlias = Mapping[str, Receivable]
"""Receivables by the number of their invoice."""

_CREDIT_MEMO = "CL"  # a seller's credit memo (X12 data element 128)


class OfCredit(NamedTuple):
    """A credit note of ours, and the receivable it takes something off."""

    receivable: Receivable
    credit: Credit


class Part(NamedTuple):
    """What is paid, or taken by a credit note, under one item; ``position`` counts from 1, and goes on outside of the items."""

    position: int
    item: RemittanceItem
    of_credit: bool


class Parts(NamedTuple):
    """A remittance taken apart: credit notes before what is paid. ``outside`` are the adjustments that take none."""

    parts: tuple[Part, ...]
    outside: tuple[RemittanceAdjustment, ...]

    @property
    def named(self) -> Decimal:
        """What all of it comes to."""
        return total([part.item.paid for part in self.parts]) + total([each.amount for each in self.outside])


def parts_of(remittance: Remittance, owed: Owed) -> Parts:
    """The remittance's items, with every credit note it takes as a part of its own.

    One that is written without a sign is taken where only so the remittance comes to its amount.
    """
    found: list[Part] = []
    for position, item in enumerate(_signed(remittance, owed), start=1):
        found += _of_item(position, item, owed)
    outside: list[RemittanceAdjustment] = []
    for position, adjustment in enumerate(remittance.adjustments, start=len(remittance.items) + 1):
        if _is_taken_by(adjustment, owed):
            found.append(Part(position, _as_item(adjustment, owed), True))
        else:
            outside.append(adjustment)
    return Parts(tuple(sorted(found, key=lambda part: not part.of_credit)), tuple(outside))


def numbers_in(remittance: Remittance) -> list[str]:
    """Every number in it that an invoice or a credit note may have."""
    items = [number for item in remittance.items for number in (item.reference, *(each.value for each in item.references))]
    adjustments = [*remittance.adjustments, *(each for item in remittance.items for each in item.adjustments)]
    return [number for number in (*items, *(number for each in adjustments for number in numbers_of(each))) if number]


def numbers_of(adjustment: RemittanceAdjustment) -> tuple[str, ...]:
    """The numbers an ADX names."""
    return (adjustment.reference, *(reference.value for reference in adjustment.references))


def credit_of(item: RemittanceItem, owed: Owed) -> OfCredit | None:
    """The credit note an item speaks of: by its number; or, below nothing, by its invoice's number and its very amount."""
    if (found := _numbered((item.reference,), owed)) and item.reference not in owed:
        return found
    if item.paid >= 0:
        return None
    if found := _numbered((reference.value for reference in item.references), owed):
        return found
    receivable = owed.get(item.reference) if item.qualifier != "PO" else None
    same = (credit for credit in receivable.credits if receivable.left_of(credit) == -item.paid) if receivable else iter(())
    return next((OfCredit(receivable, credit) for credit in same if receivable), None)


def adds_up(item: RemittanceItem) -> bool:
    """Whether gross less discount and adjustments is what is paid; an item without gross does."""
    return item.gross is None or not away(item)


def away(item: RemittanceItem) -> Decimal:
    """By how much gross less discount and adjustments is off what is paid."""
    inside = total([adjustment.amount for adjustment in item.adjustments])
    return (item.gross or Decimal(0)) - (item.discount or 0) + inside - item.paid


def why_not_taken(item: RemittanceItem, found: OfCredit) -> tuple[QuestionKind, str] | None:
    """Why an item does not take the credit note by itself: the kind of question, and what a person reads; None: it does."""
    receivable, credit = found
    left = receivable.left_of(credit)
    name = f"credit note {credit.number} of invoice {receivable.invoice}"
    if item.order_number and item.order_number != receivable.order_number:
        return "says otherwise", f"{name} is of order {receivable.order_number}, not of {item.order_number}"
    if item.paid >= 0:
        return "credit differs", f"{item.paid} paid under the number of {name}, which takes {credit.amount} off it"
    if not left:
        return "credit taken twice", f"{name} over {credit.amount} was taken before, or answered a deduction"
    if -item.paid != left or abs(item.gross or left) != left or item.discount or item.adjustments:
        return "credit differs", f"{-item.paid} taken of {name}, of which {left} is theirs to take"
    if receivable.is_paid_on and 0 >= receivable.unremitted > -left:
        return "credit taken twice", f"{left} taken of {name}, and what was paid before leaves them {-receivable.unremitted}"
    return None


def _signed(remittance: Remittance, owed: Owed) -> tuple[RemittanceItem, ...]:
    """The items, credit notes without a sign below nothing where the total says that they were taken."""
    items = remittance.items
    unsigned = [item for item in items if item.paid > 0 and credit_of(item, owed)]
    named = total([item.paid for item in items]) + total([each.amount for each in remittance.adjustments])
    if not unsigned or named - 2 * total([item.paid for item in unsigned]) != remittance.amount:
        return items
    return tuple(msgspec.structs.replace(item, paid=-item.paid) if item in unsigned else item for item in items)


def _of_item(position: int, item: RemittanceItem, owed: Owed) -> Iterator[Part]:
    if credit_of(item, owed):
        yield Part(position, item, True)
        return
    taken = [adjustment for adjustment in item.adjustments if adds_up(item) and _is_taken_by(adjustment, owed)]
    for adjustment in taken:
        yield Part(position, _as_item(adjustment, owed), True)
    kept = tuple(adjustment for adjustment in item.adjustments if adjustment not in taken)
    paid = item.paid - total([adjustment.amount for adjustment in taken])
    yield Part(position, msgspec.structs.replace(item, paid=paid, adjustments=kept), False)


def _is_taken_by(adjustment: RemittanceAdjustment, owed: Owed) -> bool:
    """Whether an ADX is a credit note that can be taken by itself; otherwise it is a deduction like any other."""
    found = _numbered(numbers_of(adjustment), owed)
    return found is not None and why_not_taken(_as_item(adjustment, owed), found) is None


def _as_item(adjustment: RemittanceAdjustment, owed: Owed) -> RemittanceItem:
    found = _numbered(numbers_of(adjustment), owed)
    return RemittanceItem(
        qualifier=_CREDIT_MEMO, reference=found.credit.number if found else adjustment.reference, paid=adjustment.amount
    )


def _numbered(numbers: Iterator[str] | tuple[str, ...], owed: Owed) -> OfCredit | None:
    wanted = {number for number in numbers if number}
    every = (OfCredit(receivable, credit) for receivable in owed.values() for credit in receivable.credits)
    return next((each for each in every if each.credit.number in wanted), None)
