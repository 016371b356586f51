"""Which control numbers came: each interchange once, and what was numbered later was written later.

Files overtake one another on the way, so a lower number may arrive after a higher one; it may not be *dated* after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from edi_gateway.simulated_partner.checks.about import About
from edi_gateway.simulated_partner.complaint import Complaint, Kind
from edi_gateway.simulated_partner.post import Letter
from edi_gateway.x12.envelope import FunctionalGroup


@dataclass
class Arrivals:
    """Interchanges and groups that came from one supplier."""

    digests: dict[int, str] = field(default_factory=dict)  # ISA13 → SHA-256 of the interchange
    written: dict[int, str] = field(default_factory=dict)  # ISA13 → ISA09 and ISA10
    groups: set[tuple[str, str]] = field(default_factory=set)  # GS01 and GS06

    def is_repeated(self, letter: Letter) -> bool:
        """Whether the very same bytes came before: sent again, not numbered again."""
        return self.digests.get(letter.number) == letter.digest

    def enter(self, letter: Letter) -> Iterator[Complaint]:
        """Notes an interchange and complains about its number."""
        if letter.header is None:
            return
        about = About(f"{letter.file}, interchange {letter.number}")
        if letter.number in self.digests:
            yield about.complain(Kind.CONTROL_NUMBER_REUSED, "the number came before, with another content")
            return
        stamp = letter.header.isa[9] + letter.header.isa[10]
        before = max((number for number in self.written if number < letter.number), default=None)
        after = min((number for number in self.written if number > letter.number), default=None)
        if before is not None and self.written[before] > stamp:
            yield about.complain(Kind.CONTROL_NUMBER_BACKWARDS, f"it was written before interchange {before}")
        if after is not None and self.written[after] < stamp:
            yield about.complain(Kind.CONTROL_NUMBER_BACKWARDS, f"it was written after interchange {after}")
        self.digests[letter.number], self.written[letter.number] = letter.digest, stamp

    def enter_group(self, about: About, group: FunctionalGroup) -> Iterator[Complaint]:
        """Notes a group and complains when its number was used before for its kind."""
        key = (group.code, group.control_number.lstrip("0"))
        if key in self.groups:
            yield about.complain(Kind.CONTROL_NUMBER_REUSED, f"group {group.code} {group.control_number} came before")
        self.groups.add(key)
