"""On record: an interchange that went or came by another system is put on record as it is, and sets nothing going."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from edi_gateway.errors import WrongInput
from edi_gateway.pipeline.inbound.numbers import business_number
from edi_gateway.pipeline.tools import Tools
from edi_gateway.store.rows import TransactionRow
from edi_gateway.store.unit import Unit
from edi_gateway.trading.directory import Unknown
from edi_gateway.trading.profile import Direction, TradingPartner
from edi_gateway.trading.usage import PRODUCTION, USAGES
from edi_gateway.trading.versions import profile_version
from edi_gateway.x12.envelope import FunctionalGroup, Interchange, TransactionSet
from edi_gateway.x12.reader import Reader


class Told(NamedTuple):
    """How rows that are put on record tell of themselves."""

    direction: Direction
    delivery: str
    acknowledgment: str
    detail: str


class Recorded(NamedTuple):
    """A set put on record, and whose it is."""

    set: TransactionSet
    row: TransactionRow
    partner: TradingPartner


class OnRecordAlready(WrongInput):
    """The very bytes are on record; ``sets`` are those that stand in them."""

    def __init__(self, name: str, sets: list[TransactionRow]) -> None:
        self.sets = tuple(sets)
        super().__init__("is on record already", where=name, do="leave it out")


def put_on_record(unit: Unit, tools: Tools, body: bytes, name: str, told: Told) -> list[Recorded]:
    """Rows for all that stands in a payload. Raises WrongInput for what is nobody's, OnRecordAlready for what is on record."""
    known = unit.transmissions.of_payload(told.direction, payload := unit.payloads.put(body))
    if known:
        raise OnRecordAlready(name, unit.transactions.in_transmission(known[0].id))
    return list(_Recording(unit, tools, payload, name, told).sets(body))


class _Recording:
    """One payload being put on record: a row an interchange, a group, a set."""

    def __init__(self, unit: Unit, tools: Tools, payload: str, name: str, told: Told) -> None:
        self._unit, self._tools, self._payload, self._name, self._told = unit, tools, payload, name, told
        self._transmission = self._interchange = self._group = 0

    def sets(self, body: bytes) -> Iterator[Recorded]:
        reader, found = Reader(body), 0
        for event in reader:
            match event:
                case Interchange():
                    begins = reader.span[0]
                    self._interchange = 0
                case FunctionalGroup():
                    partner = self._partner(event)
                    if not self._interchange:
                        self._take_interchange(event.interchange, partner, begins)
                    self._take_group(event)
                case TransactionSet():
                    found += 1
                    yield Recorded(event, self._take_set(event, partner, reader.span), partner)
        if not found:
            raise WrongInput("holds no transaction set", where=self._name)

    def _partner(self, group: FunctionalGroup) -> TradingPartner:
        header = group.interchange
        theirs, ours, code = header.sender, header.receiver, group.sender
        if self._told.direction == "out":
            theirs, ours, code = ours, theirs, group.receiver
        found = self._tools.directory.sender(theirs, code, ours, USAGES.get(header.usage))
        if isinstance(found, Unknown):
            raise WrongInput(found.why, where=self._name)
        return found.partner

    def _take_interchange(self, event: Interchange, partner: TradingPartner, begins: int) -> None:
        direction = self._told.direction
        if not self._transmission:
            identity = f"{self._name}|{self._payload}"
            self._transmission = self._unit.transmissions.add(
                direction=direction,
                connection=partner.connection,
                partner=partner.name,
                payload=self._payload,
                name=self._name,
                identity=identity,
                state="received" if direction == "in" else "sent",
            )
            now = self._unit.clock.now()
            self._unit.transmissions.change(self._transmission, detail=self._told.detail, told_at=now)
        self._interchange = self._unit.interchanges.add(
            transmission_id=self._transmission,
            direction=direction,
            partner=partner.name,
            sender=str(event.sender)[:20],
            receiver=str(event.receiver)[:20],
            control_number=event.control_number[:20],
            version=event.version[:5],
            usage=event.usage[:1],
            start=begins,
            state="read" if direction == "in" else "written",
            isa=msgspec.json.encode(event).decode(),
        )

    def _take_group(self, event: FunctionalGroup) -> None:
        self._group = self._unit.interchanges.add_group(
            interchange_id=self._interchange,
            code=event.code[:10],
            control_number=event.control_number.lstrip("0")[:20],
            release=event.release[:20],
            gs=msgspec.json.encode(event.gs).decode(),
            acknowledgment=self._told.acknowledgment,
        )

    def _take_set(self, event: TransactionSet, partner: TradingPartner, span: tuple[int, int]) -> TransactionRow:
        id = self._unit.transactions.add(
            direction=self._told.direction,
            partner=partner.name,
            group_id=self._group,
            interchange_id=self._interchange,
            code=event.code[:10],
            release=event.release[:20],
            usage=event.group.interchange.usage[:1] if event.group else PRODUCTION,
            control_number=event.control_number[:20],
            start=span[0],
            length=span[1] - span[0],
            business_number=business_number(event),
            profile_version=profile_version(partner),
            validation="valid",
            delivery=self._told.delivery,
            acknowledgment=self._told.acknowledgment,
        )
        return self._unit.transactions.get(id)
