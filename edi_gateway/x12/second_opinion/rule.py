"""A known difference between pyx12 and us."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from edi_gateway.x12.finding import Finding
from edi_gateway.x12.second_opinion.both import Both
from edi_gateway.x12.second_opinion.opinion import Remark


def _never(said: Finding | Remark, both: Both) -> bool:
    return False


class Rule(NamedTuple):
    """Its name, why it is there, and when a finding that pyx12 does not share, or a remark that we do not share, is it."""

    name: str
    why: str
    ours: Callable[[Finding, Both], bool] = _never
    theirs: Callable[[Remark, Both], bool] = _never
