"""What a simulated buyer does differently from a model partner; each habit has been met in real ones."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import msgspec

from edi_gateway.x12.delimiters import Delimiters

ODD_DELIMITERS = Delimiters(element="\x1d", component="\x1f", segment="\x1c")
"""Separators nobody can see, as some mainframes write them."""


class ShortPayment(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept back of each invoice. ``reason`` is a code of ADX02 (426): 01 pricing error, 06 quantity contested …"""

    amount: Decimal
    reason: str = "06"
    reference: str = ""


class Habits(msgspec.Struct, frozen=True, kw_only=True):
    """How this buyer behaves; by default as agreed.

    ``late_acknowledgment``: how long a 997 waits before it is sent, by the buyer's clock. ``no_acknowledgment``: sets that get
    none, unless their interchange comes again after the habit was given up. ``rejects``: sets that are always rejected, with an
    AK3 and AK4. ``duplicate_interchange``: the same bytes twice, under two names. ``duplicate_order_new_number``: each order a
    second time as an original, in an interchange of its own. ``wrong_segment_count``: SE01 counts one too many.
    ``odd_delimiters``: what it writes with instead of the agreed ones. ``short_pay``: deducted from every invoice.
    ``half_upload``: a file arrives cut in the middle first, then whole.
    """

    late_acknowledgment: timedelta = timedelta(0)
    no_acknowledgment: frozenset[str] = frozenset()
    rejects: frozenset[str] = frozenset()
    duplicate_interchange: bool = False
    duplicate_order_new_number: bool = False
    wrong_segment_count: bool = False
    odd_delimiters: Delimiters | None = None
    short_pay: ShortPayment | None = None
    half_upload: bool = False
