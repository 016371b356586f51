"""One side of a plan: profiles and maps, in force or not yet; and what a document came to under them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from edi_gateway.documents.base import Value
from edi_gateway.mapping.library import Library
from edi_gateway.trading.directory import Directory


class Side(NamedTuple):
    """Profiles, guides and maps; ``directory`` is None where nothing is in force."""

    directory: Directory | None
    maps: Library


class Handled(NamedTuple):
    """What became of a document: why it ``fails``, or the ``document`` read, or the ``payload`` written.

    ``said`` is what else a partner or a person would notice, by a name: what validation finds, how it is answered, what the rules
    say, whom it goes to. ``answers`` are those drafted anew from it, by set: the 855 of an order.
    """

    partner: str = ""
    fails: str = ""
    document: Value | None = None
    payload: bytes = b""
    said: Mapping[str, str] = {}
    answers: Mapping[str, Handled] = {}
