"""One rule broken at one place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

from edi_gateway.documents.base import Value


class Breach(Value, frozen=True, kw_only=True):
    """``rule`` is its number (R05 …); ``place`` the line, pack or field it is about, empty for the whole document."""

    rule: str
    severity: Literal["stop", "warn"] = "stop"
    message: str
    place: str = ""


Breaches: TypeAlias = Iterator[Breach]
