"""One interchange of ours: numbered, written and recorded with every set in it, all in the caller's transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import NamedTuple

import msgspec

from edi_gateway.pipeline.outbound.names import unused_name
from edi_gateway.pipeline.outbound.route import Heading, Route, counters_of
from edi_gateway.store.rows import TransactionRow
from edi_gateway.store.unit import Unit
from edi_gateway.trading.profile import OurIdentity, TradingPartner
from edi_gateway.trading.sent_as_files import name_of_file
from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.envelope import Segment
from edi_gateway.x12.other_marks import in_other_marks
from edi_gateway.x12.wrapping import wrapped
from edi_gateway.x12.writer import GroupHeader, InterchangeHeader, write_interchange


class Secrets(NamedTuple):
    """ISA01 to ISA04, resolved."""

    authorization: tuple[str, str] = ("00", "")
    security: tuple[str, str] = ("00", "")


class Leaving(NamedTuple):
    """A set that leaves, and the group it belongs in."""

    row: TransactionRow
    heading: Heading


class Pen:
    """Writes one interchange of a route; the first set is the first in it."""

    def __init__(
        self, unit: Unit, route: Route, partner: TradingPartner, ours: OurIdentity, secrets: Secrets, file_name: str
    ) -> None:
        self._unit, self._route, self._partner, self._secrets = unit, route, partner, secrets
        self._template = file_name
        self._ours = str(ours.interchange)
        self._now: datetime = unit.clock.now()

    def write(self, leaving: list[Leaving], before: Delimiters) -> int:
        """Numbers, writes and records it; returns the transmission's id. A TA1 stands in an interchange by itself.

        ``before`` are the marks their segments were written with when they were composed.
        """
        header = InterchangeHeader(
            sender=self._route.sender,
            receiver=self._route.receiver,
            control_number=self._next("interchange", self._last_interchange),
            version=self._route.version,
            usage=self._route.usage,
            acknowledgment_requested=self._route.asks_for_ta1,
            at=self._now,
            authorization=self._secrets.authorization,
            security=self._secrets.security,
        )
        if leaving[0].row.code == "TA1":
            ta1 = msgspec.json.decode(leaving[0].row.segments, type=list[Segment])
            transmission, interchange = self._record(header, leaving, write_interchange(header, (), self._route.marks, ta1=ta1))
            self._place(leaving[0].row, "0001", interchange, None)
            return transmission
        groups = self._groups(leaving)
        body = write_interchange(
            header, [(group, [self._set(*each, before) for each in sets]) for group, sets in groups], self._route.marks
        )
        transmission, interchange = self._record(header, leaving, body)
        for group, sets in groups:
            row = self._record_group(interchange, group, len(sets))
            for one, number in sets:
                self._place(one, number, interchange, row)
        return transmission

    def _groups(self, leaving: list[Leaving]) -> list[tuple[GroupHeader, list[tuple[TransactionRow, str]]]]:
        """The sets by their headings, numbered: a group for each, in the order of its first set."""
        by_heading: dict[Heading, list[TransactionRow]] = {}
        for each in leaving:
            by_heading.setdefault(each.heading, []).append(each.row)
        return [(self._group(heading), self._numbered(heading, rows)) for heading, rows in by_heading.items()]

    def _group(self, heading: Heading) -> GroupHeader:
        return GroupHeader(
            code=heading.code,
            sender=heading.sender,
            receiver=heading.receiver,
            control_number=self._next(f"group {heading.code}", partial(self._last_group, heading)),
            release=heading.release,
            at=self._now,
        )

    def _numbered(self, heading: Heading, rows: list[TransactionRow]) -> list[tuple[TransactionRow, str]]:
        terms = self._partner.control_numbers
        if terms.sets == "in the group":
            return [(row, str(place).zfill(terms.set_width)) for place, row in enumerate(rows, 1)]
        scopes, most = counters_of(f"set {heading.code}", self._route, self._partner, self._ours), 10**terms.set_width - 1
        return [(row, str(self._unit.control_numbers.next(*scopes, most=most)).zfill(terms.set_width)) for row in rows]

    def _set(self, row: TransactionRow, number: str, before: Delimiters) -> list[Segment]:
        """ST to SE. What was recorded may begin with an ST of its own, for what it says beyond the number (ST03)."""
        kept = msgspec.json.decode(row.segments, type=list[Segment])
        segments = in_other_marks(kept, before, self._route.marks, row.release)
        more = segments.pop(0)[3:] if segments[:1] and segments[0][0] == "ST" else []
        return [["ST", row.code, number, *more], *segments, ["SE", str(len(segments) + 2), number]]

    def _next(self, what: str, behind: Callable[[], int]) -> int:
        terms = self._partner.control_numbers
        scopes = counters_of(what, self._route, self._partner, self._ours)
        return self._unit.control_numbers.next(*scopes, start=terms.start, most=terms.most, behind=behind)

    def _last_interchange(self) -> int:
        """The last ISA13 on record between its two ids."""
        return self._unit.interchanges.last_number(self._partner.name, f"{self._route.sender}", f"{self._route.receiver}")

    def _last_group(self, heading: Heading) -> int:
        """The last GS06 on record of its kind of group, between its two ids or under the same two group ids."""
        ends, gs = (f"{self._route.sender}", f"{self._route.receiver}"), _group_ids(heading.sender, heading.receiver)
        return self._unit.interchanges.last_group_number(self._partner.name, heading.code, *ends, gs)

    # -- on record -------------------------------------------------------------------------------

    def _record(self, header: InterchangeHeader, leaving: list[Leaving], body: bytes) -> tuple[int, int]:
        number = f"{header.control_number:09d}"
        name = unused_name(self._unit, self._route.connection, self._file_name(header, leaving, number))
        if self._route.wrap:
            body = b"".join(wrapped([body], self._route.wrap))
        transmission = self._unit.transmissions.add(
            direction="out",
            connection=self._route.connection,
            partner=self._partner.name,
            payload=self._unit.payloads.put(body),
            name=name,
            identity=name,
            state="to send",
        )
        interchange = self._unit.interchanges.add(
            transmission_id=transmission,
            direction="out",
            partner=self._partner.name,
            sender=str(header.sender),
            receiver=str(header.receiver),
            control_number=number,
            version=header.version,
            usage=header.usage,
            start=0,
            state="written",
            isa="",
            acknowledgment="awaited" if header.acknowledgment_requested else "none",
        )
        return transmission, interchange

    def _file_name(self, header: InterchangeHeader, leaving: list[Leaving], number: str) -> str:
        codes = {each.row.code.lower() for each in leaving}
        return name_of_file(
            self._template,
            set=codes.pop() if len(codes) == 1 else "sets",
            partner=self._partner.name,
            number=number,
            sender=str(header.sender),
            receiver=str(header.receiver),
            date=f"{self._now:%Y%m%d}",
            time=f"{self._now:%H%M%S}",
        )

    def _record_group(self, interchange: int, group: GroupHeader, count: int) -> int:
        return self._unit.interchanges.add_group(
            interchange_id=interchange,
            code=group.code,
            control_number=str(group.control_number),
            release=group.release,
            gs=_group_ids(group.sender, group.receiver),
            declared=count,
            received=count,
            acknowledgment="none" if group.code == "FA" else "awaited",
        )

    def _place(self, row: TransactionRow, number: str, interchange: int, group: int | None) -> None:
        self._unit.transactions.change(row.id, interchange_id=interchange, group_id=group, control_number=number, segments="")


def _group_ids(sender: str, receiver: str) -> str:
    """GS02 and GS03 as they are on record of a group of ours."""
    return msgspec.json.encode([sender, receiver]).decode()
