"""A rule above the standard: what it is called, when it applies, what it reads, and the function that looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from edi_gateway.x12.validation.scene import Scene, Trouble


class Rule(NamedTuple):
    """``kind`` decides level, code and severity (see kinds); ``kinds`` are others it may report.

    It runs only where one of the segments it ``needs`` is there; of others it ``reads`` it finds what there is. No ``sets``: all.
    """

    kind: str
    look: Callable[[Scene], Iterator[Trouble]]
    needs: frozenset[str]
    reads: frozenset[str] = frozenset()
    sets: frozenset[str] = frozenset()
    kinds: tuple[str, ...] = ()
