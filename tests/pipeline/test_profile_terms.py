"""What a profile says is done: envelopes, counters, repairs, duplicates of files, fallbacks, deadlines in working hours."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from desk import CASCADE, NORTHWIND, Desk, Profiles
from msgspec.structs import replace
from partner_says import northwind, order

from edi_gateway.erp.base import ErpEvent, OrderShipped
from edi_gateway.erp.simulator import SimulatedErp
from edi_gateway.errors import TryAgain
from edi_gateway.operations.resume import resume
from edi_gateway.store import tables

Make = Callable[..., Desk]
ACKNOWLEDGMENT_855 = "    map: order-acknowledgment-855\n"


def answered(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=1)


def test_a_set_may_have_an_envelope_of_its_own(profiles: Profiles, make_desk: Make):
    own = "envelope: {receiver: ZZ:NWDORDERS, receiver_group: NWDORD, sender_group: MERIDIAN, marks: {element: '|'}}"
    profiles.replace(NORTHWIND, ACKNOWLEDGMENT_855, f"{ACKNOWLEDGMENT_855}    {own}\n")
    desk = make_desk()
    answered(desk)
    (functional,), (business,) = desk.sent("997"), desk.sent("855")
    assert (business.one("ISA")[7:9], business.one("GS")[2:4]) == (["ZZ", "NWDORDERS      "], ["MERIDIAN", "NWDORD"])
    assert (functional.one("ISA")[8].strip(), functional.body[3:4], business.body[3:4]) == ("7005551200", b"*", b"|")


def test_counters_begin_where_the_profile_says_and_begin_again(profiles: Profiles, make_desk: Make):
    profiles.add(NORTHWIND, "control_numbers: {start: 500, most: 501}")
    desk = make_desk()
    for number in (1, 2, 3):
        desk.drop(northwind(number, order(f"PO-{number}")))
    assert sorted(one.control_number for one in desk.interchanges("out")) == ["000000500", "000000500", "000000501"]


def test_partners_may_share_our_counter(profiles: Profiles, make_desk: Make):
    for partner in (NORTHWIND, CASCADE):
        profiles.add(partner, "control_numbers: {scope: ours}")
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1")))
    desk.drop("cascade-850-plain.edi", at=CASCADE)
    numbers = [one.control_number for one in desk.interchanges("out")]
    assert len(numbers) > 2
    assert len(set(numbers)) == len(numbers)


def test_a_repair_list_says_what_is_written_for_a_character(profiles: Profiles, make_desk: Make):
    profiles.add(NORTHWIND, "repairs: {spell: {'-': '/'}}")
    desk = make_desk()
    answered(desk)
    (business,) = desk.sent("855")
    assert "PO/1" in business.one("BAK")
    assert "became 'PO/1'" in desk.events("set.repaired")[0].text


def test_a_partner_that_wants_nothing_repaired_unseen_gets_nothing_until_a_person_looked(profiles: Profiles, make_desk: Make):
    profiles.add(NORTHWIND, "repairs: {spell: {'-': '/'}, otherwise: hold}")
    desk = make_desk()
    answered(desk)
    assert desk.codes() == ["997"]
    assert desk.held()[0].startswith("northwind wants nothing repaired unseen: segment 1 BAK03")
    resume(desk.store, desk.flow("held").id, by="ann")
    desk.run()
    assert desk.codes() == ["997", "855"]


def test_the_same_file_again_may_be_ignored_whole(profiles: Profiles, make_desk: Make):
    profiles.replace(NORTHWIND, "duplicates:", "duplicates:\n  payload: ignore")
    desk = make_desk()
    for name in ("one.edi", "two.edi"):
        desk.drop(northwind(1, order("PO-1")), name)
    assert desk.codes() == ["997"]  # not even the old answer goes again
    assert "two.edi is the same file as one.edi" in desk.events("payload.duplicate")[0].text


def test_the_same_file_again_may_be_held_and_read_once_a_person_says_so(profiles: Profiles, make_desk: Make):
    profiles.replace(NORTHWIND, "duplicates:", "duplicates:\n  payload: hold")
    desk = make_desk()
    for name in ("one.edi", "two.edi"):
        desk.drop(northwind(1, order("PO-1")), name)
    assert desk.held()[0].startswith("two.edi is the same file as one.edi")
    resume(desk.store, desk.flow("held").id, by="ann")
    desk.run()
    assert [one.state for one in desk.interchanges()] == ["read", "duplicate"]
    assert desk.codes() == ["997", "997"]  # the old answer again: that level's policy


def test_a_file_that_came_before_the_window_is_a_new_one(profiles: Profiles, make_desk: Make):
    profiles.replace(NORTHWIND, "duplicates:", "duplicates:\n  payload: ignore\n  payload_window: 1d")
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1")), "one.edi")
    desk.later(hours=25)
    desk.drop(northwind(1, order("PO-1")), "two.edi")
    assert not desk.events("payload.duplicate")


class Broken:
    """A connection that is down."""

    sees_everything = False
    is_at_hand = False

    def send(self, *_: object) -> None:
        raise TryAgain("the line is dead")

    def sent(self, *_: object) -> None:
        return None

    def may_have(self, *_: object) -> bool:
        return False


def test_what_the_usual_connection_cannot_take_goes_over_the_fallback_in_time(
    profiles: Profiles, make_desk: Make, monkeypatch: pytest.MonkeyPatch
):
    profiles.replace(NORTHWIND, "connection: northwind-mailbox", FALLBACK)
    desk = make_desk()
    sink = desk.connections.sink
    usual = Broken()
    object.__setattr__(desk.tools, "sink", lambda name: usual if name == "northwind-mailbox" else sink(name))
    desk.drop(northwind(1, order("PO-1")))
    desk.later(minutes=20)
    assert desk.codes() == []
    desk.later(hours=3)
    assert "997" in desk.codes(to=CASCADE)
    assert desk.events("transmission.fallback")[0].text.endswith("the line is dead")
    assert {one.connection for one in desk.transmissions("out")} == {"cascade-mailbox"}


def test_over_a_fallback_a_file_whose_name_is_taken_there_gets_one_of_its_own(profiles: Profiles, make_desk: Make):
    profiles.replace(NORTHWIND, "connection: northwind-mailbox", FALLBACK)
    for path in (profiles.folder / "connections").glob("*-mailbox.yaml"):
        path.write_text(f'{path.read_text()}\nfile_name: "{{set}}_{{number}}.edi"\n')
    desk = make_desk()
    sink = desk.connections.sink
    desk.use(sink=lambda name: Broken() if name == "northwind-mailbox" else sink(name))
    desk.drop("cascade-850-plain.edi", at=CASCADE)
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=3)
    assert [one.name for one in desk.transmissions("out") if one.partner == NORTHWIND and one.state == "sent"] == [
        "997_000000001_2.edi",
        "855_000000002.edi",  # free there
    ]
    assert desk.held() == []
    assert "997_000000001.edi goes over cascade-mailbox as 997_000000001_2.edi" in desk.events("transmission.fallback")[0].text


FALLBACK = "connection: northwind-mailbox\nfallback: {connection: cascade-mailbox, after: 30m}"


def test_a_deadline_in_working_hours_passes_over_the_night(profiles: Profiles, make_desk: Make):
    hours = "within: 6h, counted_in: working hours"
    profiles.replace(NORTHWIND, "within: 24h, detail: sets", f"{hours}, detail: sets")
    profiles.add(NORTHWIND, "calendar: {opens: '08:00', closes: '12:00'}")
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1")))  # Tuesday, nine in the morning at their place
    with desk.store.engine.connect() as connection:
        due = connection.execute(sa.select(tables.functional_group.c.due_at)).scalars().first()
    assert due == datetime(2026, 11, 18, 17, tzinfo=UTC)  # three hours on Tuesday, three on Wednesday: eleven, Central time


def test_an_agreement_holds_from_its_first_day(profiles: Profiles, make_desk: Make):
    profiles.replace(NORTHWIND, "    map: northwind/850-order", "    valid_from: 2026-11-18\n    map: northwind/850-order")
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1")))
    assert re.search(r"850 004010VICS from northwind on 2026-11-17; nearest: .* from 2026-11-18", desk.held()[0])
    desk.later(days=1)
    desk.drop(northwind(2, order("PO-2")))
    assert len(desk.held()) == 1


def test_an_overdue_answer_names_whom_to_ask(profiles: Profiles, make_desk: Make):
    profiles.add(NORTHWIND, "contacts: [{name: EDI desk, email: edi@northwind.example}]")
    desk = make_desk()
    answered(desk)
    desk.later(hours=26)
    assert desk.events("acknowledgment.overdue")[0].text.endswith("— ask EDI desk, edi@northwind.example")


def test_what_is_overdue_goes_again_once_in_the_same_interchange_where_that_is_agreed(profiles: Profiles, make_desk: Make):
    profiles.replace(
        NORTHWIND, 'guide: "855"\n    awaits: {within: 24h}', 'guide: "855"\n    awaits: {within: 2h, retransmit: true}'
    )
    desk = make_desk()
    answered(desk)
    desk.fetch()
    desk.later(hours=12)
    first, again = desk.sent("855")
    assert first.body == again.body
    assert [one.delivery for one in desk.sets("855")] == ["fetched"]
    assert len(desk.events("set.retransmitted")) == 1


@pytest.mark.parametrize(("policy", "posted"), [("accept", ["PO-1"]), ("reject", []), ("hold", [])])
def test_an_order_of_which_one_line_is_refused(profiles: Profiles, make_desk: Make, policy: str, posted: list[str]):
    profiles.replace(NORTHWIND, "orders:", f"orders:\n  partly_refused: {policy}")
    desk = make_desk()
    two = order("PO-1")
    two.insert(-1, ["PO1", "002", "5", "EA", "1", "PE", "IN", "999999999"])
    two[-1] = ["CTT", "2"]
    desk.drop(northwind(1, two))
    assert desk.posted() == posted
    assert [why.partition(":")[0] for why in desk.held()] == (
        ["line 002 is refused and the rest is not"] if policy == "hold" else []
    )


class ShipsTooMuch(SimulatedErp):
    """An ERP whose warehouse puts one piece more into the first carton than was ordered."""

    def pending(self, limit: int = 100) -> list[ErpEvent]:
        return [self._one_more(event) if isinstance(event, OrderShipped) else event for event in super().pending(limit)]

    @staticmethod
    def _one_more(event: OrderShipped) -> OrderShipped:
        carton = event.cartons[0]
        content = replace(carton.contents[0], quantity=carton.contents[0].quantity + 1)
        return replace(event, cartons=(replace(carton, contents=(content, *carton.contents[1:])), *event.cartons[1:]))


@pytest.mark.parametrize(("percent", "sent"), [("0", 0), ("20", 1)])
def test_more_than_was_ordered_is_told_where_they_take_so_much(profiles: Profiles, make_desk: Make, percent: str, sent: int):
    profiles.replace(NORTHWIND, "orders:", f"orders:\n  over_shipment_percent: {percent}")
    desk = make_desk()
    desk.erps["simulator"] = ShipsTooMuch(desk.folder / "erp", desk.clock)
    desk.drop(northwind(1, order("PO-1", quantity=5)))
    desk.later(hours=6)
    assert len(desk.sent("856")) == sent
    assert ["shipped" in why or "ordered" in why for why in desk.held()] == [True] * (1 - sent)
