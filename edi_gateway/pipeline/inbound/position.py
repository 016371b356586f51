"""How far a payload was read: kept on the flow between chunks, so that a crash goes on there."""

from __future__ import annotations

import msgspec

from edi_gateway.store.rows import FlowRow
from edi_gateway.x12.envelope import Event, FunctionalGroup, GroupEnd, InterchangeEnd
from edi_gateway.x12.reading_point import OpenInterchange, ReadingPoint


class Cursor(msgspec.Struct, frozen=True):
    """Where in the store a reading stands, between chunks and after a crash."""

    interchange: int | None = None
    group: int | None = None
    partner: str = ""  # whose the open group is; nothing where it is nobody's
    passing: bool = False  # the interchange is a duplicate or nobody's: its content is passed over
    passing_group: bool = False  # the group is nobody's, likewise
    carries_ta1: bool = False  # the open interchange answers one of ours
    interchanges: int = 0
    trouble: str = ""
    unagreed: bool = False  # a set of the open group has no agreement yet
    forced_partner: str = ""  # a person said whose it is
    looked_at: bool = False  # a person let it go on
    dismissed_before: bool = False  # the open interchange came before, and a person dismissed what was in it
    only_of: str = ""  # the one partner whose it may be: a key of that partner alone gave it in


class Position(msgspec.Struct, frozen=True):
    """The reader's point, our rows of the envelopes open there, and whether to stop at the end of one interchange or group."""

    point: ReadingPoint = ReadingPoint()
    cursor: Cursor = Cursor()
    one_interchange: bool = False
    one_group: bool = False
    over: bool = False  # all of it was read
    given_up: bool = False  # a person said to read no further: what is open ends here

    @classmethod
    def starting_at(cls, offset: int) -> Position:
        """Reads just the interchange that begins at a byte of the payload."""
        return cls(ReadingPoint(offset), Cursor(looked_at=True), one_interchange=True)

    @classmethod
    def starting_at_group(cls, group: FunctionalGroup, offset: int, cursor: Cursor) -> Position:
        """Reads just the group that begins at a byte of the payload, in an interchange on record."""
        point = ReadingPoint(offset, OpenInterchange(group.interchange))
        there = Cursor(cursor.interchange, interchanges=1, looked_at=True, dismissed_before=cursor.dismissed_before)
        return cls(point, there, one_group=True)

    @property
    def is_inside(self) -> bool:
        """Whether an interchange or a group of a partner is open here: part of it is on record, and its answer is to come."""
        is_ours = self.cursor.interchange is not None and not (self.cursor.passing or self.one_group)
        return not (self.over or self.given_up) and (self.cursor.group is not None or is_ours)

    def is_end(self, event: Event) -> bool:
        """Whether no more of the payload is to be read after this event."""
        if self.one_group:
            return isinstance(event, GroupEnd)
        return self.one_interchange and isinstance(event, InterchangeEnd)


def read_position(flow: FlowRow) -> Position:
    """How far a flow's payload was read."""
    return msgspec.json.decode(flow.position, type=Position) if flow.position else Position()
