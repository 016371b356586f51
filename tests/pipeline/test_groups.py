"""Several partners behind one interchange id, as behind a VAN or a holding: the group sender (GS02) tells whose a group is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from desk import CASCADE, NORTHWIND, Desk, Profiles
from partner_says import AT, RELEASE, order

from edi_gateway.operations.resume import resume
from edi_gateway.pipeline.inbound import read
from edi_gateway.x12.envelope import Identity, Segment
from edi_gateway.x12.writer import GroupHeader, InterchangeHeader, write_interchange

Make = Callable[..., Desk]
SHARED, US = Identity("08", "7005551200"), Identity("12", "6125550148")


def interchange(*groups: tuple[str, list[Segment]], asks: bool = False) -> bytes:
    """One interchange under the shared id: a group for each (GS02, order)."""
    header = InterchangeHeader(sender=SHARED, receiver=US, control_number=1, at=AT, acknowledgment_requested=asks)
    headed = [
        (GroupHeader(code="PO", sender=sender, receiver=US.id, control_number=number, release=RELEASE, at=AT), [one])
        for number, (sender, one) in enumerate(groups, 1)
    ]
    return write_interchange(header, headed)


@pytest.fixture
def shared(profiles: Profiles) -> Profiles:
    """Northwind and Cascade behind one interchange id, on one connection."""
    profiles.replace(CASCADE, "interchange: [ZZ:CASCADESUP]", "interchange: [08:7005551200]")
    mailbox = profiles.folder / "connections" / "northwind-mailbox.yaml"
    mailbox.write_text(mailbox.read_text().replace("[northwind]", "[northwind, cascade]"))
    return profiles


def whose(desk: Desk) -> list[tuple[str, str | None]]:
    return [(one.business_number, one.partner) for one in desk.sets("850")]


def test_each_group_is_its_partners_and_is_answered_to_it(shared: Profiles, make_desk: Make):
    desk = make_desk()
    desk.drop(interchange(("NWDSTORES", order("PO-1")), ("CASCADESUP", order("PO-2"))))
    assert whose(desk) == [("PO-1", NORTHWIND), ("PO-2", CASCADE)]
    assert [(one.partner, one.one("AK1")[2]) for one in desk.sent("997")] == [(CASCADE, "2"), (NORTHWIND, "1")]


@pytest.mark.parametrize(("first", "partner"), [("NWDSTORES", NORTHWIND), ("CASCADESUP", CASCADE)])
def test_the_first_group_says_whose_the_interchange_is(shared: Profiles, make_desk: Make, first: str, partner: str):
    desk = make_desk()
    desk.drop(interchange((first, order("PO-1"))))
    assert [one.partner for one in desk.interchanges()] == [partner]


def test_a_group_that_is_nobodys_is_held_by_itself(desk: Desk):
    desk.drop(interchange(("STRANGER", order("PO-1")), ("NWDSTORES", order("PO-2"))))
    assert whose(desk) == [("PO-2", NORTHWIND)]
    assert desk.held() == [
        "group sender STRANGER (GS02) is nobody's behind 08:7005551200: northwind has 7005551200, NWDSTORES — "
        "add the group id to a partner and 'partner apply', or attach it to one, then resume"
    ]
    assert [one.one("AK1")[2] for one in desk.sent("997")] == ["2"]


def test_it_is_read_once_a_person_says_whose_it_is(desk: Desk):
    desk.drop(interchange(("STRANGER", order("PO-1")), ("NWDSTORES", order("PO-2"))))
    resume(desk.store, desk.flow("held").id, by="ann", attach_to=NORTHWIND)
    desk.run()
    assert sorted(whose(desk)) == [("PO-1", NORTHWIND), ("PO-2", NORTHWIND)]
    assert sorted(one.one("AK1")[2] for one in desk.sent("997")) == ["1", "2"]
    assert len(desk.interchanges()) == 1
    assert desk.held() == []


def test_it_is_read_once_the_group_id_is_in_a_profile(profiles: Profiles, make_desk: Make):
    make_desk().drop(interchange(("STRANGER", order("PO-1"))))
    profiles.replace(NORTHWIND, "NWDSTORES]", "NWDSTORES, STRANGER]")
    desk = make_desk()
    resume(desk.store, desk.flow("held").id, by="ann")
    desk.run()
    assert whose(desk) == [("PO-1", NORTHWIND)]


def test_a_partner_that_may_not_send_over_the_connection_is_held(shared: Profiles, make_desk: Make):
    mailbox = shared.folder / "connections" / "northwind-mailbox.yaml"
    mailbox.write_text(mailbox.read_text().replace("[northwind, cascade]", "[northwind]"))
    desk = make_desk()
    desk.drop(interchange(("NWDSTORES", order("PO-1")), ("CASCADESUP", order("PO-2"))))
    assert whose(desk) == [("PO-1", NORTHWIND)]
    assert desk.held()[0].startswith("cascade (08:7005551200) may not send over northwind-mailbox")


def test_a_ta1_that_was_asked_for_goes_to_whom_the_first_group_is(shared: Profiles, make_desk: Make):
    desk = make_desk()
    desk.drop(interchange(("NWDSTORES", order("PO-1")), ("CASCADESUP", order("PO-2")), asks=True))
    assert [one.partner for one in desk.sent("ta1")] == [NORTHWIND]


def test_it_stays_so_however_a_payload_is_cut_into_chunks(shared: Profiles, make_desk: Make, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(read, "SETS_A_CHUNK", 1)
    monkeypatch.setattr(read, "BYTES_A_CHUNK", 1)
    desk = make_desk()
    desk.drop(interchange(("CASCADESUP", order("PO-1")), ("STRANGER", order("PO-2")), ("NWDSTORES", order("PO-3"))))
    assert whose(desk) == [("PO-1", CASCADE), ("PO-3", NORTHWIND)]
    assert [one.partner for one in desk.interchanges()] == [CASCADE]
    assert len(desk.held()) >= 1
