"""What both said about one set, so that an explanation can look at the other side of a place."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TypeAlias

from edi_gateway.x12.finding import Finding, Scope
from edi_gateway.x12.second_opinion.opinion import Opinion, Remark

Key: TypeAlias = tuple[Scope, str, int | None, int | None, int | None]


FORM_KINDS = frozenset({"external.date_form", "external.time_form"})  # of rules above the standard; pyx12 looks at DTP03
_BEHIND = ("segment.out_of_sequence", "segment.over_max", "loop.over_max")


class Both:
    """Findings of ours and remarks of pyx12's, by place. ``ids`` are the ids of the segments, ST at 1."""

    def __init__(self, ours: tuple[Finding, ...], opinion: Opinion) -> None:
        self.ours, self.theirs = ours, opinion.findings
        self.ids, self.delimiters = ("", *opinion.segments), opinion.delimiters
        self.keys_of_ours = frozenset(map(self.key, self.ours))
        self.keys_of_theirs = frozenset(map(self.key, self.theirs))
        self._ours_at: defaultdict[int | None, list[Finding]] = defaultdict(list)
        self._theirs_at: defaultdict[int | None, list[Remark]] = defaultdict(list)
        for finding in self.ours:
            self._ours_at[finding.position].append(finding)
        for remark in self.theirs:
            self._theirs_at[remark.position].append(remark)

    @cached_property
    def unplaced(self) -> frozenset[int | None]:
        """Positions of the segments that pyx12 could not place."""
        return frozenset(one.position for one in self.theirs if one.scope is Scope.SEGMENT and one.code == "1" and not one.about)

    @cached_property
    def apart_since(self) -> int | None:
        """The first segment that one put where the other did not: behind its place, or too many here and taken further out."""
        moved = [one.position for one in self.ours if one.kind in _BEHIND and one.position in self.unplaced]
        full = [one.position for one in self.theirs if one.about == "further out"]
        return min((at for at in (*moved, *full) if at is not None), default=None)

    @staticmethod
    def key(said: Finding | Remark) -> Key:
        """What has to be equal for two to say the same: list and code, segment, element, component."""
        if said.scope is Scope.SET:
            return said.scope, said.code, None, None, None
        return said.scope, said.code, said.position, said.element, said.component

    def ours_at(self, said: Finding | Remark) -> list[Finding]:
        """Our findings at the same element and component, or the same segment."""
        return [one for one in self._ours_at[said.position] if _same_place(one, said)]

    def theirs_at(self, said: Finding | Remark) -> list[Remark]:
        """Their remarks at the same element and component, or the same segment."""
        return [one for one in self._theirs_at[said.position] if _same_place(one, said)]

    def ours_in(self, said: Finding | Remark) -> list[Finding]:
        """Our findings in the same segment."""
        return self._ours_at[said.position]

    def theirs_in(self, said: Finding | Remark) -> list[Remark]:
        """Their remarks in the same segment."""
        return self._theirs_at[said.position]


def _same_place(one: Finding | Remark, other: Finding | Remark) -> bool:
    return (one.scope, one.element, one.component) == (other.scope, other.element, other.component)
