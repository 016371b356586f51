"""What a person answers when a partner is begun from samples, since no sample says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

OPEN = "?"
"""Stands for what is not known yet. No model takes it, so ``partner check`` fails until it is answered."""


@dataclass(frozen=True)
class Answers:
    """What only a person knows; ``"?"`` where nobody said."""

    title: str = OPEN
    time_zone: str = OPEN
    acknowledge_within: str = OPEN  # our 997 for what they send
    confirm_within: str = OPEN  # our 855 for their orders
    connection: str = "mailbox"  # or sftp, folder
    wanted: Sequence[str] = ("855", "856", "810")  # what they want back
    pays: bool = False  # whether they send an 820
