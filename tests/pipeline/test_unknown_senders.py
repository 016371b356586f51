"""Nobody we know, or not over this connection: held alone, attached by a person, and then as good as any other."""

from __future__ import annotations

from desk import CASCADE, NORTHWIND, Desk
from partner_says import northwind, order

from edi_gateway.operations.resume import resume
from edi_gateway.x12.envelope import Identity


def test_an_unknown_sender_s_interchange_is_held_with_the_nearest_name(desk: Desk) -> None:
    desk.drop("unknown-sender-850.edi", at=CASCADE)
    assert desk.flow("held").stage == "read"
    assert "nearest: ZZ:CASCADESUP (cascade)" in desk.held()[0]
    assert desk.sent() == []
    assert desk.sets() == []


def test_what_stands_behind_an_unknown_sender_s_interchange_goes_on(desk: Desk) -> None:
    desk.drop("two-partners.edi")
    assert len(desk.held()) == 1
    assert desk.codes() == ["997"]
    assert [row.state for row in desk.interchanges()] == ["read", "unknown sender"]


def test_an_unknown_sender_between_two_known_ones_is_held_alone(desk: Desk) -> None:
    stranger = northwind(2, order("PO-2")).replace(b"7005551200 ", b"9999999999 ")
    desk.drop(northwind(1, order("PO-1")) + stranger + northwind(3, order("PO-3")))
    assert len(desk.held()) == 1
    desk.later(hours=1)
    assert desk.posted() == ["PO-1", "PO-3"]


def test_attached_and_resumed_it_is_read_answered_and_ordered(any_desk: Desk) -> None:
    any_desk.drop("unknown-sender-850.edi", at=CASCADE)
    resume(any_desk.store, any_desk.flow("held").id, by="operator", attach_to=CASCADE)
    any_desk.later(hours=1)
    assert "997" in any_desk.codes(to=CASCADE)
    assert len(any_desk.posted()) == 1
    assert any_desk.flows("held") == []


def test_attached_it_is_no_longer_shown_as_an_unknown_sender_s(desk: Desk) -> None:
    desk.drop("unknown-sender-850.edi", at=CASCADE)
    resume(desk.store, desk.flow("held").id, by="operator", attach_to=CASCADE)
    desk.run()
    [row] = desk.interchanges()
    assert (row.state, row.partner) == ("read", CASCADE)


def test_resumed_while_still_unknown_it_is_held_again_once(desk: Desk) -> None:
    desk.drop("unknown-sender-850.edi", at=CASCADE)
    resume(desk.store, desk.flow("held").id, by="operator")
    desk.run()
    assert len(desk.held()) == 1
    assert [row.state for row in desk.interchanges()] == ["unknown sender"]


def test_attached_to_nobody_it_is_held_saying_so_and_can_be_attached_again(desk: Desk) -> None:
    desk.drop("unknown-sender-850.edi", at=CASCADE)
    resume(desk.store, desk.flow("held").id, by="operator", attach_to="cascad")
    desk.run()
    assert "there is no partner 'cascad'" in desk.held()[0]
    resume(desk.store, desk.flow("held").id, by="operator", attach_to=CASCADE)
    desk.run()
    assert "997" in desk.codes(to=CASCADE)


def test_attached_the_rest_of_its_payload_is_not_read_again(desk: Desk) -> None:
    desk.drop("two-partners.edi")
    resume(desk.store, desk.flow("held").id, by="operator", attach_to=CASCADE)
    desk.later(hours=1)
    assert len(desk.posted()) == 2
    assert len(desk.sent("997")) == 2


def test_a_partner_s_interchange_over_another_s_connection_is_held(desk: Desk) -> None:
    desk.drop("northwind-850-plain.edi", at=CASCADE)
    assert "northwind (08:7005551200) may not send over cascade-mailbox" in desk.held()[0]
    assert desk.sent() == []


def test_an_interchange_addressed_to_somebody_else_is_held(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1"), receiver=Identity("12", "9525550000")))
    assert "addressed to 12:9525550000, which is none of our interchange ids" in desk.held()[0]


def test_a_repetition_of_an_attached_interchange_is_known(desk: Desk) -> None:
    for _ in range(2):
        desk.drop("unknown-sender-850.edi", at=CASCADE)
        resume(desk.store, desk.flow("held").id, by="operator", attach_to=CASCADE)
        desk.run()
    assert [row.state for row in desk.interchanges()] == ["read", "duplicate"]
    desk.later(hours=1)
    assert len(desk.posted()) == 1


def test_a_stranger_s_interchange_never_counts_as_the_partner_s(desk: Desk) -> None:
    desk.drop("unknown-sender-850.edi", at=NORTHWIND)
    assert [row.partner for row in desk.interchanges()] == [None]
    assert desk.transmissions()[0].partner is None
