"""What a partner says of a set in the moment in which we write down that it left, or that nothing was said: it stands."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from at_once import beside
from desk import Desk
from partner_says import northwind, order
from world_stages import AtTheWorld

from edi_gateway.errors import TryAgain
from edi_gateway.pipeline.inbound.ta1 import confirm_interchange
from edi_gateway.pipeline.outbound.awaiting import await_acknowledgment
from edi_gateway.pipeline.stages import WORLD_STAGES
from edi_gateway.pipeline.tools import Deed, Detour, Record, Tools
from edi_gateway.store.rows import FlowRow
from edi_gateway.store.unit import Unit
from edi_gateway.x12.envelope import InterchangeAcknowledgment
from edi_gateway.x12.reader import read


class NotRecordedYet(AtTheWorld):
    """A ``send`` that has sent the 855; what it would put on record lies here."""

    record: Record

    def __init__(self) -> None:
        super().__init__("send")

    def does(self, flow: FlowRow, tools: Tools, prepared: Deed) -> Record | Detour:
        record = prepared()
        with tools.store.read() as unit:
            (one,) = unit.transactions.in_transmission(int(flow.subject_id))
        if one.code != "855" or isinstance(record, Detour):
            return record
        self.record = record
        raise TryAgain("not yet")


@pytest.fixture
def sent(any_desk: Desk) -> Record:
    """What comes of sending an 855 in interchange 2, not on record yet."""
    stage = NotRecordedYet()
    any_desk.runner._world = {**WORLD_STAGES, "send": stage}
    any_desk.drop(northwind(1, order("PO-1")))
    any_desk.later(minutes=10)
    return stage.record


def rejects_interchange_2(unit: Unit) -> None:
    event = read(northwind(2, order("PO-2")))[0]
    said = ("TA1", "000000002", "261117", "0930", "R", "009")
    confirm_interchange(unit, "northwind", InterchangeAcknowledgment(event, said))  # type: ignore[arg-type]  # it begins with an ISA


def says(desk: Desk, verdict: str) -> Callable[[Unit], None]:
    return lambda unit: unit.transactions.change(desk.set("855").id, acknowledgment=verdict)


@pytest.mark.parametrize("verdict", ["accepted", "rejected"])
def test_what_they_say_while_sending_is_recorded_is_not_written_over(any_desk: Desk, sent: Record, verdict: str) -> None:
    beside(any_desk.store, says(any_desk, verdict), sent)
    assert any_desk.set("855").acknowledgment == verdict
    assert any_desk.set("855").delivery == "sent"


def test_what_they_fetch_while_sending_is_recorded_stays_fetched(any_desk: Desk, sent: Record) -> None:
    (transmission,) = [one for one in any_desk.transmissions("out") if one.name.startswith("855")]
    beside(any_desk.store, lambda unit: unit.transmissions.change(transmission.id, state="fetched"), sent)
    assert any_desk.set("855").delivery == "fetched"


def test_a_ta1_that_rejects_in_the_moment_an_answer_is_overdue_stands(any_desk: Desk) -> None:
    any_desk.drop(northwind(1, order("PO-1")))
    any_desk.later(minutes=10)
    flow = any_desk.flow("waiting")
    any_desk.clock.advance(any_desk.set("855").acknowledgment_due_at - any_desk.clock.now())  # type: ignore[operator]  # it is awaited
    beside(any_desk.store, rejects_interchange_2, await_acknowledgment(flow, any_desk.tools))
    assert any_desk.set("855").acknowledgment == "rejected"
