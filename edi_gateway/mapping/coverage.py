"""What maps leave over of real documents: every element with data that no line reads, counted by place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from edi_gateway.mapping.errors import MapProblem
from edi_gateway.mapping.reading import ReadingMap
from edi_gateway.x12.envelope import TransactionSet


@dataclass
class Leftovers:
    """Of many sets: how many were read, which were refused, and how often which place was left over, with one value of it."""

    map: str
    read: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    places: Counter[str] = field(default_factory=Counter)
    example: dict[str, str] = field(default_factory=dict)
    elements: int = 0

    @property
    def left(self) -> int:
        """How many elements were left over."""
        return sum(self.places.values())


def leftovers(reading: ReadingMap, sets: Iterable[tuple[str, TransactionSet]]) -> Leftovers:
    """Reads ``sets``, each with a name to tell it by."""
    found = Leftovers(reading.name)
    for name, transaction_set in sets:
        try:
            unread = reading.unread(transaction_set)
        except MapProblem as problem:
            found.refused.append((name, str(problem)))
            continue
        found.read += 1
        body = transaction_set.segments[1:-1]
        found.elements += sum(1 for segment in body for text in segment[1:] if text.strip())
        for one in unread:
            found.places[one.place] += 1
            found.example.setdefault(one.place, one.value)
    return found
