"""Whose turn it is: changes of one order come out of order and come twice."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Literal, TypeAlias

import msgspec

from edi_gateway.documents.order_change import OrderChange
from edi_gateway.order_to_cash.thread import ThreadChange

Turn: TypeAlias = Literal["next", "repeated", "early", "late"]


def turn(change: OrderChange, known: Sequence[ThreadChange]) -> Turn:
    """``next``: it may be applied. ``repeated``: it was, to the letter. ``early``: one before it is missing, by the sequence
    numbers (BCH05). ``late``: another one with its number or a higher one was applied before it.

    A change without a number is taken as it comes; it is a repetition only of the one before it, for a buyer may change an order
    there and back again.
    """
    told = digest(change)
    number = _number(change.sequence)
    if number is None:
        return "repeated" if known and known[-1].digest == told else "next"
    if any(each.digest == told for each in known):
        return "repeated"
    last = max((n for each in known if (n := _number(each.sequence)) is not None), default=0)
    if number > last + 1:
        return "early"
    return "late" if 0 < number <= last else "next"


def digest(change: OrderChange) -> str:
    """What a change says, to the letter, in 64 hex digits."""
    return sha256(msgspec.json.encode(change)).hexdigest()


def _number(sequence: str) -> int | None:
    return int(sequence) if sequence.isascii() and sequence.isdigit() else None
