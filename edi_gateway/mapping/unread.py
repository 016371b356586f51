"""What of a set a map did not carry over: elements with data that no line of it reads."""

from __future__ import annotations

from dataclasses import dataclass

from edi_gateway.mapping.trace import Trace
from edi_gateway.x12.envelope import TransactionSet

_COUNTED = {"HL": {1, 2, 3, 4}, "LS": {1}, "LE": {1}}  # levels and their bounds are computed
_ENVELOPE = ("ST", "SE")


@dataclass(frozen=True)
class Unread:
    """One element: ``position`` counts segments with ST as 1; ``place`` is like CSH01; ``whole`` if its segment was not read."""

    position: int
    place: str
    value: str
    whole: bool

    def __str__(self) -> str:
        return f"segment {self.position}, {self.place} = {self.value}"


def unread(transaction_set: TransactionSet, trace: Trace) -> list[Unread]:
    """What ``trace`` did not see of a set."""
    looked = {(one.position, one.element) for one in trace.values}
    read = {position for position, _ in looked}
    found = []
    for position, segment in enumerate(transaction_set.segments, 1):
        if segment[0] in _ENVELOPE:
            continue
        for element, text in enumerate(segment[1:], 1):
            at = (position, element)
            if not text.strip() or at in looked or at in trace.known or element in _COUNTED.get(segment[0], ()):
                continue
            found.append(Unread(position, f"{segment[0]}{element:02d}", text, position not in read))
    return found
