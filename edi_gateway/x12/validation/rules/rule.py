"""A rule above the standard: what it is called, when it applies, what it reads, and the function that looks.

Rules that have something to look at in nearly every order also have a glance: a few searches in the text of a set, which say
that the rule would find nothing. Splitting the segments they read took two to five times as long as accepting the set did.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.validation.scene import Scene, Trouble

Glance: TypeAlias = Callable[[str], bool]
"""True for the text of a well-formed set only if the rule would find nothing in it; False says nothing."""
GlanceMaker: TypeAlias = Callable[[Delimiters, frozenset[str], "frozenset[str] | None"], Glance]
"""Makes a glance for an interchange's delimiters, the ids of all segments that there may be, and all codes (None: any)."""


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
    glance: GlanceMaker | None = None
