"""Gives every segment of a set its place: the innermost open loop first, forward only, then the loops around it.

A segment that fits nowhere ahead is not lost and does not move the reading point: it is out of sequence when an open loop has it
further back (one too many where that place was full), unexpected when only loops that are not open have it, not in the set, or
unknown. What was passed over is missing at the position of the segment found there, unless it turns up later in the same loop, or
an LE behind its loop: then that one is out of sequence and no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from edi_gateway.x12.envelope import Segment
from edi_gateway.x12.standard import SegmentUse, TransactionSetDefinition, releases, segment_ids
from edi_gateway.x12.structure.containers import NO_LIMIT, Container, container, ids_of
from edi_gateway.x12.structure.model import Fault, Loop, Placed, Structure


def place(definition: TransactionSetDefinition, segments: list[Segment]) -> Structure:
    """The segments of a set (ST first) with the loop and use each one has by the definition."""
    placer = _Placer(definition)
    root = placer.frames[0].loop
    for position, segment in enumerate(segments, 1):
        placer.take(position, segment)
    placer.close(len(segments) + 1)
    return Structure(placer.placed, root, placer.sorted_faults())


class Walk:
    """The segments of a set one after the other, each at its place, and none of them kept: for checking sets of any size.

    Iterate once; ``faults`` are complete then, in the order ``place`` gives them in.
    """

    def __init__(self, definition: TransactionSetDefinition, segments: Iterable[Segment]) -> None:
        self._placer, self._segments = _Placer(definition, keep=False), segments
        self.faults: list[Fault] = []

    def __iter__(self) -> Iterator[Placed]:
        placer, position = self._placer, 0
        for position, segment in enumerate(self._segments, 1):
            placer.take(position, segment)
            yield placer.last
        placer.close(position + 1)
        self.faults = placer.sorted_faults()


def paths_of(definition: TransactionSetDefinition, segments: Iterable[Segment]) -> list[str]:
    """The path of the loop each segment of a set stands in."""
    return [loop.path for _, _, _, loop in Walk(definition, segments)]


LOOP_TRAILER = "LE"


class _Frame:
    """An open container: the item it is at, how often that was met, the full ones left behind, the missing ones noted so far."""

    __slots__ = ("at", "container", "count", "full", "loop", "missing")

    def __init__(self, of: Container, loop: Loop) -> None:
        self.container, self.loop = of, loop
        self.at, self.count = 0, 0
        self.full: set[int] = set()
        self.missing: dict[int, Fault] | None = None


class _Placer:
    """``keep`` False: of the segments placed only the ``last`` is there, and loops do not know their members."""

    last: Placed

    def __init__(self, definition: TransactionSetDefinition, *, keep: bool = True) -> None:
        self.definition, self.keep = definition, keep
        self.frames = [_Frame(container(definition), Loop())]
        self.placed: list[Placed] = []
        self.faults: list[Fault] = []

    def take(self, position: int, segment: Segment) -> None:
        segment_id = segment[0]
        full = -1
        for depth in range(len(self.frames) - 1, -1, -1):
            frame = self.frames[depth]
            index = frame.container.index.get(segment_id, -1)
            if index < frame.at or (index == 0 and depth):  # a loop's head is met in the container around it
                continue
            if index == frame.at and frame.count >= frame.container.limits[index]:
                full = depth if full < 0 else full
                continue
            self._settle(depth, index, position, segment)
            return
        if full >= 0:
            self._over_max(full, position, segment)
        else:
            self._misfit(position, segment)

    def close(self, position: int) -> None:
        """The set is over: what was still to come is missing."""
        self._leave(-1, position)

    def sorted_faults(self) -> list[Fault]:
        """By position, and at one position what is missing before what is wrong with the segment found there."""
        return sorted(self.faults, key=lambda fault: (fault.position, fault.kind != "segment.missing"))

    def _settle(self, depth: int, index: int, position: int, segment: Segment) -> None:
        """Puts a segment at an item ahead, leaving inner loops and passing over items in between."""
        if depth < len(self.frames) - 1:
            self._leave(depth, position)
        frame = self.frames[depth]
        if index != frame.at:
            self._pass_over(frame, index, position)
            if frame.count >= frame.container.limits[frame.at]:
                frame.full.add(frame.at)
            frame.at, frame.count = index, 0
        frame.count += 1
        self._put(frame, index, frame.count, position, segment)

    def _put(self, frame: _Frame, index: int, number: int, position: int, segment: Segment) -> None:
        inner = frame.container.inner[index]
        if inner is None:
            use, loop = frame.container.items[index], frame.loop
        else:
            use, loop = inner.items[0], Loop(inner.use, frame.loop, number)
            if self.keep:
                frame.loop.members.append(loop)
            opened = _Frame(inner, loop)
            opened.count = 1
            self.frames.append(opened)
        self._append(loop, Placed(position, segment, use if isinstance(use, SegmentUse) else None, loop))

    def _append(self, loop: Loop, placed: Placed) -> None:
        self.last = placed
        if self.keep:
            loop.members.append(placed)
            self.placed.append(placed)

    def _leave(self, depth: int, position: int) -> None:
        """Closes the loops inside the frame at ``depth``; what they still had to bring is missing here."""
        while len(self.frames) > depth + 1:
            frame = self.frames.pop()
            self._pass_over(frame, len(frame.container.items), position)
            if frame.missing:
                self.faults.extend(frame.missing.values())

    def _pass_over(self, frame: _Frame, index: int, position: int) -> None:
        start = frame.at + 1 if frame.count else frame.at
        needed = frame.container.required_before
        if needed[index] <= needed[min(start, index)]:
            return
        frame.missing = frame.missing or {}
        for passed in range(start, index):
            item = frame.container.items[passed]
            if item.required:
                path = frame.container.path if isinstance(item, SegmentUse) else item.path
                frame.missing[passed] = Fault("segment.missing", position, item.id, path)

    def _over_max(self, depth: int, position: int, segment: Segment) -> None:
        frame = self.frames[depth]
        index = frame.container.index[segment[0]]
        self.faults.append(_one_too_many(frame, index, position))
        self._settle(depth, index, position, segment)

    def _misfit(self, position: int, segment: Segment) -> None:
        for depth in range(len(self.frames) - 1, -1, -1):
            index = self.frames[depth].container.index.get(segment[0], NO_LIMIT)
            if index < self.frames[depth].at and not (index == 0 and depth):
                self._out_of_sequence(depth, index, position, segment)
                return
        loop = self.frames[-1].loop
        self.faults.append(
            self._end_too_late(segment[0], position) or Fault(self._unplaced(segment[0]), position, segment[0], loop.path)
        )
        self._append(loop, Placed(position, segment, None, loop))

    def _out_of_sequence(self, depth: int, index: int, position: int, segment: Segment) -> None:
        frame = self.frames[depth]
        if frame.missing:
            frame.missing.pop(index, None)
        self.faults.append(
            _one_too_many(frame, index, position) if index in frame.full else _out_of_sequence(frame, index, position)
        )
        if frame.container.inner[index] is not None:
            self._leave(depth, position)
        self._put(frame, index, 1 + sum(1 for _ in frame.loop.loops(segment[0])), position, segment)

    def _end_too_late(self, segment_id: str, position: int) -> Fault | None:
        """An LE behind a bounded loop that was left without one: it was missing, and now it is out of sequence and no more."""
        if segment_id != LOOP_TRAILER:
            return None
        missing = next((one for one in reversed(self.faults) if one.segment_id == LOOP_TRAILER), None)
        if missing is None or missing.kind != "segment.missing":
            return None
        self.faults.remove(missing)
        return Fault("segment.out_of_sequence", position, segment_id, missing.path)

    def _unplaced(self, segment_id: str) -> str:
        if segment_id in ids_of(self.definition):
            return "segment.unexpected"
        known = any(segment_id in segment_ids(release) for release in releases())
        return "segment.not_in_set" if known else "segment.unrecognized"


def _one_too_many(frame: _Frame, index: int, position: int) -> Fault:
    item = frame.container.items[index]
    if isinstance(item, SegmentUse):
        return Fault("segment.over_max", position, item.id, frame.container.path)
    return Fault("loop.over_max", position, item.id, item.path)


def _out_of_sequence(frame: _Frame, index: int, position: int) -> Fault:
    return Fault("segment.out_of_sequence", position, frame.container.items[index].id, frame.container.path)
