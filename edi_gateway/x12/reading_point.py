"""Where a reader stands: enough to let another one go on there."""

from __future__ import annotations

import msgspec

from edi_gateway.x12.control_numbers import SeenNumbers
from edi_gateway.x12.cut_lines import CutLines
from edi_gateway.x12.envelope import FunctionalGroup, Interchange
from edi_gateway.x12.finding import Finding


class OpenInterchange(msgspec.Struct):
    """An interchange that has begun and not ended, and what was seen of it so far."""

    header: Interchange
    groups: int = 0
    group_numbers: SeenNumbers = msgspec.field(default_factory=SeenNumbers)
    findings: list[Finding] = []


class OpenGroup(msgspec.Struct):
    """A group that has begun and not ended, and what was seen of it so far."""

    header: FunctionalGroup
    sets: int = 0
    set_numbers: SeenNumbers = msgspec.field(default_factory=SeenNumbers)
    findings: list[Finding] = []


class ReadingPoint(msgspec.Struct, frozen=True):
    """The state of a reader after an event: the offset of the first byte not yet told of, and the envelopes that are open.

    It is JSON-serialisable (``msgspec.json``) and belongs to one payload: ``Reader(payload, start=point)`` tells what the
    first reader would have told next.
    """

    offset: int = 0
    interchange: OpenInterchange | None = None
    group: OpenGroup | None = None
    events: int = 0  # told so far
    cut: CutLines | None = None  # how lines are cut there


def copy_of_interchange(one: OpenInterchange | None) -> OpenInterchange | None:
    return one and OpenInterchange(one.header, one.groups, one.group_numbers.copy(), list(one.findings))


def copy_of_group(one: OpenGroup | None) -> OpenGroup | None:
    return one and OpenGroup(one.header, one.sets, one.set_numbers.copy(), list(one.findings))
