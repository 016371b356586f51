"""No more leave over a connection in so long than is agreed, whoever sends it and whatever happened meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, BinaryIO

import pytest
import sqlalchemy as sa
from desk import CASCADE, NORTHWIND, Desk, Profiles, directory_of
from partner_says import northwind, order

from edi_gateway.bootstrap.connections import Connections
from edi_gateway.errors import NeedsPerson, TryAgain
from edi_gateway.pipeline.outbound.originals import UNCONFIRMED
from edi_gateway.pipeline.outbound.send import CONFIRMED
from edi_gateway.store import tables
from edi_gateway.store.rows import TransmissionRow
from edi_gateway.store.unit import Unit
from edi_gateway.transports.base import Receipt
from edi_gateway.worker.runner import Runner

Make = Callable[..., Desk]


def pace(profiles: Profiles, rate: str) -> None:
    path = profiles.folder / "connections" / "northwind-mailbox.yaml"
    kept = [line for line in path.read_text().splitlines() if not line.startswith("at_most:")]
    path.write_text("\n".join([*kept, f"at_most: {rate}", ""]))


@pytest.fixture
def paced(profiles: Profiles, make_desk: Make) -> Desk:
    """One an hour to Northwind, to whom a 997 has just left; its 855 waits."""
    pace(profiles, "1/1h")
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1")))
    return desk


def attempts(desk: Desk) -> int:
    with desk.store.engine.connect() as connection:
        return int(connection.execute(sa.select(sa.func.count()).where(tables.attempt.c.stage == "send")).scalar_one())


def test_what_would_be_one_too_many_leaves_when_the_first_is_long_enough_ago(paced: Desk) -> None:
    paced.later(minutes=50)
    assert paced.codes() == ["997"]
    paced.later(minutes=10)
    assert sorted(paced.codes()) == ["855", "997"]


def test_what_waits_for_its_turn_has_not_begun_and_has_not_been_tried(paced: Desk) -> None:
    paced.later(minutes=30)
    waiting = paced.flow("ready")
    assert (waiting.stage, waiting.tries, attempts(paced)) == ("send", 0, 1)
    assert waiting.because == "waits for its turn: no more than 1/1h over northwind-mailbox"


def test_nobody_is_asked_whether_what_waited_arrived_when_the_gateway_was_killed(paced: Desk) -> None:
    another_engine(paced)
    assert paced.flows("attempting", "held") == []
    paced.later(hours=1)
    assert (sorted(paced.codes()), paced.held()) == (["855", "997"], [])


def another_engine(desk: Desk) -> None:
    """The gateway was killed and starts again: nothing of what it had in memory is left."""
    connections = Connections(desk.directory, desk.folder / "mailboxes", desk.clock)
    desk.use(sink=connections.sink)
    desk.runner = Runner(desk.tools, desk.runner._stages, desk.runner._world)
    desk.runner.take_over()
    desk.run()


def test_an_engine_that_has_just_begun_keeps_the_pace_of_the_ones_before(paced: Desk) -> None:
    another_engine(paced)
    paced.later(minutes=50)
    assert paced.codes() == ["997"]


def test_a_profile_that_was_changed_forgets_nothing_of_the_pace(paced: Desk, profiles: Profiles) -> None:
    pace(profiles, "2/2h")
    paced.use(directory=directory_of(profiles.folder))
    paced.later(minutes=5)
    assert sorted(paced.codes()) == ["855", "997"], "the second in two hours"
    paced.drop(northwind(2, order("PO-2")))
    paced.later(minutes=100)
    assert len(paced.codes()) == 2
    paced.later(minutes=20)
    assert len(paced.codes()) > 2


def test_what_is_proved_to_be_there_already_waits_for_no_turn(paced: Desk) -> None:
    paced.later(minutes=10)
    with paced.store.write() as unit:  # as a receipt does that comes while the flow waits for it
        unit.transmissions.change(int(paced.flow("ready").subject_id), state=CONFIRMED)
    paced.later(minutes=5)
    assert paced.flows("ready") == []


def test_what_they_answered_already_waits_for_no_turn(paced: Desk) -> None:
    paced.later(minutes=10)
    with paced.store.write() as unit:  # as over AS2, where the receipt for it is to come
        id = int(paced.flow("ready").subject_id)
        unit.transmissions.change(id, state=UNCONFIRMED)
        for one in unit.transactions.in_transmission(id):
            unit.transactions.change(one.id, acknowledgment="accepted")
    paced.later(minutes=5)
    assert paced.flows("ready") == []


@pytest.mark.parametrize("is_told", [False, True])
def test_a_refusal_is_told_at_once_and_what_goes_anew_after_it_waits_for_its_turn(paced: Desk, is_told: bool) -> None:
    paced.later(minutes=10)
    with paced.store.write() as unit:
        refused(unit, unit.transmissions.get(int(paced.flow("ready").subject_id)), is_told=is_told)
    paced.use(sink=lambda _name: Telling())
    paced.later(minutes=5)
    assert [each.stage for each in paced.flows("ready" if is_told else "held")] == ["send"]


def refused(unit: Unit, transmission: TransmissionRow, *, is_told: bool) -> None:
    """Their receipt says no to the AS2 message it went out in; whether a person knows."""
    about = {"fields": "[]", "wire": None, "size": 1, "mic": "", "content": "", "content_size": 0, "said": "they refused it"}
    names = {"connection": transmission.connection, "name": transmission.name, "state": "refused", "is_told": is_told}
    unit.as2_messages.put(direction="out", sender="US", receiver="NORTHWIND", message_id="<1@us>", **names, **about)


def test_what_the_other_side_refused_counts_too(paced: Desk) -> None:
    sink = Refusing()
    paced.use(sink=lambda _name: sink)
    paced.later(hours=3)
    assert sink.tried == 3


class Refusing:
    """A server that is called and takes nothing."""

    sees_everything = is_at_hand = False
    tried = 0

    def send(self, _name: str, _payload: BinaryIO) -> Receipt:
        self.tried += 1
        raise TryAgain("not now")

    def __getattr__(self, _name: str) -> Any:
        return lambda *_: None


class Telling(Refusing):
    """A connection over which a refusal came."""

    def send(self, _name: str, _payload: BinaryIO) -> Receipt:
        raise NeedsPerson("they refused it")


def test_another_partners_connection_has_a_pace_of_its_own(paced: Desk) -> None:
    paced.drop("cascade-850-plain.edi", at=CASCADE)
    assert "997" in paced.codes(to=CASCADE)
    assert paced.codes(to=NORTHWIND) == ["997"]


def test_into_a_mailbox_of_our_own_one_goes_after_the_other_where_a_pace_is_agreed(profiles: Profiles, make_desk: Make) -> None:
    pace(profiles, "3/1h")
    desk = make_desk()
    desk.drop(northwind(1, *(order(f"PO-{n}") for n in range(6))))
    desk.later(minutes=59)
    assert sorted(desk.codes()) == ["855", "855", "997"]
    desk.later(hours=2)
    assert len(desk.codes()) == 7
