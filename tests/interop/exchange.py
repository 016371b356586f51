"""One exchange with another implementation: what it is called, and what to run, which raises where it does not work."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Exchange(NamedTuple):
    """``group`` says with whom; ``name`` what is exchanged."""

    group: str
    name: str
    run: Callable[[], None]


class NotThere(Exception):
    """The other implementation is not on this machine."""
