"""Sets to read and libraries to read them with."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from edi_gateway.mapping.library import Library
from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.envelope import Segment, TransactionSet

PROJECT = Path(__file__).parents[2]
SAMPLES = PROJECT.parent / "shared" / "samples"

BASE = {
    "850": "850-order",
    "855": "order-acknowledgment-855",
    "856": "ship-notice-856",
    "810": "invoice-810",
    "820": "820-remittance",
    "860": "860-order-change",
    "865": "order-change-acknowledgment-865",
    "846": "inventory-advice-846",
    "824": "824-application-advice",
    "812": "812-adjustment",
    "864": "864-text-message",
}


@cache
def library() -> Library:
    """The maps that ship with the project."""
    return Library.load(PROJECT / "maps")


def a_set(text: str) -> TransactionSet:
    """A set written with ``*`` and ``~``, line breaks aside; ST and SE may be left out."""
    body = "".join(line.strip() for line in text.strip().splitlines())
    return TransactionSet(body, Delimiters())


def around(code: str, segments: list[Segment], marks: Delimiters | None = None) -> TransactionSet:
    """The set that holds what a map wrote."""
    return TransactionSet.of([["ST", code, "0001"], *segments, ["SE", str(len(segments) + 2), "0001"]], marks)


def written(segments: list[Segment]) -> list[str]:
    """Segments as people read them."""
    return ["*".join(segment) for segment in segments]
