"""Writing as this partner writes: its delimiters, its releases, its own control numbers."""

from __future__ import annotations

import re
from typing import NamedTuple
from zoneinfo import ZoneInfo

from edi_gateway.clock import Clock
from edi_gateway.simulated_partner.numbers import Counters
from edi_gateway.trading.profile import OurIdentity, TradingPartner, Usage
from edi_gateway.trading.usage import isa15
from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.envelope import Segment
from edi_gateway.x12.group_codes import group_code
from edi_gateway.x12.repair import repair
from edi_gateway.x12.writer import GroupHeader, InterchangeHeader, write_interchange


class Written(NamedTuple):
    """An interchange, and the file name it goes under."""

    name: str
    body: bytes


class Pen:
    """Writes interchanges from one buyer to its supplier."""

    def __init__(self, partner: TradingPartner, supplier: OurIdentity, clock: Clock, counters: Counters, usage: Usage) -> None:
        self._partner, self._supplier, self._clock = partner, supplier, clock
        self._counters, self._usage = counters, usage
        self._zone = ZoneInfo(partner.time_zone)

    def write(self, code: str, release: str, segments: list[Segment], delimiters: Delimiters | None = None) -> Written:
        """An interchange with one set: what stands between ST and SE, in the characters agreed."""
        marks = delimiters or self._partner.marks.delimiters()
        fit, _ = repair(segments, marks, characters=self._partner.characters, release=release[:6])
        at = self._clock.now().astimezone(self._zone)
        number = self._counters.take("interchange")
        header = InterchangeHeader(
            sender=self._partner.interchange[0],
            receiver=self._supplier.interchange,
            control_number=number,
            at=at,
            version=self._partner.interchange_version,
            usage=isa15(self._usage),
        )
        group = GroupHeader(
            code=group_code(code),
            sender=self._partner.group[0],
            receiver=self._supplier.group,
            control_number=self._counters.take(f"group {group_code(code)}"),
            release=release,
            at=at,
        )
        body = write_interchange(header, [(group, [[["ST", code, "0001"], *fit]])], marks)
        return Written(f"{code}_{self._partner.name}_{number:09d}.edi", body)


def with_wrong_segment_count(body: bytes) -> bytes:
    """The same interchange, but each SE01 says one segment more than there are."""

    def one_more(found: re.Match[bytes]) -> bytes:
        return found[1] + str(int(found[2]) + 1).encode()

    return re.sub(rb"((?<=[^A-Za-z0-9])SE[^A-Za-z0-9])(\d+)", one_more, body)
